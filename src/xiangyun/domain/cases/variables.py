"""How a case's variables lie in the database: JSON in which dates and decimals keep their type.

A temporal value is {"@": "2026-04-09"}, as in FEEL's at-literals; a number that is not whole is
{"#": "0.25"}, since JSON readers would make a binary float of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xiangyun.kernel.feel import Value, parse_expression, to_json


def to_stored(value: Value) -> Any:
    """The JSON form of a FEEL value."""
    if isinstance(value, Mapping):
        return {str(key): to_stored(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_stored(item) for item in value]
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | Decimal):
        return int(value) if value == int(value) else {"#": str(value)}
    return {"@": to_json(value)}


def from_stored(stored: Any) -> Value:
    """The FEEL value that `to_stored` wrote."""
    if isinstance(stored, dict):
        if stored.keys() == {"@"}:
            return parse_expression(f'@"{stored["@"]}"').evaluate({})
        if stored.keys() == {"#"}:
            return Decimal(stored["#"])
        return {key: from_stored(item) for key, item in stored.items()}
    if isinstance(stored, list):
        return [from_stored(item) for item in stored]
    if isinstance(stored, int) and not isinstance(stored, bool):
        return Decimal(stored)
    return stored
