"""The Django app of large print."""

from django.apps import AppConfig


class ElderConfig(AppConfig):
    """Pages large and read aloud, for whoever wants them so (长辈版); it has no tables."""

    name = "xiangyun.faces.elder"
    label = "elder"
    verbose_name = "Large print"
