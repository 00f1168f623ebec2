"""Every address of the studio."""

from __future__ import annotations

from django.urls import path

from .views import difference, drafts, files, form, outline, rehearsal, tables

app_name = "studio"
urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("new/", drafts.new, name="begin-new"),
    path("from/", drafts.of_published, name="begin-published"),
    path("<uuid:id>/", drafts.draft, name="draft"),
    path("<uuid:id>/hand-in/", drafts.hand_in, name="hand-in"),
    path("<uuid:id>/agree/", drafts.agree, name="agree-to"),
    path("<uuid:id>/return/", drafts.send_back, name="send-back"),
    path("<uuid:id>/discard/", drafts.discard, name="discard"),
    path("<uuid:id>/add/", files.add, name="add-file"),
    path("<uuid:id>/upload/", files.upload, name="upload"),
    path("<uuid:id>/form/", form.form, name="form"),
    path("<uuid:id>/form/<path:name>/", form.form, name="form-of"),
    path("<uuid:id>/tables/", tables.tables, name="tables"),
    path("<uuid:id>/tables/<str:decision>/save/", tables.save, name="save-table"),
    path("<uuid:id>/tables/<str:decision>/check/", tables.check, name="check-table"),
    path("<uuid:id>/tables/<str:decision>/", tables.table, name="table"),
    path("<uuid:id>/process/", outline.outline, name="outline"),
    path("<uuid:id>/process/save/", outline.save, name="save-outline"),
    path("<uuid:id>/process/check/", outline.check, name="check-outline"),
    path("<uuid:id>/process/add/", outline.add, name="add-step"),
    path("<uuid:id>/process/remove/", outline.remove, name="remove-step"),
    path("<uuid:id>/rehearse/", rehearsal.rehearsals, name="rehearsals"),
    path("<uuid:id>/rehearse/<int:number>/<int:step>/", rehearsal.step, name="rehearse"),
    path("<uuid:id>/difference/", difference.of_draft, name="difference"),
    path("<uuid:id>/pack.zip", files.pack, name="pack"),
    path("<uuid:id>/file/<path:name>/save/", files.save, name="save"),
    path("<uuid:id>/file/<path:name>/check/", files.check, name="check"),
    path("<uuid:id>/file/<path:name>/remove/", files.remove, name="remove"),
    path("<uuid:id>/file/<path:name>/download/", files.download, name="download"),
    path("<uuid:id>/file/<path:name>/<int:number>/", files.revision, name="revision"),
    path("<uuid:id>/file/<path:name>/", files.edit, name="edit"),
]
