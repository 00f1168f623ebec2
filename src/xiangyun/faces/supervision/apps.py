"""The Django app of the pages of supervision."""

from django.apps import AppConfig


class SupervisionPagesConfig(AppConfig):
    """Pages of overseers, and of offices that answer them; it has no tables."""

    name = "xiangyun.faces.supervision"
    label = "supervision_pages"
    verbose_name = "Pages of supervision"
