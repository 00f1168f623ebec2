"""Every address of the draws."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "lots"
urlpatterns = [
    path("", views.draws, name="draws"),
    path("<str:lot>", views.draw, name="draw"),
    path("<str:lot>/record.zip", views.record, name="record"),
    path("objects/<str:register>/<str:object_key>", views.drawn_object, name="object"),
    path("objects/<str:register>/<str:object_key>/code.svg", views.code, name="code"),
]
