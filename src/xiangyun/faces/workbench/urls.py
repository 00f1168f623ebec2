"""Every address of the workbench."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "workbench"
urlpatterns = [
    path("", views.queue.queue, name="queue"),
    path("overdue", views.overdue.overdue, name="overdue"),
    path("audit", views.audit.audit, name="audit"),
    path("cases/<uuid:case_id>", views.case.case, name="case"),
    path("cases/<uuid:case_id>/tasks/<path:task>/extension", views.case.extend, name="extend"),
    path("cases/<uuid:case_id>/tasks/<path:task>", views.case.act, name="act"),
    path("file", views.filing.file_for, name="file"),
    path("file/<path:code>", views.filing.start, name="file-start"),
]
