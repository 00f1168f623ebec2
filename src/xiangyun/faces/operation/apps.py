"""The Django app of the operator's pages."""

from django.apps import AppConfig


class OperationPagesConfig(AppConfig):
    """How the instance is; it has no tables."""

    name = "xiangyun.faces.operation"
    label = "operation_pages"
    verbose_name = "Operation"
