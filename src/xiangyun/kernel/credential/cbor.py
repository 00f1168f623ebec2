"""CBOR (RFC 8949) as signed lists use it: read strictly, with definite lengths only.

A number has its shortest spelling and a map each key once: what is spelt otherwise is refused, so
that two readers never differ.
"""

from __future__ import annotations

from .faults import refused

_DEEPEST = 16
_SIMPLE = {20: False, 21: True, 22: None}


class Tagged(tuple[int, object]):
    """A value with its tag: (tag, value)."""

    __slots__ = ()


def read(data: bytes) -> object:
    """The one value of these bytes. Raises Refused `credential.E035` for anything else.

    Whole numbers, byte and text strings, lists, maps, tags, false, true and null; no floats.
    """
    try:
        value, end = _item(data, 0, 0)
    except (IndexError, UnicodeDecodeError):
        raise refused("E035") from None
    if end != len(data):
        raise refused("E035")
    return value


def _item(data: bytes, at: int, depth: int) -> tuple[object, int]:
    if depth > _DEEPEST:
        raise refused("E035")
    kind, (number, at) = data[at] >> 5, _head(data, at)
    if kind == 0:
        return number, at
    if kind == 1:
        return -1 - number, at
    if kind in (2, 3):
        piece = data[at : at + number]
        if len(piece) != number:
            raise refused("E035")
        return (piece if kind == 2 else piece.decode()), at + number
    if kind == 4:
        found = []
        for _ in range(number):
            value, at = _item(data, at, depth + 1)
            found.append(value)
        return found, at
    if kind == 5:
        return _map(data, at, number, depth)
    if kind == 6:
        value, at = _item(data, at, depth + 1)
        return Tagged((number, value)), at
    if number not in _SIMPLE:
        raise refused("E035")
    return _SIMPLE[number], at


def _map(data: bytes, at: int, size: int, depth: int) -> tuple[dict[object, object], int]:
    made: dict[object, object] = {}
    for _ in range(size):
        key, at = _item(data, at, depth + 1)
        if not isinstance(key, int | str) or isinstance(key, bool) or key in made:
            raise refused("E035")
        made[key], at = _item(data, at, depth + 1)
    return made, at


def _head(data: bytes, at: int) -> tuple[int, int]:
    """The number in the head of an item, and where it ends; the shortest spelling only."""
    short = data[at] & 31
    if short < 24:
        return short, at + 1
    if short > 27:  # reserved, or a length that is told piece by piece
        raise refused("E035")
    size = 1 << (short - 24)
    raw = data[at + 1 : at + 1 + size]
    number = int.from_bytes(raw, "big")
    least = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[size]
    if len(raw) != size or number < least:
        raise refused("E035")
    return number, at + 1 + size


def written(value: object) -> bytes:
    """The bytes of a value as `read` takes it. Raises TypeError for any other."""
    if value is None or isinstance(value, bool):
        return bytes([0xF6 if value is None else 0xF5 if value else 0xF4])
    if isinstance(value, int):
        return _headed(0, value) if value >= 0 else _headed(1, -1 - value)
    if isinstance(value, bytes):
        return _headed(2, len(value)) + value
    if isinstance(value, str):
        return _headed(3, len(value.encode())) + value.encode()
    if isinstance(value, Tagged):
        return _headed(6, value[0]) + written(value[1])
    if isinstance(value, list):
        return _headed(4, len(value)) + b"".join(map(written, value))
    if isinstance(value, dict):
        pairs = sorted((written(key), written(inner)) for key, inner in value.items())
        return _headed(5, len(pairs)) + b"".join(key + inner for key, inner in pairs)
    raise TypeError(type(value).__name__)


def _headed(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << (8 * size):
            return bytes([kind << 5 | short]) + number.to_bytes(size, "big")
    raise TypeError("a number of more than 64 bits")
