"""Where an applicant lets something stand for a paper, and hands in what was to follow."""

from __future__ import annotations

from django.urls import path

from .views import choosing, following

app_name = "materials"
urlpatterns = [
    path("<uuid:draft_id>/<str:key>/", choosing.choose, name="choose"),
    path("<uuid:draft_id>/<str:key>/take/", choosing.take, name="take"),
    path("later/<uuid:substitute_id>/", following.supply, name="supply"),
]
