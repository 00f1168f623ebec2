"""The rules of a question as the form file states them: `validate`, `properties`, `accept`."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import findings as say
from xiangyun.kernel.formspec import schema
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.model import TEXT_LIMITS, Rules
from xiangyun.kernel.packfile.jsontext import Node

Report = Callable[[Finding], None]
Words = Callable[[str, Node | None], Text | None]
"""The words of a member in both languages, given the end of their key."""

_COUNT = Text("不小于 0 的整数", "a whole number of 0 or more")


def read_rules(node: Node, kind: str, words: Words, report: Report) -> Rules:
    """`validate`, and what else limits an answer; an unknown rule is an error."""
    validate = node.get("validate") or Node({}, node.place)
    known = schema.VALIDATE.get(kind, frozenset({"required"}))
    for name, member in validate.items():
        if name not in known:
            report(say.unknown_rule(name, kind, known, member.place))
    explained = validate.get("patternErrorMessage")
    if "pattern" in known and validate.get("pattern") and not explained:
        report(say.silent_pattern(node.place))
    rules = Rules(
        required=_flag(validate, "required", report),
        min_length=_count(validate, "minLength", report),
        max_length=_count(validate, "maxLength", report) or TEXT_LIMITS.get(kind),
        minimum=_number(validate, "min", report),
        maximum=_number(validate, "max", report),
        decimals=_count(node, "decimalDigits", report) if kind == "number" else None,
        pattern=_pattern(validate, report),
        pattern_words=words("pattern", explained),
        not_past=_flag(node, "disallowPassedDates", report),
        format=_format(node, validate, report),
    )
    _report_empty_range(validate, "minLength", rules.min_length, rules.max_length, report)
    _report_empty_range(validate, "min", rules.minimum, rules.maximum, report)
    return rules


def read_properties(node: Node, kind: str, report: Report) -> dict[str, str]:
    """The custom properties; a name just beside one with a meaning is taken for a typing error."""
    properties: dict[str, str] = {}
    for name, member in (node.get("properties") or Node({}, node.place)).items():
        if name not in schema.PROPERTIES and get_close_matches(name, schema.PROPERTIES, cutoff=0.8):
            report(say.unknown_member(name, kind, schema.PROPERTIES, member.place))
        if isinstance(member.value, str):
            properties[name] = member.value
        else:
            wanted = Text("文字", "a text")
            report(say.wrong_value(name, wanted, f'"{name}": "10"', member.place))
    source = properties.get("source")
    if source is not None and not re.fullmatch(r"[a-z_]\w*(\.[a-z_]\w*)+", source, re.ASCII):
        wanted = Text("以点分隔的路径", "a path with dots")
        report(say.wrong_value("source", wanted, '"source": "person.id_number"', node.place))
    return properties


def read_accept(node: Node, kind: str, report: Report) -> tuple[tuple[str, ...], int | None, bool]:
    """For a file question: endings accepted (none: all), most bytes, and whether several."""
    if kind != "filepicker":
        return (), None, False
    endings: list[str] = []
    accept = node.get("accept")
    for part in str(accept.value).lower().split(",") if accept else ():
        part = part.strip()
        if part in schema.ACCEPT:
            endings.extend(schema.ACCEPT[part])
        elif re.fullmatch(r"\.[a-z0-9]+", part):
            endings.append(part)
        else:
            wanted = Text(
                "文件后缀或媒体类型，以逗号分隔", "file endings or media types with commas"
            )
            place = (accept or node).place
            report(say.wrong_value("accept", wanted, '"accept": ".pdf,.jpg,image/*"', place))
    return tuple(dict.fromkeys(endings)), _max_bytes(node, report), _flag(node, "multiple", report)


def _max_bytes(node: Node, report: Report) -> int:
    stated = _property(node, "max_mb")
    if stated is None:
        return schema.MAX_MB * 1_000_000
    if isinstance(stated.value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", stated.value):
        return int(Decimal(stated.value) * 1_000_000)
    wanted = Text("以兆字节计的数", "a number of megabytes")
    report(say.wrong_value("max_mb", wanted, '"max_mb": "10"', stated.place))
    return schema.MAX_MB * 1_000_000


def _property(node: Node, name: str) -> Node | None:
    properties = node.get("properties")
    return properties.get(name) if properties else None


def _flag(node: Node, name: str, report: Report) -> bool:
    member = node.get(name)
    if member is None or isinstance(member.value, bool):
        return bool(member and member.value)
    report(say.wrong_value(name, Text(" true 或 false", "true or false"), "true", member.place))
    return False


def _count(node: Node, name: str, report: Report) -> int | None:
    member = node.get(name)
    if member is None:
        return None
    if type(member.value) is int and member.value >= 0:
        return member.value
    report(say.wrong_value(name, _COUNT, f'"{name}": 2', member.place))
    return None


def _number(node: Node, name: str, report: Report) -> Decimal | None:
    member = node.get(name)
    if member is None:
        return None
    if type(member.value) in (int, Decimal):
        return Decimal(str(member.value))
    report(say.wrong_value(name, Text("数", "a number"), f'"{name}": 1', member.place))
    return None


def _pattern(validate: Node, report: Report) -> re.Pattern[str] | None:
    member = validate.get("pattern")
    if member is None:
        return None
    try:
        # JavaScript's \d and \w mean ASCII, and form-js tests for a match anywhere.
        return re.compile(str(member.value), re.ASCII)
    except re.error as error:
        wanted = Text(f"正则表达式（{error}）", f"a regular expression ({error})")
        report(say.wrong_value("pattern", wanted, '"pattern": "^[0-9]{6}$"', member.place))
        return None


def _format(node: Node, validate: Node, report: Report) -> str | None:
    member = _property(node, "format") or validate.get("validationType")
    if member is None or member.value == "custom":
        return None
    if member.value in FORMATS:
        return str(member.value)
    wanted = Text("已知的格式：" + "、".join(FORMATS), "one of " + ", ".join(FORMATS))
    report(say.wrong_value("format", wanted, '"format": "mobile"', member.place))
    return None


def _report_empty_range(
    validate: Node,
    name: str,
    low: int | Decimal | None,
    high: int | Decimal | None,
    report: Report,
) -> None:
    member = validate.get(name)
    if member and low is not None and high is not None and low > high:
        wanted = Text(f"不大于上限 {high} 的数", f"no more than the upper limit {high}")
        report(say.wrong_value(name, wanted, f'"{name}": {high}', member.place))
