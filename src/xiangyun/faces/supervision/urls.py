"""Every address of the pages of supervision."""

from __future__ import annotations

from django.urls import path

from .views import orders, standing

app_name = "supervision"
urlpatterns = [
    path("", standing.place, name="place"),
    path("cases/", standing.behind, name="cases"),
    path("ended/", standing.ended, name="ended"),
    path("say/", orders.say, name="say"),
    path("say/now/", orders.say_it, name="say-it"),
    path("reassign/", orders.reassign, name="reassign"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:order_id>/answer/", orders.answer, name="answer"),
]
