"""The Django app of open data."""

from django.apps import AppConfig


class OpenConfig(AppConfig):
    """Pages and interfaces of open data; it has no tables."""

    name = "xiangyun.faces.open"
    label = "open"
    verbose_name = "Open data"
