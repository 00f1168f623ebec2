"""Every address of the boards."""

from __future__ import annotations

from django.urls import path

from .views import figures, report

app_name = "boards"
urlpatterns = [
    path("", figures.board, name="board"),
    path("report.pdf", report.report, name="report"),
    path("<str:id_>", figures.figure, name="figure"),
    path("<str:id_>/facts", figures.facts, name="facts"),
]
