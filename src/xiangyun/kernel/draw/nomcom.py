"""The selection of RFC 3797: the oldest draw that everybody can repeat, with MD5 as it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal

Source = str | int | Decimal | Sequence[int | Decimal]
"""What one source of randomness gave: numbers, or a text."""


def key_of(sources: Sequence[Source]) -> str:
    """The key of sources in their order (RFC 3797 section 4): each value and a point, then a slash.

    Whole numbers of one source are sorted from the smallest; a fraction loses trailing zeros.
    """
    return "".join(f"{''.join(_values(source))}/" for source in sources)


def _values(source: Source) -> Iterator[str]:
    values: Sequence[str | int | Decimal]
    values = [source] if isinstance(source, str | int | Decimal) else list(source)
    if all(isinstance(each, int) for each in values):
        values = sorted(values, key=int)
    for each in values:
        if isinstance(each, Decimal):
            whole, _, fraction = f"{each:f}".partition(".")
            yield f"{whole}.{fraction.rstrip('0')}"
        else:
            text = str(each).strip()
            yield f"{int(text) if text.isascii() and text.isdigit() else text}."


def digests(key: str, count: int) -> list[str]:
    """The first so many digests in capital hexadecimal: MD5 of the key between its number twice."""
    return [_digest(key, number).hex().upper() for number in range(count)]


def select_from(pool: int, key: str, count: int) -> list[int]:
    """Who is selected of a pool numbered from 1, in order (RFC 3797 section 4.2).

    Raises ValueError where the pool has fewer, or more than 65,535.
    """
    if not 0 <= count <= pool <= 0xFFFF:
        raise ValueError(f"{count} of a pool of {pool}")
    left = list(range(1, pool + 1))
    numbers = (int.from_bytes(_digest(key, number), "big") for number in range(count))
    return [left.pop(number % len(left)) for number in numbers]


def _digest(key: str, number: int) -> bytes:
    around = number.to_bytes(2, "big")
    return hashlib.md5(around + key.encode() + around, usedforsecurity=False).digest()
