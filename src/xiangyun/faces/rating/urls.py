"""Every address of the ratings."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "rating"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("thanks", views.thanks, name="thanks"),
    path("counter/<int:division>/<path:service>/code.svg", views.code, name="code"),
    path("counter/<int:division>/<path:service>", views.counter, name="counter"),
]
