"""What accounts, and all that builds on them, want from outside: a cipher with its keys."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Cipher(Protocol):
    """Encrypts what the database may not keep in clear; the keys lie outside of it."""

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Encrypt; `about` says whose value it is, and the value is readable beside it alone."""

    def decrypt(self, sealed: bytes, *, about: str) -> bytes:
        """What was encrypted. Raises Refused without its key, and for what was changed."""

    def fingerprint(self, value: str, *, about: str) -> bytes:
        """A keyed hash: the same for the same value, by which something is found again."""


def cipher() -> Cipher:
    """The cipher of this instance, as the settings name it."""
    made: Cipher = import_string(settings.XIANGYUN_CIPHER)()
    return made
