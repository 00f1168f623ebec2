"""Every address of the interface."""

from __future__ import annotations

from django.urls import path

from .interface import api

urlpatterns = [path("", api.urls)]
