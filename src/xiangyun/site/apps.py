"""Wiring: what must be known before the first request."""

from __future__ import annotations

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class SiteConfig(AppConfig):
    """Registers the handlers of every domain app with the engine.

    Starting is refused where a service task has no handler, or a handler no service task.
    """

    name = "xiangyun.site"
    label = "site"

    def ready(self) -> None:
        autodiscover_modules("handlers")
        autodiscover_modules("comparison")
        # Its tables can be imported only now that all apps are there.
        from xiangyun.domain.cases.handlers import check_handlers  # noqa: PLC0415

        check_handlers()
        # Django says this once for each app that has tables; the grants come after the last.
        last = [app for app in apps.get_app_configs() if app.models_module is not None][-1]
        post_migrate.connect(grant_privileges, sender=last)


def grant_privileges(using: str, **_: object) -> None:
    """Whoever brings the tables up to date, the running program gets what the models declare."""
    from xiangyun.adapters import privileges  # noqa: PLC0415  its models are loaded only now

    privileges.grant(connections[using])
