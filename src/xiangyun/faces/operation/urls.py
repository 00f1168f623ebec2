"""Every address of operation."""

from __future__ import annotations

from django.urls import path

from .views import state

app_name = "operation"
urlpatterns = [path("", state.state, name="state")]
