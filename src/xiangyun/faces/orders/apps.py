"""The Django app of the pages of whoever orders draws."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Pages for clerks of draws; it has no tables."""

    name = "xiangyun.faces.orders"
    label = "orders"
    verbose_name = "Orders"
