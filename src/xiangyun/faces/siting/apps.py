"""The Django app of the pages of sites."""

from django.apps import AppConfig


class SitingConfig(AppConfig):
    """Pages for officials; it has no tables: a plan follows from its address."""

    name = "xiangyun.faces.siting"
    label = "siting"
    verbose_name = "Siting"
