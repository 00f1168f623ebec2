"""The members of a component that act on its answers: what each is called, means, and may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.model import MAX_ROWS, MOST_FILE_BYTES
from xiangyun.kernel.formspec.patterns import Pattern, compiled
from xiangyun.kernel.packfile.jsontext import Node

Report = Callable[[Finding], None]


class WrongValue(Exception):
    """A member holds what it may not; what it may, in words, and an example."""

    def __init__(self, wanted: Text, example: str) -> None:
        super().__init__(wanted.en)
        self.wanted, self.example = wanted, example


@dataclass(frozen=True, slots=True)
class Property:
    """A member of a component, of its `validate`, or of its custom `properties`.

    `read` gives the value, or raises `WrongValue`; `rule` is the field of `Rules` that takes it;
    where there is none the value stands in `Rules.more` under the member's name. The words of one
    that is `translated` stand in both languages, in texts under the question's key and this name.
    """

    name: str
    about: Text
    read: Callable[[object], object]
    rule: str = ""
    within: Literal["", "validate", "properties"] = ""
    translated: str = ""

    @property
    def written(self) -> str:
        """The member as an author finds it in the file: validate.minLength."""
        return f"{self.within}.{self.name}" if self.within else self.name


def flag(value: object) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    raise WrongValue(Text(" true 或 false", "true or false"), "true")


def count(value: object) -> int:
    """A whole number of 0 or more; form-js also writes it as text."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if type(value) is int and 0 <= value < 10**9:
        return value
    raise WrongValue(Text("不小于 0 的整数", "a whole number of 0 or more"), "2")


def number(value: object) -> Decimal:
    """A number; form-js also writes it as text."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", value):
        return Decimal(value)
    if type(value) in (int, Decimal) and abs(Decimal(str(value))) < 10**30:
        return Decimal(str(value))
    raise WrongValue(Text("数", "a number"), "1")


def positive(value: object) -> Decimal:
    """A number above 0."""
    found = number(value)
    if found > 0:
        return found
    raise WrongValue(Text("大于 0 的数", "a number above 0"), "0.5")


def minutes(value: object) -> int:
    """The steps of a time of day, in minutes that divide an hour."""
    found = count(value)
    if 1 <= found <= 60:
        return found
    raise WrongValue(Text("1 至 60 的整数", "a whole number from 1 to 60"), "15")


def rows(value: object) -> int:
    """How many rows."""
    found = count(value)
    if found <= MAX_ROWS:
        return found
    raise WrongValue(Text("不大于 {max_rows} 的整数", "at most {max_rows}", max_rows=MAX_ROWS), "2")


def text(value: object) -> str:
    """Any text."""
    if isinstance(value, str):
        return value
    raise WrongValue(Text("文字", "a text"), "…")


def one_of(*known: str) -> Callable[[object], str]:
    """One of a few words."""

    def read(value: object) -> str:
        if value in known:
            return str(value)
        raise WrongValue(Text("下列之一：{known}", "one of {known}", known=known), known[0])

    return read


def pattern(value: object) -> Pattern:
    """A regular expression that means here what it means in JavaScript."""
    try:
        return compiled(text(value))
    except re.error as error:
        wanted = Text("正则表达式（{error}）", "a regular expression ({error})", error=str(error))
        raise WrongValue(wanted, "^[0-9]{6}$") from error


def text_format(value: object) -> str | None:
    """A known format; form-js's `custom` and nothing mean none."""
    if value in ("", "custom"):
        return None
    if value in ("date", "time", "datetime"):  # another type of question, not a format of text
        wanted = Text(
            "文字的格式；问日期或时刻请写 {written}",
            "a format of text; a date or time is asked by {written}",
            written=f'"type": "datetime", "subtype": "{value}"',
        )
        raise WrongValue(wanted, "resident-id")
    return one_of(*FORMATS)(value)


def megabytes(value: object) -> int:
    """A limit in megabytes, as bytes; never more than the platform takes."""
    most = MOST_FILE_BYTES // 1_000_000
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", value):
        found = int(Decimal(value) * 1_000_000)
        if 0 < found <= MOST_FILE_BYTES:
            return found
    raise WrongValue(
        Text("以兆字节计的数，不超过 {most}", "megabytes, {most} at most", most=most), "10"
    )


def read(property_: Property, member: Node | None, report: Report) -> object:
    """What a property says in one component; None when it says nothing or was reported."""
    if member is None or (member.value == "" and property_.within != "properties"):
        return None
    value = bare(member)
    if isinstance(value, str) and value.startswith("=") and property_.read is not text:
        report(say.unsupported(f"{property_.written}: {value}", _FIXED, member.place))
        return None
    try:
        return property_.read(value)
    except WrongValue as wrong:
        example = f'"{property_.name}": {_shown(wrong.example, value)}'
        report(say.wrong_value(property_.name, wrong.wanted, example, member.place))
        return None


def bare(node: Node) -> object:
    """A node's value without places."""
    if isinstance(node.value, dict):
        return {name: bare(member) for name, member in node.value.items()}
    return [bare(item) for item in node.value] if isinstance(node.value, list) else node.value


def _shown(example: str, value: object) -> str:
    plain = re.fullmatch(r"true|false|[0-9.]+", example) and not isinstance(value, str)
    return example if plain else f'"{example}"'


_FIXED = Text(
    "请写固定的值；随答案而变的限制请放到规则中判断。",
    "Write a fixed value; a limit that depends on answers belongs into the rules.",
)

REQUIRED = Property(
    "required",
    Text("必须回答。", "It must be answered."),
    flag,
    rule="required",
    within="validate",
)
FORMAT = Property(
    "format",
    Text("答案的格式，见下表。", "The format of the answer; see the table below."),
    text_format,
    rule="format",
    within="properties",
)
REACH = Property(
    "reach",
    Text(
        "只用于 division：按名称找到哪里，province（本省，默认）或 country（全国）。",
        "With `division` only: how far places are found by name, `province` (ours; the default) or "
        "`country`.",
    ),
    one_of("province", "country"),
    within="properties",
)
SOURCE = Property(
    "source",
    Text(
        "登记机关已有，例如 person.name：注明来源和日期，不再询问。",
        "A register knows it, such as person.name: shown with source and date, not asked.",
    ),
    text,
    within="properties",
)

SENSITIVE = Property(
    "sensitive",
    Text(
        "敏感：在密封（class: sealed）的事项中加密保存，不需要的人看到的是遮盖。",
        "Sensitive: in a service with `class: sealed` it is kept encrypted, and masked for whoever "
        "does not need it.",
    ),
    one_of("true", "false"),
    within="properties",
)


def shortest(words: Text) -> Property:
    """`validate.minLength`, which counts characters, choices or rows."""
    return Property("minLength", words, count, rule="min_length", within="validate")


def longest(words: Text) -> Property:
    """`validate.maxLength`."""
    return Property("maxLength", words, count, rule="max_length", within="validate")


def default(words: Text, reader: Callable[[object], object]) -> Property:
    """`defaultValue`: fills the field until the page is sent."""
    return Property("defaultValue", words, reader, rule="default")
