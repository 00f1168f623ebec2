"""The Django app of the boards."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    """Pages of figures for officials; it has no tables."""

    name = "xiangyun.faces.boards"
    label = "boards"
    verbose_name = "Boards"
