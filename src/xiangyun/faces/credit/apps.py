"""The Django app of the pages of credit."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Public credit files and grants; it has no tables."""

    name = "xiangyun.faces.credit"
    label = "credit"
    verbose_name = "Credit"
