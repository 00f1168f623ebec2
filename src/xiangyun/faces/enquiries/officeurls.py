"""Where an official answers."""

from __future__ import annotations

from django.urls import path

from .views import answering

app_name = "answers"
urlpatterns = [
    path("", answering.waiting, name="waiting"),
    path("<uuid:enquiry_id>/", answering.answer, name="answer"),
]
