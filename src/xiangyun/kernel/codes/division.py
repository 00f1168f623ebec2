"""Statistical division code (统计用区划代码): 12 digits, 2+2+2+3+3 for five levels.

Province, prefecture, county (as GB/T 2260 has them), town, village; lower groups are zeros. A
division and all below it are one range of numbers, so "mine and below" is one B-tree range. The
number 0 stands for the whole country.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from xiangyun.kernel.codes.spelling import fault, length_fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

Level = Literal["country", "province", "prefecture", "county", "town", "village"]

NAME = Text("区划代码", "division code")
EXAMPLE = "220172001000"
EXAMPLE_NAME = "靖边村"  # what people type, where a page looks the code up

# How many codes a division of each level spans: itself and everything below it.
_SPANS: tuple[tuple[Level, int], ...] = (
    ("country", 10**12),
    ("province", 10**10),
    ("prefecture", 10**8),
    ("county", 10**6),
    ("town", 10**3),
    ("village", 1),
)


@dataclass(frozen=True, slots=True)
class Division:
    """A division code taken apart; `number` is what a database stores."""

    code: str
    number: int
    level: Level

    def __str__(self) -> str:
        return self.code


def make(
    province: int, prefecture: int = 0, county: int = 0, town: int = 0, village: int = 0
) -> str:
    """The 12 digits of a division. Raises Refused when a group is missing above one that is set."""
    code = f"{province:02}{prefecture:02}{county:02}{town:03}{village:03}"
    if wrong := problem(code):
        raise Refused([wrong])
    return code


def widen(digits: str) -> str:
    """The 12 digits for a code of 2, 4, 6 or 9 digits, such as the six of GB/T 2260.

    Raises Refused when what comes out is no division code.
    """
    code = digits.ljust(12, "0") if len(digits) in (2, 4, 6, 9) else digits
    return parse(code).code


def problem(text: str) -> Finding | None:
    """What is wrong with a division code, or None; whether it exists, a register must say."""
    code = normal(text)
    if wrong := length_fault("code.E050", code, 12, NAME, EXAMPLE):
        return wrong
    if not re.fullmatch("[0-9]{12}", code):
        return fault(
            "code.E051",
            Text("区划代码只含数字。", "A division code holds digits only."),
            EXAMPLE,
        )
    province, prefecture, county, town, village = (
        int(code[start:end]) for start, end in ((0, 2), (2, 4), (4, 6), (6, 9), (9, 12))
    )
    # A prefecture may have towns and no counties (东莞 4419, 中山 4420), so county may be zero.
    if not (
        (province or int(code) == 0)
        and (prefecture or not (county or town))
        and (town or not village)
    ):
        return fault(
            "code.E052",
            Text(
                "区划代码 {code} 有下级而缺上级："
                "依次为省 2 位、市 2 位、县 2 位、乡 3 位、村 3 位。",
                "The code {code} names a lower level without the one above it: "
                "2 digits province, 2 prefecture, 2 county, 3 town, 3 village.",
                code=code,
            ),
            EXAMPLE,
        )
    return None


def parse(code: int | str) -> Division:
    """Take a division code apart. Raises Refused with the finding of `problem`."""
    text = f"{code:012}" if isinstance(code, int) else normal(code)
    if wrong := problem(text):
        raise Refused([wrong])
    return Division(text, int(text), _level(int(text)))


def typed(text: str) -> int:
    """The twelve digits that a person or an address line gave as a number; 0 for anything else."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) == 12 else 0


def level(code: int | str) -> Level:
    """The level of a division. Raises Refused for a code that is not right."""
    return parse(code).level


def parent(code: int | str) -> int | None:
    """The division one level up (0 above a province), or None above the country."""
    above = ancestors(code)
    return above[-1] if above else None


def ancestors(code: int | str) -> tuple[int, ...]:
    """All divisions above, from the country (0) down to the parent."""
    number = parse(code).number
    above = (number - number % span for _, span in _SPANS)
    # A level that a place does not have (counties, in 东莞) repeats the number above it.
    return tuple(dict.fromkeys(n for n in above if n != number))


def subtree(code: int | str) -> tuple[int, int]:
    """The lowest and highest code of a division and everything below it, both inclusive."""
    division = parse(code)
    return division.number, division.number + dict(_SPANS)[division.level] - 1


def _level(number: int) -> Level:
    return next(level for level, span in _SPANS if number % span == 0)
