"""The Django app of the pages of payments."""

from django.apps import AppConfig


class PaymentPagesConfig(AppConfig):
    """Where fees are paid and looked after; it has no tables."""

    name = "xiangyun.faces.payments"
    label = "payment_pages"
    verbose_name = "Payment pages"
