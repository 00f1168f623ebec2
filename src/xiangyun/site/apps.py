"""Wiring: what must be known before the first request."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """Registers the handlers of every domain app with the engine."""

    name = "xiangyun.site"
    label = "site"

    def ready(self) -> None:
        autodiscover_modules("handlers")
