"""The Action API of CKAN under its longer address."""

from __future__ import annotations

from django.urls import path

from .views import ckan

urlpatterns = [
    path("", ckan.version, name="ckan-version"),
    path("action/<str:name>", ckan.action, name="ckan-action-3"),
]
