"""Where an applicant changes the own contact data."""

from __future__ import annotations

from django.urls import path

from .views import changing

app_name = "contact"
urlpatterns = [path("<uuid:case_id>/", changing.contact, name="case")]
