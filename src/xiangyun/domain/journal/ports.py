"""What the journal wants from outside: a key that signs."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from .signatures import Signer

__all__ = ["Signer", "signer"]


def signer() -> Signer:
    """The signer of this instance, as the settings name it."""
    made: Signer = import_string(settings.XIANGYUN_SIGNER)()
    return made
