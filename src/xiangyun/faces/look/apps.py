"""The Django app that carries the stylesheet, the frame and the template tags."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Templates, static files and tags only: it has no tables and no pages."""

    name = "xiangyun.faces.look"
    label = "look"
    verbose_name = "The look"
