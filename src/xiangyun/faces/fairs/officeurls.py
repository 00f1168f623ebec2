"""Every address of the desk where people arrive."""

from __future__ import annotations

from django.urls import path

from .views import desk, planning

app_name = "fairdesk"
urlpatterns = [
    path("", desk.declared, name="declared"),
    path("<slug:code>/", desk.desk, name="desk"),
    path("<slug:code>/planning/", planning.planning, name="plan-fair"),
    path("<slug:code>/planning/begin/", planning.begin, name="begin-planning"),
    path("<slug:code>/passes/", desk.passes, name="passes"),
    path("<slug:code>/arrivals/", desk.arrive, name="arrival"),
]
