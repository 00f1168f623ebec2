"""Every address of the sheets."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "sheets"
urlpatterns = [
    path("", views.sheets, name="sheets"),
    path("<int:division>/<path:item>/save/", views.save, name="keep-draft"),
    path("<int:division>/<path:item>/submit/", views.submit, name="hand-in"),
    path("<int:division>/<path:item>/approve/", views.approve, name="put-in-force"),
    path("<int:division>/<path:item>/return/", views.return_to_author, name="give-back"),
    path("<int:division>/<path:item>/", views.sheet, name="sheet"),
]
