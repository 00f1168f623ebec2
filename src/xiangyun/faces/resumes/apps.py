"""The Django app of the resume lab."""

from django.apps import AppConfig


class ResumesConfig(AppConfig):
    """Pages without tables: what is looked at is in the request alone."""

    name = "xiangyun.faces.resumes"
    label = "resumes"
    verbose_name = "Resume lab"
