"""Every address of the pages of sites. What is asked of a plan stands in the query."""

from __future__ import annotations

from django.urls import path

from .views import plans

app_name = "siting"
urlpatterns = [
    path("", plans.declared, name="declared"),
    path("<path:code>/map.svg", plans.drawn, name="map"),
    path("<path:code>/plan.csv", plans.table, name="csv"),
    path("<path:code>/plan.json", plans.machine, name="json"),
    path("<path:code>/approval", plans.put_forward, name="approval"),
    path("<path:code>", plans.plan, name="one"),
]
