"""The Django app of the pages of names."""

from django.apps import AppConfig


class NamePagesConfig(AppConfig):
    """Pages where names are looked at and reserved; it has no tables."""

    name = "xiangyun.faces.names"
    label = "name_pages"
    verbose_name = "Pages of names"
