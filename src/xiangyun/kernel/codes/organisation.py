"""Organisation code (组织机构代码), GB 11714-1997: eight characters and a check character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xiangyun.kernel.codes.spelling import fault, length_fault, normal
from xiangyun.kernel.findings import Finding, Refused, Text

NAME = Text("组织机构代码", "organisation code")
EXAMPLE = "60003734-1"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation code taken apart."""

    body: str
    check: str

    def __str__(self) -> str:
        return f"{self.body}-{self.check}"


def make(body: str) -> str:
    """The nine characters for a body of eight digits or capitals. ValueError for another body."""
    if not re.fullmatch(r"[0-9A-Z]{8}", body):
        raise ValueError(f"an organisation code has a body of eight digits or capitals, not {body}")
    return body + _check(body)


def problem(text: str) -> Finding | None:
    """What is wrong with an organisation code, written with or without its hyphen; or None."""
    code = normal(text).replace("-", "")
    if wrong := length_fault("code.E020", code, 9, NAME, EXAMPLE):
        return wrong
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        return fault(
            "code.E021",
            Text(
                "组织机构代码只含数字和大写字母，末位为数字或 X。",
                "An organisation code holds digits and capitals only, and ends in a digit or X.",
            ),
            EXAMPLE,
        )
    if code[8] != _check(code[:8]):
        return fault(
            "code.E022",
            Text(
                "组织机构代码的校验码不符，至少有一位有误，请对照证书逐位核对。",
                "The check character does not fit, so at least one character is mistyped: "
                "please compare it with the certificate.",
            ),
            EXAMPLE,
        )
    return None


def parse(text: str) -> Organisation:
    """Take an organisation code apart. Raises Refused with the finding of `problem`."""
    if wrong := problem(text):
        raise Refused([wrong])
    code = normal(text).replace("-", "")
    return Organisation(code[:8], code[8])


def _check(body: str) -> str:
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
