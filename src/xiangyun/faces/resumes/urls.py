"""Every address of the resume lab."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "resumes"
urlpatterns = [
    path("", views.lab, name="lab"),
    path("file", views.file, name="file"),
]
