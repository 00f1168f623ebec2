"""The formats of text answers: the property `format`, or form-js `validationType`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from xiangyun.kernel.codes import department, division, resident, uscc, vin
from xiangyun.kernel.codes import normal as normal_code
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import texts


@dataclass(frozen=True, slots=True)
class Format:
    """A format of texts, by its name in the form.

    `normal` gives the spelling to store; `problem` what is wrong with it, or None. `about` says
    what is meant, `hint` what stands by the field. `width`, `keys` and `fills` are how the control
    looks: short or medium, the keyboard of a telephone, what a browser may fill in by itself.
    `words` says what a stored spelling reads as, where that is no spelling for people.
    """

    normal: Callable[[str], str]
    problem: Callable[[str], Finding | None]
    example: str
    about: Text
    hint: Text | None = None
    width: str = ""
    keys: str = ""
    fills: str = ""
    words: Callable[[str], Text | None] | None = None


def _unless(
    fits: Callable[[str], object], id: str, words: Text, example: str
) -> Callable[[str], Finding | None]:
    hint = Text("例如：{example}", "For example: {example}", example=example)

    def problem(text: str) -> Finding | None:
        if fits(text):
            return None
        return Finding(id, "error", words, hint=hint)

    return problem


def _department(typed: str) -> str:
    """The key of a department from its key or its name in either language."""
    words = typed.strip()
    if department.department(words):
        return department.spelled(words)
    called = (
        key for key, each in department.DEPARTMENTS.items() if words in (each.name.zh, each.name.en)
    )
    return next(called, words)


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _bare_number(text: str) -> str:
    return re.sub(r"[\s()-]", "", _half_width(text))


def _mobile_number(text: str) -> str:
    return re.sub(r"^(\+|00)86", "", _bare_number(text))


FORMATS: dict[str, Format] = {
    "resident-id": Format(
        normal_code,
        resident.problem,
        resident.EXAMPLE,
        Text("公民身份号码（GB 11643）", "an identity number (GB 11643)"),
        Text("18 位，最后一位可能是 X。", "18 characters; the last may be an X."),
        width="medium",
    ),
    "uscc": Format(
        normal_code,
        uscc.problem,
        uscc.EXAMPLE,
        Text("统一社会信用代码（GB 32100）", "a unified social credit code (GB 32100)"),
        Text("18 位，印在营业执照上。", "18 characters, printed on the licence."),
        width="medium",
    ),
    "vin": Format(
        normal_code,
        vin.problem,
        vin.EXAMPLE,
        Text("车架号，即车辆识别代号（GB 16735）", "a chassis number of a vehicle (GB 16735)"),
        Text("17 位，在行驶证和车架上。", "17 characters, on the papers and on the frame."),
        width="medium",
    ),
    "division": Format(
        normal_code,
        division.problem,
        division.EXAMPLE,
        Text(
            "区划的 12 位代码；页面上写名称即可",
            "the 12-digit code of a division; on a page its name will do",
        ),
        Text(
            "写村（社区）的名称，例如“靖边村”；也可以写 12 位区划代码。",
            "The name of the village or community, such as Jingbian Village or 靖边村, "
            "or its 12-digit code.",
        ),
    ),
    "department": Format(
        _department,
        _unless(
            department.department,
            "form.E240",
            Text("没有这个部门。", "There is no such department."),
            "education",
        ),
        "education",
        Text(
            "部门的代号（departments.yaml）；页面上写名称，读到的也是名称",
            "the key of a department (departments.yaml); on a page its name is written and read",
        ),
        words=department.name_of,
    ),
    "mobile": Format(
        _mobile_number,
        _unless(
            re.compile("1[3-9][0-9]{9}").fullmatch,
            "form.E120",
            Text(
                "手机号码应为 11 位数字，以 13 至 19 开头。",
                "A mobile number in China has 11 digits and begins with 13 to 19.",
            ),
            "13800138000",
        ),
        "13800138000",
        Text("中国的手机号码", "a mobile number in China"),
        Text("11 位手机号码。", "11 digits."),
        width="medium",
        keys="tel",
        fills="tel",
    ),
    "phone": Format(
        _bare_number,
        _unless(
            re.compile(r"\+?[0-9]{5,15}").fullmatch,
            "form.E121",
            Text(
                "电话号码应为 5 至 15 位数字，固定电话请加区号。",
                "A telephone number has 5 to 15 digits; a land line includes its area code.",
            ),
            "0431-12345678",
        ),
        "0431-12345678",
        Text("电话号码，固定电话带区号", "a telephone number, a land line with its area code"),
        keys="tel",
    ),
    "email": Format(
        _half_width,
        _unless(
            re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+").fullmatch,
            "form.E122",
            Text(
                "电子邮箱地址应在“@”前后各有一段，后段含“.”。",
                "An e-mail address has an “@” in the middle and a dot after it.",
            ),
            "zhangsan@example.com",
        ),
        "zhangsan@example.com",
        Text("电子邮箱地址", "an e-mail address"),
    ),
    "name": Format(
        texts.name,
        _unless(
            texts.is_name,
            "form.E123",
            Text(
                "姓名应为 2 至 50 个字，与身份证件一致，不含数字和符号（“·”除外）。",
                "A name has 2 to 50 letters as on the identity document, without digits or signs.",
            ),
            "张三",
        ),
        "张三",
        Text(
            "人的姓名：任何文字的字母和附加符号；间隔号统一为“·”",
            "a person's name: letters of any script with their marks; middle dots become one",
        ),
        width="medium",
        fills="name",
    ),
}
