"""Every address of bookings at the workbench."""

from __future__ import annotations

from django.urls import path

from .views import office

app_name = "booking-office"
urlpatterns = [
    path("", office.all, name="all"),
    path("in/<str:secret>/", office.arriving, name="arriving"),
    path("in/<str:secret>/check/", office.arrived, name="arrived"),
    path("of/<path:code>/call/", office.call, name="call"),
    path("of/<path:code>/hours/", office.hours, name="hours"),
    path("of/<path:code>/find/", office.find, name="find"),
    path("of/<path:code>/", office.day, name="day"),
]
