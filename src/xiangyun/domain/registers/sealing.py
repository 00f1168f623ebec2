"""Sensitive values: encrypted in a fact, found by keyed hash, masked where no task needs them.

In the database a sensitive value is `{"sealed": "<base64>"}`. It is readable beside its own record
and field alone: moved to another one it cannot be opened. The keys lie outside of the database;
see docs/how-to/keep-sensitive-values.md for custody, rotation and recovery.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from typing import Any

from xiangyun.domain.vault.ports import Cipher, cipher

SEALED = "sealed"
MASK = "••••••"


def sealed(
    register: str,
    record: int,
    data: Mapping[str, Any],
    fields: Collection[str],
    keys: Cipher | None = None,
) -> dict[str, Any]:
    """The data with the values of sensitive fields encrypted; `keys` where many are."""
    found = dict(data)
    if not fields:
        return found
    keys = keys or cipher()
    for name in fields:
        if found.get(name) is not None:
            plain = json.dumps(found[name], ensure_ascii=False).encode()
            closed = keys.encrypt(plain, about=_about(register, record, name))
            found[name] = {SEALED: base64.b64encode(closed).decode()}
    return found


def opened(register: str, record: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with all sensitive values readable. Raises Refused `cipher.E001` without a key."""
    found = dict(data)
    keys: Cipher | None = None
    for name, value in data.items():
        if is_sealed(value):
            keys = keys or cipher()
            closed = base64.b64decode(value[SEALED])
            found[name] = json.loads(keys.decrypt(closed, about=_about(register, record, name)))
    return found


def masked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with a mask in the place of each sensitive value."""
    return {name: MASK if is_sealed(value) else value for name, value in data.items()}


def is_sealed(value: object) -> bool:
    """Whether a value of a fact is an encrypted one."""
    return isinstance(value, dict) and value.keys() == {SEALED}


def fingerprint(register: str, field: str, value: str) -> str:
    """The keyed hash by which a sensitive value is found; equal for equal codes only."""
    about = f"{register}.{field}"
    return "#" + cipher().fingerprint(value.strip().upper(), about=about).hex()


def newest_key() -> int:
    """The number of the key that encrypts now."""
    return int(getattr(cipher(), "newest", 0))


def _about(register: str, record: int, field: str) -> str:
    return f"register/{register}/{record}/{field}"
