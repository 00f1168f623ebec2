"""The Django app of the pages of tasks."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """The pages of tasks with forms; it has no tables."""

    name = "xiangyun.faces.tasks"
    label = "tasks"
    verbose_name = "Tasks"
