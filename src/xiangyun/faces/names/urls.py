"""Every address of the pages of names."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "names"
urlpatterns = [
    path("<path:code>/reserve/", views.reserve, name="reserve"),
    path("<path:code>/release/", views.release, name="release"),
    path("<path:code>/apply/", views.apply, name="apply"),
    path("<path:code>/", views.check, name="check"),
]
