"""The Django app of the pages of offers."""

from django.apps import AppConfig


class OfferPagesConfig(AppConfig):
    """Pages without tables; those of the domain's app of the same name are asked."""

    name = "xiangyun.faces.offers"
    label = "offer_pages"
    verbose_name = "Offer pages"
