"""Every address of the clerks of draws."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "orders"
urlpatterns = [
    path("", views.orders, name="orders"),
    path("mine/", views.mine, name="mine"),
    path("mine/decline/", views.decline, name="decline"),
    path("plan/", views.plan, name="put-into-plan"),
    path("commit/", views.order, name="commit"),
    path("<str:lot>/reveal/", views.reveal, name="reveal"),
    path("<str:lot>/recuse/", views.recuse, name="recuse"),
    path("<str:lot>/", views.one, name="order"),
]
