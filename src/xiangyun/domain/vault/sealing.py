"""Values sealed beside their owner: encrypted by its data key, opened or masked when they are read.

In the database a sealed value is `{"sealed": "<base64>"}`, a sealed text the same behind `sealed:`.
It is readable in its own place alone: the data key is of one thing (`scope`), and the name of the
place (`about`) is bound to the value. Whoever looks without needing them reads masks; whoever
writes or answers for the platform reads the values.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

from xiangyun.kernel.findings import Refused

from . import ports

SEALED = "sealed"
MASK = "••••••"
_TEXT = f"{SEALED}:"
_KEPT = 2048
_keys: dict[str, ports.Envelope] = {}
"""Data keys that were unwrapped, by their scopes: those met lately."""

_masking: ContextVar[bool] = ContextVar("xiangyun_masking", default=False)
_opening: ContextVar[bool] = ContextVar("xiangyun_opening", default=False)


@contextmanager
def masking(masked: bool) -> Iterator[None]:
    """Whether whoever acts within reads masks; see `accounts.access.acting_as`."""
    token = _masking.set(masked)
    try:
        yield
    finally:
        _masking.reset(token)


@contextmanager
def opening(needed: bool = True) -> Iterator[None]:
    """Let whoever acts within read values: a step of a case, a page that open work needs."""
    token = _opening.set(needed or _opening.get())
    try:
        yield
    finally:
        _opening.reset(token)


def is_masking() -> bool:
    """Whether what is read now comes masked."""
    return _masking.get() and not _opening.get()


def is_sealed(value: object) -> bool:
    """Whether a stored value, or a stored text, is a sealed one."""
    if isinstance(value, str):
        return value.startswith(_TEXT)
    return isinstance(value, dict) and value.keys() == {SEALED}


class Seal:
    """The data key of one thing, for writing; made when there is none.

    It is read from the database each time: one that a transaction made and took back would
    encrypt what nobody can read.
    """

    def __init__(self, scope: str) -> None:
        self._scope = scope
        wrapped = _wrapped(scope)
        if wrapped is None:
            keys = ports.cipher()
            with connection.cursor() as cursor:
                cursor.execute(_MADE, [scope, keys.new_envelope(about=scope), keys.newest])
            wrapped = _wrapped(scope)
        assert wrapped is not None
        self._key = ports.cipher().envelope(wrapped, about=scope)

    def value(self, value: Any, about: str) -> Any:
        """A stored value sealed; null stays null."""
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False).encode()
        return {SEALED: base64.b64encode(self._key.encrypt(plain, about=about)).decode()}

    def text(self, text: str, about: str) -> str:
        """A stored text sealed; nothing stays nothing."""
        if not text:
            return text
        return _TEXT + base64.b64encode(self._key.encrypt(text.encode(), about=about)).decode()

    def content(self, content: bytes, about: str) -> bytes:
        """The content of a file sealed."""
        return self._key.encrypt(content, about=about)


def opened(scope: str, value: Any, about: str) -> Any:
    """What was sealed, readable; anything else as it is. Raises Refused `cipher.E001`."""
    if not is_sealed(value):
        return value
    if isinstance(value, str):
        try:
            closed = base64.b64decode(value[len(_TEXT) :], validate=True)
        except (binascii.Error, ValueError):
            return value  # a text that somebody typed
        return value if _envelope(scope) is None else _decrypted(scope, closed, about).decode()
    return json.loads(_decrypted(scope, base64.b64decode(value[SEALED]), about))


def opened_content(scope: str, content: bytes, about: str) -> bytes:
    """The content of a file that was sealed. Raises Refused `cipher.E001`."""
    return _decrypted(scope, content, about)


def fingerprint(value: str, about: str) -> str:
    """The keyed hash by which a sealed value is found; equal for equal values only."""
    return ports.cipher().fingerprint(value.strip().upper(), about=about).hex()


def _decrypted(scope: str, closed: bytes, about: str) -> bytes:
    key = _envelope(scope)
    try:
        if key is not None:
            return key.decrypt(closed, about=about)
    except Refused:  # perhaps by a key that a transaction made and took back
        _keys.pop(scope, None)
    key = ports.cipher().envelope(_wrapped(scope) or b"", about=scope)
    return key.decrypt(closed, about=about)


def _envelope(scope: str) -> ports.Envelope | None:
    """The data key of a scope; None where nothing of it was ever sealed."""
    if (key := _keys.get(scope)) is not None:
        return key
    wrapped = _wrapped(scope)
    if wrapped is None:
        return None
    if len(_keys) >= _KEPT:
        _keys.clear()
    _keys[scope] = ports.cipher().envelope(wrapped, about=scope)
    return _keys[scope]


def _wrapped(scope: str) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wrapped FROM vault_datakey WHERE scope = %s", [scope])
        row = cursor.fetchone()
        return bytes(row[0]) if row else None


_MADE = """
INSERT INTO vault_datakey (scope, wrapped, key) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""
