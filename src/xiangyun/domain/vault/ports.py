"""What the vault, and all that builds on it, wants from outside: a cipher with its keys."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Envelope(Protocol):
    """One data key, unwrapped: what it encrypts is readable by it alone."""

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Encrypt; `about` says whose value it is, and the value is readable beside it alone."""

    def decrypt(self, sealed: bytes, *, about: str) -> bytes:
        """What was encrypted. Raises Refused `cipher.E001` for what was changed or moved."""


class Cipher(Protocol):
    """Encrypts what the database may not keep in clear; the keys lie outside of it."""

    @property
    def newest(self) -> int:
        """The number of the key that encrypts now."""

    def encrypt(self, plain: bytes, *, about: str) -> bytes:
        """Encrypt; `about` says whose value it is, and the value is readable beside it alone."""

    def decrypt(self, sealed: bytes, *, about: str) -> bytes:
        """What was encrypted. Raises Refused without its key, and for what was changed."""

    def key_number(self, sealed: bytes) -> int:
        """Which key made a value."""

    def fingerprint(self, value: str, *, about: str) -> bytes:
        """A keyed hash: the same for the same value, by which something is found again."""

    def new_envelope(self, *, about: str) -> bytes:
        """A new data key, wrapped: encrypted by the newest key."""

    def envelope(self, wrapped: bytes, *, about: str) -> Envelope:
        """A data key unwrapped. Raises as `decrypt`."""

    def wrapped_anew(self, wrapped: bytes, *, about: str) -> bytes:
        """The same data key, wrapped by the newest key."""


def cipher() -> Cipher:
    """The cipher of this instance, as the settings name it."""
    made: Cipher = import_string(settings.XIANGYUN_CIPHER)()
    return made
