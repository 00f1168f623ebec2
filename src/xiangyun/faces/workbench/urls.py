"""Every address of the workbench."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "workbench"
urlpatterns = [
    path("", views.queue.queue, name="queue"),
    path("overdue", views.overdue.overdue, name="overdue"),
    path("batch", views.batch.choose, name="batch-choose"),
    path("batch/begin", views.batch.begin, name="batch-begin"),
    path("batch/<uuid:batch_id>", views.batch.batch, name="batch"),
    path("find", views.find.find, name="find"),
    path("find/done", views.find.done, name="done"),
    path("find/save", views.find.save, name="find-save"),
    path("find/drop", views.find.drop, name="find-drop"),
    path("audit", views.audit.audit, name="audit"),
    path("untaken/<int:item>", views.secrecy.take, name="take"),
    path("cases/<uuid:case_id>/unmask", views.case.unmask, name="unmask"),
    path("cases/<uuid:case_id>/look", views.secrecy.look, name="look"),
    path("cases/<uuid:case_id>/hand-over", views.secrecy.hand_over, name="hand-over"),
    path("cases/<uuid:case_id>", views.case.case, name="case"),
    path("cases/<uuid:case_id>/tasks/<path:task>/letters", views.preview.preview, name="preview"),
    path("cases/<uuid:case_id>/tasks/<path:task>/claim", views.assigning.claim, name="claim"),
    path("cases/<uuid:case_id>/tasks/<path:task>/release", views.assigning.release, name="release"),
    path(
        "cases/<uuid:case_id>/tasks/<path:task>/hand-over",
        views.assigning.hand_over,
        name="hand-task",
    ),
    path("cases/<uuid:case_id>/tasks/<path:task>/extension", views.case.extend, name="extend"),
    path("cases/<uuid:case_id>/tasks/<path:task>", views.case.act, name="act"),
    path("people", views.people.everybody, name="people"),
    path("people/new", views.people.add, name="person-new"),
    path("people/file", views.people.sheet, name="people-file"),
    path("people/people.csv", views.people.people_out, name="people-out"),
    path("people/mandates.csv", views.people.mandates_out, name="mandates-out"),
    path("people/<uuid:account>", views.people.person, name="person"),
    path("people/<uuid:account>/mandates", views.people.give, name="give-mandate"),
    path(
        "people/<uuid:account>/mandates/<int:mandate>/end",
        views.people.end,
        name="end-mandate",
    ),
    path("people/<uuid:account>/deputies", views.people.name_deputy, name="name-deputy"),
    path(
        "people/<uuid:account>/deputies/<int:deputy>/end",
        views.people.end_deputy,
        name="end-deputy",
    ),
    path("people/<uuid:account>/lock", views.people.lock, name="lock"),
    path("people/<uuid:account>/unlock", views.people.unlock, name="unlock"),
    path("people/<uuid:account>/password", views.people.new_password, name="new-password"),
    path("people/<uuid:account>/second-factor", views.people.reset_factor, name="reset-factor"),
    path("registers", views.registers.registers, name="registers"),
    path("registers/<str:code>", views.registers.register, name="register"),
    path("register-files/<str:code>", views.entering.enter, name="register-file"),
    path("registers/<str:code>/<path:key>", views.registers.record, name="record"),
    path("duties", views.duties.duties, name="duties"),
    path("open", views.opening.open_case, name="open"),
    path("file", views.filing.file_for, name="file"),
    path("representations", views.representations.representations, name="representations"),
    path("file/<path:code>", views.filing.start, name="file-start"),
]
