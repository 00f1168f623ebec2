"""The Django app of the inbox."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """Pages for whoever has an account; it has no tables."""

    name = "xiangyun.faces.inbox"
    label = "inbox"
    verbose_name = "Inbox"
