"""Where an applicant asks."""

from __future__ import annotations

from django.urls import path

from .views import asking

app_name = "enquiries"
urlpatterns = [
    path("<uuid:case_id>/", asking.questions, name="case"),
    path("<uuid:case_id>/ask/", asking.ask, name="ask"),
]
