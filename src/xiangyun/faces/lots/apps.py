"""The Django app of the pages of draws."""

from django.apps import AppConfig


class LotsConfig(AppConfig):
    """Public pages of draws and of what may be drawn; it has no tables."""

    name = "xiangyun.faces.lots"
    label = "lots"
    verbose_name = "Lots"
