"""Every address of who looks after fees."""

from __future__ import annotations

from django.urls import path

from .views import office

app_name = "fees"
urlpatterns = [
    path("", office.today, name="today"),
    path("of/<str:number>/", office.order, name="order"),
    path("of/<str:number>/refund/", office.refund, name="refund"),
    path("refunds/<str:number>/again/", office.again, name="again"),
]
