"""The versions of services, for everybody."""

from __future__ import annotations

from django.urls import path

from .views import difference

app_name = "versions"
urlpatterns = [
    path("<path:code>/<int:number>/", difference.version, name="version"),
    path("<path:code>/", difference.versions, name="all"),
]
