"""Where an applicant has a result sent, and follows it."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "post"
urlpatterns = [path("<uuid:case_id>/", views.parcel, name="case")]
