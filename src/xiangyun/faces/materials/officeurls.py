"""Where an official checks promises."""

from __future__ import annotations

from django.urls import path

from .views import checking

app_name = "promises"
urlpatterns = [
    path("", checking.promises, name="list"),
    path("<uuid:substitute_id>/", checking.check, name="check"),
]
