"""The Django app of the pages of post."""

from django.apps import AppConfig


class PostPagesConfig(AppConfig):
    """Pages of parcels; it has no tables."""

    name = "xiangyun.faces.post"
    label = "post_pages"
    verbose_name = "Pages of results by post"
