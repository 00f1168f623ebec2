"""Every address of operation."""

from __future__ import annotations

from django.urls import path

from .views import archive, state

app_name = "operation"
urlpatterns = [
    path("", state.state, name="state"),
    path("archive", archive.archive, name="archive"),
]
