"""The Action API of CKAN, version 3: an action for each last part of the address."""

from __future__ import annotations

from django.urls import path

from .views import ckan

urlpatterns = [path("<str:name>", ckan.action, name="ckan-action")]
