"""Every address of the interface."""

from __future__ import annotations

from django.urls import path

from .docs import docs
from .interface import api

urlpatterns = [path("docs", docs, name="api-docs"), path("", api.urls)]
