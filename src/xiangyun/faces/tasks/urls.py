"""Every address of the tasks: below one path, which is all that works offline."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "tasks"
urlpatterns = [
    path("", views.offline.mine, name="mine"),
    path("ready", views.offline.ready, name="ready"),
    path("worker.js", views.offline.worker, name="worker"),
    path("<uuid:case_id>/files/<uuid:evidence_id>", views.files.view, name="view"),
    path("<uuid:case_id>/files/<uuid:evidence_id>/download", views.files.download, name="download"),
    path("<uuid:case_id>/add/<path:task>", views.files.add, name="add"),
    path("<uuid:case_id>/sign/<path:task>", views.sign.sign, name="sign"),
    path("<uuid:case_id>/live/<path:task>", views.form.live, name="live"),
    path("<uuid:case_id>/<path:task>", views.form.task, name="task"),
]
