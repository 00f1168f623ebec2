"""The Django app of the pages of the studio."""

from django.apps import AppConfig


class StudioPagesConfig(AppConfig):
    """Pages without tables; the domain's app of the same name is asked."""

    name = "xiangyun.faces.studio"
    label = "studio_pages"
    verbose_name = "Studio pages"
