"""Messages as JSON: one spelling for what is sent, strict reading of what comes.

Numbers keep their digits: 794958.90 leaves as it is and comes in as a decimal, never as a float.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

DEEPEST = 60
_LONGEST_NUMBER = 40


def write_body(value: Any) -> bytes:
    """The bytes of a message as JSON has it (`feel.to_json`): no spaces, keys in their order.

    Raises TypeError for what JSON has no words for.
    """
    return _written(value, 0).encode()


def _written(value: Any, depth: int) -> str:
    if depth > DEEPEST:
        raise TypeError("nested too deep")
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("no number of JSON")
        return f"{value:f}"
    if isinstance(value, Mapping):
        members = (f"{json.dumps(str(k), ensure_ascii=False)}:{_written(v, depth + 1)}"
                   for k, v in value.items())  # fmt: skip
        return f"{{{','.join(members)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(_written(each, depth + 1) for each in value)}]"
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")


def as_json(value: Any) -> Any:
    """Plain YAML as JSON has it: days are texts, whole numbers whole."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def read_body(body: bytes) -> Any:
    """A message that came. Raises ValueError for what I-JSON (RFC 7493) does not allow: a name
    twice, NaN, half of a surrogate pair, NUL, numbers or nesting without measure."""
    text = body.decode("utf-8")
    try:
        found = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_members,
        )
    except RecursionError:
        raise ValueError("nested too deep") from None
    _refuse(found, 0)
    return found


def _number(text: str) -> Decimal | int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError("a number of too many digits")
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("a number of too many digits")
    return int(number) if text.lstrip("-").isdigit() else number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _refuse(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a NUL in a text")
        value.encode()  # half of a surrogate pair raises UnicodeEncodeError, a ValueError
    elif isinstance(value, dict):
        for key, each in value.items():
            _refuse(key, depth + 1)
            _refuse(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _refuse(each, depth + 1)
