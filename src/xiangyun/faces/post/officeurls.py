"""Where an official sends parcels."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "parcels"
urlpatterns = [
    path("", views.parcels, name="list"),
    path("<uuid:parcel_id>/send/", views.send, name="send"),
]
