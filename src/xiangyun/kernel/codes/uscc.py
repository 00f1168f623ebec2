"""Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, one for life.

1 registering authority, 1 kind, 6 division (GB/T 2260), 9 organisation code (GB 11714), 1 check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiangyun.kernel.codes.spelling import doubt, fault, length_fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

NAME = Text("统一社会信用代码", "unified social credit code")
EXAMPLE = "91110000600037341L"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: no I, O, Z, S, V, which are taken for 1, 0, 2, 5, U (GB 32100-2015, 4.2)."""

_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_MISTAKEN = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}


@dataclass(frozen=True, slots=True)
class UnifiedCode:
    """A unified social credit code taken apart.

    `authority` 9 is market regulation, 1 the office for public institutions, 5 civil affairs;
    `division` is the six-digit code of the registering authority's seat.
    """

    code: str
    authority: str
    kind: str
    division: str
    organisation: str
    check: str

    def __str__(self) -> str:
        return self.code


def make(authority: str, kind: str, division: str, organisation: str) -> str:
    """The code with its check character, such as make("9", "1", "110000", "600037341").

    Raises ValueError when the parts do not give 17 characters of the alphabet.
    """
    body = authority + kind + division + organisation
    if not _is_body(body):
        raise ValueError(f"{body} is not the first 17 characters of a unified social credit code")
    return body + _check(body)


def problem(text: str) -> Finding | None:
    """What is wrong with a unified social credit code, or None.

    A check character that does not fit is a warning: codes are in use that were given out wrong,
    and a code in use must never be refused. The check character inside the organisation code is not
    looked at, since the outer one covers all 18 characters.
    """
    code = normal(text)
    if wrong := length_fault("code.E010", code, 18, NAME, EXAMPLE):
        return wrong
    for position, char in enumerate(code, start=1):
        if char not in ALPHABET:
            return _wrong_character(position, char)
    if not _is_body(code[:17]):
        return fault(
            "code.E012",
            Text(
                "统一社会信用代码第 3 至 8 位是登记机关的行政区划代码，应全为数字。",
                "Characters 3 to 8 are the division code of the registering authority: "
                "digits only.",
            ),
            EXAMPLE,
        )
    if code[17] != _check(code[:17]):
        return doubt(
            "code.W010",
            Text(
                "统一社会信用代码的校验码不符，可能有一位输错，请对照营业执照逐位核对；无误即可继续。",
                "The check character does not fit, so a character is probably mistyped: "
                "please compare it with the business licence, and go on if it is right.",
            ),
            EXAMPLE,
        )
    return None


def is_possible(text: str) -> bool:
    """Whether a code may be in use; its check character may not fit."""
    wrong = problem(text)
    return wrong is None or wrong.severity != "error"


def parse(text: str) -> UnifiedCode:
    """Take a unified social credit code apart. Raises Refused with an error of `problem`."""
    if not is_possible(text):
        raise Refused([wrong for wrong in (problem(text),) if wrong])
    code = normal(text)
    return UnifiedCode(code, code[0], code[1], code[2:8], code[8:17], code[17])


def _is_body(body: str) -> bool:
    return bool(re.fullmatch(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}", body))


def _check(body: str) -> str:
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def _wrong_character(position: int, char: str) -> Finding:
    if meant := _MISTAKEN.get(char):
        words = Text(
            "统一社会信用代码第 {position} 位不能是“{char}”，是否应为“{meant}”？",
            "Character {position} cannot be “{char}”; is it “{meant}”?",
            position=position,
            char=char,
            meant=meant,
        )
    else:
        words = Text(
            "统一社会信用代码第 {position} 位不能是“{char}”，只能是数字或大写字母。",
            "Character {position} cannot be “{char}”: only digits and capital letters are used.",
            position=position,
            char=char,
        )
    return fault("code.E011", words, EXAMPLE)
