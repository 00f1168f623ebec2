"""The Django app of the pages of sheets."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Pages for keepers of sheets; it has no tables."""

    name = "xiangyun.faces.sheets"
    label = "sheets"
    verbose_name = "Sheets"
