"""The Django app of the workbench."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Pages for officials; it has no tables."""

    name = "xiangyun.faces.workbench"
    label = "workbench"
    verbose_name = "Workbench"
