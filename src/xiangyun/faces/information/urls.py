"""Every address of the pages of information."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "information"
urlpatterns = [
    path("", views.everything, name="all"),
    path("<slug:code>/", views.one, name="one"),
]
