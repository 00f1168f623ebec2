"""What the journal wants from outside: a key that signs, and witnesses."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.ledger.note import NoteKey

from .signatures import Signer

__all__ = ["Signer", "Witness", "signer", "witnesses"]


class Witness(Protocol):
    """Somebody else who signs checkpoints of this log (c2sp.org/tlog-witness)."""

    @property
    def key(self) -> NoteKey:
        """The key under whose signatures one believes it."""

    def add_checkpoint(self, body: str) -> tuple[int, str]:
        """Hand a checkpoint in; the status of the answer, 0 for none, and what it says."""


def signer() -> Signer:
    """The signer of this instance, as the settings name it."""
    made: Signer = import_string(settings.XIANGYUN_SIGNER)()
    return made


def witnesses() -> list[Witness]:
    """The witnesses of this instance, as the settings name them."""
    found: list[Witness] = import_string(settings.XIANGYUN_WITNESSING)()
    return found
