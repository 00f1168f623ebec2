"""Every address of payers and providers."""

from __future__ import annotations

from django.urls import path

from .views import calls, counter, paying

app_name = "payments"
urlpatterns = [
    path("", paying.mine, name="mine"),
    path("of/<str:number>/", paying.pay, name="pay"),
    path("of/<str:number>/go/", paying.go, name="go"),
    path("of/<str:number>/receipt/", paying.receipt, name="receipt"),
    path("calls/<str:provider>/", calls.call, name="call"),
    path("provider/<str:secret>/", counter.page, name="provider"),
    path("provider/<str:secret>/pay/", counter.pay, name="provider-pay"),
]
