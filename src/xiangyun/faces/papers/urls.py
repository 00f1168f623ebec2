"""Every address of the catalogue of certificate types."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "papers"
urlpatterns = [
    path("", views.types, name="types"),
    path("types.csv", views.table, name="table"),
]
