"""The Django app of what other people's software asks."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Addresses of open standards; it has no tables."""

    name = "xiangyun.faces.credentials"
    label = "credentials"
    verbose_name = "Credentials"
