"""The Django app of the pages of ratings."""

from django.apps import AppConfig


class RatingPagesConfig(AppConfig):
    """Public figures of ratings and the page behind the code at a counter; it has no tables."""

    name = "xiangyun.faces.rating"
    label = "rating"
    verbose_name = "Pages of ratings"
