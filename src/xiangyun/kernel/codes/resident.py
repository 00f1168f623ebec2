"""Citizen identification number (公民身份号码), GB 11643-1999: 18 characters.

6 division, 8 birthday, 3 sequence (odd for men, even for women), 1 check (ISO 7064 MOD 11-2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xiangyun.kernel.codes.spelling import fault, length_fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

NAME = Text("公民身份号码", "identification number")
EXAMPLE = "11010519491231002X"  # a number used as an example in public descriptions of the standard

EARLIEST_YEAR = 1900
"""Nobody born before it has a number: the first were given out in 1984."""

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Resident:
    """An identification number taken apart; `division` is that of first registration."""

    number: str
    division: str
    born: date
    sequence: str
    check: str

    @property
    def sex(self) -> Literal["male", "female"]:
        return "male" if int(self.sequence) % 2 else "female"

    def __str__(self) -> str:
        return self.number


def make(division: str, born: date, sequence: int) -> str:
    """The number of the `sequence`-th (0 to 999) birth of a day in a division of six digits.

    Raises ValueError when the parts do not fit.
    """
    body = f"{division}{born:%Y%m%d}{sequence:03}"
    if not re.fullmatch(r"[1-9][0-9]{16}", body):
        raise ValueError(f"{body} is not the first 17 digits of an identification number")
    return body + _check(body)


def problem(text: str, on: date | None = None) -> Finding | None:
    """What is wrong with an identification number, or None.

    With the day `on` it is asked, a birthday after that day is a fault too. The six digits of the
    division are not looked up: counties come and go, and a number stays for life.
    """
    number = normal(text)
    if re.fullmatch(r"[1-9][0-9]{14}", number):
        return fault(
            "code.E031",
            Text(
                "这是 15 位的旧号码，请填写第二代居民身份证上的 18 位号码。",
                "This is an old number of 15 digits: "
                "please enter the 18 on the present identity card.",
            ),
            EXAMPLE,
        )
    if wrong := length_fault("code.E030", number, 18, NAME, EXAMPLE):
        return wrong
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return fault(
            "code.E032",
            Text(
                "公民身份号码前 17 位应为数字且不以 0 开头，末位为数字或 X。",
                "The first 17 characters are digits and do not begin with 0; "
                "the last is a digit or X.",
            ),
            EXAMPLE,
        )
    born = _birthday(number)
    if born is None or (on is not None and born > on):
        return fault(
            "code.E033",
            Text(
                "公民身份号码第 7 至 14 位“{number}”不是有效的出生日期。",
                "Characters 7 to 14, “{number}”, are not a possible birthday.",
                number=number[6:14],
            ),
            f"{EXAMPLE}（19491231 = 1949-12-31）",
        )
    if number[17] != _check(number[:17]):
        return fault(
            "code.E034",
            Text(
                "公民身份号码的校验码不符，至少有一位有误，请对照身份证逐位核对。",
                "The check character does not fit, so at least one digit is mistyped: "
                "please compare it with the identity card.",
            ),
            EXAMPLE,
        )
    return None


def parse(text: str) -> Resident:
    """Take an identification number apart. Raises Refused with the finding of `problem`."""
    if wrong := problem(text):
        raise Refused([wrong])
    number = normal(text)
    born = date.fromisoformat(number[6:14])
    return Resident(number, number[:6], born, number[14:17], number[17])


def _birthday(number: str) -> date | None:
    """The birthday; None for no day, and for one before anybody alive was born."""
    try:
        born = date.fromisoformat(number[6:14])
    except ValueError:
        return None
    return born if born.year >= EARLIEST_YEAR else None


def _check(body: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]
