"""Plural rules as Unicode CLDR writes them (UTS #35 part 3, Language Plural Rules).

`i = 1 and v = 0`, `n % 10 = 2..4 and n % 100 != 12..14`: a rule is read once and asked with a
number. A language lists its categories in order and `other` last, which needs no rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

CATEGORIES = ("zero", "one", "two", "few", "many")
"""In the order in which a language gives its forms; `other` follows them all."""

Number = int | float | Decimal

_RELATION = re.compile(
    r"([nivwftce])(?:\s*%\s*(\d+))?\s*(!?=)\s*(\d+(?:\.\.\d+)?(?:\s*,\s*\d+(?:\.\.\d+)?)*)"
)


@dataclass(frozen=True, slots=True)
class _Relation:
    """`operand % modulus = ranges`, or its contrary."""

    operand: str
    modulus: int
    ranges: tuple[tuple[int, int], ...]
    holds: bool

    def of(self, operands: Mapping[str, Decimal]) -> bool:
        value = operands[self.operand]
        if self.modulus:
            value %= self.modulus
        within = any(low <= value <= high and value % 1 == 0 for low, high in self.ranges)
        return within is self.holds


@dataclass(frozen=True, slots=True)
class Rule:
    """Relations joined by `and`, those by `or`."""

    ways: tuple[tuple[_Relation, ...], ...]

    def of(self, number: Number) -> bool:
        """Whether the number is of this category."""
        operands = _operands(number)
        return any(all(each.of(operands) for each in way) for way in self.ways)


def read_rule(text: str) -> Rule:
    """A rule from its text; samples after `@` are left out. Raises ValueError."""
    condition = text.partition("@")[0].strip()
    ways = re.split(r"\s+or\s+", condition)
    return Rule(tuple(tuple(map(_relation, re.split(r"\s+and\s+", way))) for way in ways))


def _relation(text: str) -> _Relation:
    found = _RELATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"no plural rule: {text}")
    operand, modulus, sign, listed = found.groups()
    ranges = [each.strip().partition("..") for each in listed.split(",")]
    return _Relation(
        operand,
        int(modulus or 0),
        tuple((int(low), int(high or low)) for low, _, high in ranges),
        sign == "=",
    )


def _operands(number: Number) -> dict[str, Decimal]:
    """The operands of UTS #35: n, i, v, w, f, t; c and e of compact numbers are nought."""
    whole, _, fraction = f"{abs(Decimal(str(number))):f}".partition(".")
    trimmed = fraction.rstrip("0")
    return {
        "n": abs(Decimal(str(number))),
        "i": Decimal(whole),
        "v": Decimal(len(fraction)),
        "w": Decimal(len(trimmed)),
        "f": Decimal(fraction or 0),
        "t": Decimal(trimmed or 0),
        "c": Decimal(0),
        "e": Decimal(0),
    }
