"""The Django app of public programmes."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Programmes by place and day; it has no tables."""

    name = "xiangyun.faces.programme"
    label = "programme"
    verbose_name = "Programme"
