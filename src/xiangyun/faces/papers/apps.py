"""The Django app of the catalogue of certificate types."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    """Public pages of the types of certificates; it has no tables."""

    name = "xiangyun.faces.papers"
    label = "papers"
    verbose_name = "Papers"
