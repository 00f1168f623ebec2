"""Every address of public programmes."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "programme"
urlpatterns = [
    path("", views.everything, name="all"),
    path("<str:code>/", views.by_day, name="by-day"),
    path("<str:code>.ics", views.calendar, name="calendar"),
]
