"""The address at which large print is chosen and left."""

from __future__ import annotations

from django.urls import path

from .views import choose

app_name = "elder"
urlpatterns = [path("", choose, name="choose")]
