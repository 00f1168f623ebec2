"""The Django app of the pages of information."""

from django.apps import AppConfig


class InformationPagesConfig(AppConfig):
    """Pages of news, policies and common questions; it has no tables."""

    name = "xiangyun.faces.information"
    label = "information_pages"
    verbose_name = "Pages of information"
