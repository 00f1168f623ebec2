"""Every address of the plan of a fair and of one's own interviews."""

from __future__ import annotations

from django.urls import path

from .views import plan

app_name = "fairs"
urlpatterns = [
    path("", plan.declared, name="declared"),
    path("<slug:code>/", plan.plan, name="one"),
    path("<slug:code>/mine/", plan.mine, name="mine"),
    path("<slug:code>/exhibitors/<str:key>/", plan.exhibitor, name="exhibitor"),
]
