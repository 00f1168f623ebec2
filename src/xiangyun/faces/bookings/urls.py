"""Every address of bookings for those who book, and for everybody."""

from __future__ import annotations

from django.urls import path

from .views import mine, open

app_name = "bookings"
urlpatterns = [
    path("", open.all, name="all"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<str:number>/", mine.one, name="one"),
    path("mine/<str:number>/confirm/", mine.confirm, name="confirm-hold"),
    path("mine/<str:number>/cancel/", mine.cancel, name="cancel"),
    path("mine/<str:number>/booking.ics", mine.file, name="file"),
    path("programme/<path:code>.ics", open.programme, name="programme"),
    path("screen/<path:code>/", open.screen, name="screen"),
    path("of/<path:code>/book/", mine.book, name="book"),
    path("of/<path:code>/", open.slots, name="slots"),
]
