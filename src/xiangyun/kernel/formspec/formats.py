"""The formats of text answers: the property `format`, or form-js `validationType`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from xiangyun.kernel.codes import division, resident, uscc
from xiangyun.kernel.codes import normal as normal_code
from xiangyun.kernel.findings import Finding, Text


@dataclass(frozen=True, slots=True)
class Format:
    """`normal` gives the spelling to store; `problem` what is wrong with it, or None."""

    normal: Callable[[str], str]
    problem: Callable[[str], Finding | None]
    example: str


def _by_pattern(
    pattern: str, id: str, zh: str, en: str, example: str
) -> Callable[[str], Finding | None]:
    compiled = re.compile(pattern)
    hint = Text(f"例如：{example}", f"For example: {example}")

    def problem(text: str) -> Finding | None:
        if compiled.fullmatch(text):
            return None
        return Finding(id, "error", Text(zh, en), hint=hint)

    return problem


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _bare_number(text: str) -> str:
    return re.sub(r"[\s()-]", "", _half_width(text))


def _mobile_number(text: str) -> str:
    return re.sub(r"^(\+|00)86", "", _bare_number(text))


def _name(text: str) -> str:
    return " ".join(text.replace("•", "·").replace("・", "·").split())


FORMATS: dict[str, Format] = {
    "resident-id": Format(normal_code, resident.problem, resident.EXAMPLE),
    "uscc": Format(normal_code, uscc.problem, uscc.EXAMPLE),
    "division": Format(normal_code, division.problem, division.EXAMPLE),
    "mobile": Format(
        _mobile_number,
        _by_pattern(
            r"1[3-9][0-9]{9}",
            "form.E120",
            "手机号码应为 11 位数字，以 13 至 19 开头。",
            "A mobile number in China has 11 digits and begins with 13 to 19.",
            "13800138000",
        ),
        "13800138000",
    ),
    "phone": Format(
        _bare_number,
        _by_pattern(
            r"\+?[0-9]{5,15}",
            "form.E121",
            "电话号码应为 5 至 15 位数字，固定电话请加区号。",
            "A telephone number has 5 to 15 digits; a land line includes its area code.",
            "0431-12345678",
        ),
        "0431-12345678",
    ),
    "email": Format(
        _half_width,
        _by_pattern(
            r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+",
            "form.E122",
            "电子邮箱地址应在“@”前后各有一段，后段含“.”。",
            "An e-mail address has an “@” in the middle and a dot after it.",
            "zhangsan@example.com",
        ),
        "zhangsan@example.com",
    ),
    "name": Format(
        _name,
        # Any letter of any script: the names of all nationalities, and of foreigners, are names.
        _by_pattern(
            r"[^\W\d_](?:[^\W\d_]|[ ·.'’-]){1,49}",
            "form.E123",
            "姓名应为 2 至 50 个字，与身份证件一致，不含数字和符号（“·”除外）。",
            "A name has 2 to 50 letters as on the identity document, without digits or signs.",
            "张三",
        ),
        "张三",
    ),
}
