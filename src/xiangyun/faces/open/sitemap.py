"""The site map for search engines."""

from __future__ import annotations

from django.urls import path

from .views import feeds

urlpatterns = [path("", feeds.sitemap, name="sitemap")]
