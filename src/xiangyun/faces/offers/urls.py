"""Every address of offers."""

from __future__ import annotations

from django.urls import path

from .views import contacts, fairness, mine, open

app_name = "offers"
urlpatterns = [
    path("", open.all_of_them, name="all"),
    path("of/<slug:code>/", open.find, name="find"),
    path("of/<slug:code>/save/", open.save, name="save-search"),
    path("of/<slug:code>/<str:key>/", open.one, name="one"),
    path("of/<slug:code>/<str:key>/file/<slug:name>/", open.file_of, name="one-file"),
    path("fairness/<slug:code>/", fairness.report, name="fairness"),
    path("mine/", mine.mine, name="mine"),
    path("mine/searches/<int:number>/drop/", mine.drop, name="drop-search"),
    path("mine/of/<slug:code>/", mine.entering, name="entering"),
    path("mine/of/<slug:code>/enter/", mine.enter, name="enter"),
    path("mine/of/<slug:code>/load/", mine.load, name="load"),
    path("mine/of/<slug:code>/<str:key>/", mine.record, name="own"),
    path("mine/of/<slug:code>/<str:key>/file/<slug:name>/", mine.file_of, name="own-file"),
    path("mine/of/<slug:code>/<str:key>/change/", mine.change, name="change"),
    path("mine/of/<slug:code>/<str:key>/take-back/", mine.take_back, name="take-back"),
    path("mine/of/<slug:code>/<str:key>/watch/", mine.watch, name="watch"),
    path("contacts/<slug:code>/invite/", contacts.invite, name="invite"),
    path("contacts/<slug:code>/<str:key>/", contacts.contact, name="contact"),
    path("contacts/<slug:code>/<str:key>/tell/", contacts.tell, name="tell"),
    path("contacts/<slug:code>/<str:key>/book/", contacts.book, name="book"),
    path("contacts/<slug:code>/<str:key>/grant/", contacts.grant, name="grant-look"),
    path("contacts/<slug:code>/<str:key>/revoke/", contacts.revoke, name="revoke-look"),
    path("contacts/<slug:code>/<str:key>/look/", contacts.look, name="look-at"),
]
