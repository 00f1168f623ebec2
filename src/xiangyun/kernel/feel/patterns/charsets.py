"""Sets of characters: categories, blocks, escapes, differences and case (F&O 3.1 §5.6.1).

A set is the sorted ranges of code points it holds. Half characters (surrogates) are in none.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache, lru_cache

from xiangyun.kernel.feel.patterns.blocks import BLOCKS

Ranges = tuple[tuple[int, int], ...]

_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
# Planes 4 to 13 and all but the tags of plane 14 hold nothing yet; looking is for what may.
_INHABITED = (range(0x40000), range(0xE0000, 0xE1000), range(0xF0000, _LAST + 1))


def ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """The pairs in order, joined where they touch, without half characters."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    whole: list[tuple[int, int]] = []
    for low, high in joined:
        if low <= _SURROGATES[1] and high >= _SURROGATES[0]:
            parts = ((low, _SURROGATES[0] - 1), (_SURROGATES[1] + 1, high))
            whole += [part for part in parts if part[0] <= part[1]]
        else:
            whole.append((low, high))
    return tuple(whole)


def of(*characters: str) -> Ranges:
    """The set of some characters."""
    return ranges((ord(each), ord(each)) for each in characters)


def without(some: Ranges, others: Ranges) -> Ranges:
    """What is in the first and not in the second."""
    left: list[tuple[int, int]] = []
    at = 0
    for low, high in some:
        while at < len(others) and others[at][1] < low:
            at += 1
        ahead = at
        while ahead < len(others) and others[ahead][0] <= high:
            if others[ahead][0] > low:
                left.append((low, others[ahead][0] - 1))
            low = others[ahead][1] + 1
            ahead += 1
        if low <= high:
            left.append((low, high))
    return tuple(left)


EVERY = ranges([(0, _LAST)])


def complement(some: Ranges) -> Ranges:
    """All other characters."""
    return without(EVERY, some)


def contains(some: Ranges, code: int) -> bool:
    """Whether a code point is in the set."""
    at = bisect_right(some, (code, _LAST + 1)) - 1
    return at >= 0 and code <= some[at][1]


# Categories -------------------------------------------------------------------------------------


@cache
def _categories() -> dict[str, Ranges]:
    """Every general category of the interpreter's Unicode, and the families L, M, N, P, S, Z, C."""
    found: dict[str, list[tuple[int, int]]] = {"Cn": [(0x40000, 0xDFFFF), (0xE1000, 0xEFFFF)]}
    category = unicodedata.category
    for inhabited in _INHABITED:
        start, name = inhabited.start, category(chr(inhabited.start))
        for code in inhabited:
            here = category(chr(code))
            if here != name:
                found.setdefault(name, []).append((start, code - 1))
                start, name = code, here
        found.setdefault(name, []).append((start, inhabited.stop - 1))
    found.pop("Cs", None)
    for name in list(found):
        found.setdefault(name[0], []).extend(found[name])
    return {name: ranges(pairs) for name, pairs in found.items()}


def category(name: str) -> Ranges:
    """`\\p{Lu}`, `\\p{L}`.

    Raises:
        ValueError: when there is no such category.
    """
    if name == "Nd":
        return digits()
    if name not in _categories():
        raise ValueError(f"no category {name}")
    return _categories()[name]


def block(name: str) -> Ranges:
    """`\\p{IsGreek}`.

    Raises:
        ValueError: when there is no such block.
    """
    if name not in BLOCKS:
        raise ValueError(f"no block {name}")
    return ranges([BLOCKS[name]])


@cache
def digits() -> Ranges:
    """`\\d`: the decimal digits of every script, all of which lie in the first two planes."""
    return ranges((code, code) for code in range(0x20000) if chr(code).isdecimal())


SPACES = of(" ", "\t", "\n", "\r")


@cache
def word() -> Ranges:
    """`\\w`: all but punctuation (an underscore is some), separators and others."""
    outside = ranges((*category("P"), *category("Z"), *category("C")))
    return complement(outside)


# XML 1.0, fifth edition, productions 4 and 4a.
NAME_START = ranges(
    (
        *((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6)),
        *((0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F)),
        *((0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD)),
        (0x10000, 0xEFFFF),
    )
)
NAME_PART = ranges(
    (
        *NAME_START,
        *((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)),
    )
)


# Case -------------------------------------------------------------------------------------------


@cache
def _variants() -> tuple[tuple[int, frozenset[int]], ...]:
    """Characters with case, each with those that upper or lower case makes the same as it.

    No script with case lies beyond the second plane.
    """
    by_upper: dict[str, set[int]] = {}
    by_lower: dict[str, set[int]] = {}
    cased = []
    for code in range(0x20000):
        char = chr(code)
        lower, upper = char.lower(), char.upper()
        if lower != char or upper != char:
            cased.append((code, lower, upper))
            by_lower.setdefault(lower, set()).add(code)
            by_upper.setdefault(upper, set()).add(code)
    return tuple(
        (code, frozenset(by_lower[lower] | by_upper[upper])) for code, lower, upper in cased
    )


@lru_cache(maxsize=256)
def any_case(some: Ranges) -> Ranges:
    """The set with every character's variants of case (F&O 3.1 §5.6.2, flag `i`)."""
    more = [
        (other, other) for code, others in _variants() if contains(some, code) for other in others
    ]
    return ranges((*some, *more))


def same_but_for_case(one: str, other: str) -> bool:
    """Whether two characters are variants of each other."""
    return one.lower() == other.lower() or one.upper() == other.upper()
