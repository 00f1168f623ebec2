"""Vehicle identification number (车辆识别代号, chassis number), GB 16735-2019 and ISO 3779:2009.

17 characters: 3 of the maker, 6 that describe the vehicle, of which the last is a check character,
8 of the single vehicle, whose last four are digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiangyun.kernel.codes.spelling import fault, length_fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

NAME = Text("车架号", "chassis number")
EXAMPLE = "LXY0000A6T0000001"
ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
"""33 characters: no I, O, Q, which are taken for 1 and 0 (GB 16735-2019, 5.4)."""

_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_MISTAKEN = {"I": "1", "O": "0", "Q": "0"}
_CHECK = 8
"""Where the check character stands, counted from 0."""


@dataclass(frozen=True, slots=True)
class VehicleNumber:
    """A chassis number taken apart: maker, description with its check character, and vehicle."""

    code: str
    maker: str
    description: str
    vehicle: str

    def __str__(self) -> str:
        return self.code


def make(maker: str, description: str, vehicle: str) -> str:
    """The number with its check character: make("LXY", "0000A", "T0000001").

    `description` comes without the check character. Raises ValueError for parts that do not fit.
    """
    body = f"{maker}{description}0{vehicle}"
    if len(body) != 17 or _strange(body) or not re.fullmatch(r"[0-9]{4}", body[13:]):
        raise ValueError(f"{body} is no chassis number")
    return body[:_CHECK] + _check(body) + body[_CHECK + 1 :]


def problem(text: str) -> Finding | None:
    """What is wrong with a chassis number, or None."""
    code = normal(text)
    if wrong := length_fault("code.E060", code, 17, NAME, EXAMPLE):
        return wrong
    if strange := _strange(code):
        position, char = strange
        meant = _MISTAKEN.get(char)
        return fault(
            "code.E061",
            Text(
                "车架号第 {position} 位是“{char}”，这里不用这个字符{meant}。",
                "Character {position} of the chassis number is “{char}”, which never stands"
                " there{meant}.",
                position=position,
                char=char,
                meant=_perhaps(meant),
            ),
            EXAMPLE,
        )
    if not re.fullmatch(r"[0-9]{4}", code[13:]):
        return fault(
            "code.E062",
            Text("车架号的最后四位都是数字。", "The last four characters are digits."),
            EXAMPLE,
        )
    if code[_CHECK] != _check(code):
        return fault(
            "code.E063",
            Text(
                "车架号“{code}”的第 9 位是校验位，与其余各位不符，应有一位输错。",
                "Character 9 of the chassis number “{code}” does not fit the others: one of them"
                " is mistyped.",
                code=code,
            ),
            EXAMPLE,
        )
    return None


def parse(text: str) -> VehicleNumber:
    """Take a chassis number apart. Raises Refused with what `problem` says."""
    if wrong := problem(text):
        raise Refused([wrong])
    code = normal(text)
    return VehicleNumber(code, code[:3], code[3:9], code[9:])


def _strange(code: str) -> tuple[int, str] | None:
    for position, char in enumerate(code, start=1):
        if char not in ALPHABET:
            return position, char
    return None


def _perhaps(meant: str | None) -> Text:
    if meant is None:
        return Text("", "")
    return Text("，是不是“{meant}”", "; perhaps “{meant}” is meant", meant=meant)


def _check(code: str) -> str:
    values = (int(_VALUES.get(char, char)) for char in code)
    left = sum(value * weight for value, weight in zip(values, _WEIGHTS, strict=True)) % 11
    return "X" if left == 10 else str(left)
