"""The Django app of exchange's addresses and pages."""

from django.apps import AppConfig


class ExchangePagesConfig(AppConfig):
    """Where messages come in, and pages for operators; it has no tables."""

    name = "xiangyun.faces.exchange"
    label = "exchange_pages"
    verbose_name = "Exchange pages"
