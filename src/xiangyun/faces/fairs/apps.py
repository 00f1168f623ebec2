"""The Django app of the pages of fairs."""

from django.apps import AppConfig


class FairsConfig(AppConfig):
    """Pages without tables: a plan and who has come are kept by registers of the pack."""

    name = "xiangyun.faces.fairs"
    label = "fairs"
    verbose_name = "Fairs"
