"""The Django app of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages for citizens and companies; it has no tables."""

    name = "xiangyun.faces.portal"
    label = "portal"
    verbose_name = "Portal"
