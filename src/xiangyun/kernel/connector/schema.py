"""JSON Schema for messages: a small, exact part of draft 2020-12, and everything else refused.

A message is data that another office relies on. What a schema says here means the same in every
validator: the keywords below as the draft has them, `format` as an assertion, and patterns in the
syntax of RE2, which no message can make slow. A keyword outside of these is refused by its name
when the pack is checked, so that none is silently without effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import re2

from xiangyun.kernel.connector.bodies import as_json
from xiangyun.kernel.findings import Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import Node, Report
from xiangyun.kernel.spelling import did_you_mean

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
FORMATS = ("date", "date-time", "uuid")
_LENGTHS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_SAID = ("title", "description", "$comment", "examples", "default", "$schema", "$id")
"""Annotations: they say something to people and assert nothing."""
KEYWORDS = (
    *("type", "enum", "const", "properties", "required", "additionalProperties", "items"),
    *("uniqueItems", "pattern", "format", "allOf", "anyOf", "oneOf", "not", "$ref", "$defs"),
    *_LENGTHS,
    *_BOUNDS,
    *_SAID,
)
DEEPEST = 40
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a value: where (JSON Pointer, RFC 6901), and what."""

    at: str
    says: Text

    def text(self) -> Text:
        """Place and fault as one sentence."""
        return Text(
            "{at}：{says}", "{at}: {says}", at=self.at or Text("整个报文", "the message"),
            says=self.says,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that was read without a fault; `says` is what it says, as JSON has it."""

    says: Any

    def problems(self, value: Any) -> list[Problem]:
        """All that is wrong with a value as JSON has it, in the order of the schema; none: fits."""
        return list(_check(self.says, value, "", self.says, 0))

    def fits(self, value: Any) -> bool:
        """Whether a value is as the schema says."""
        return next(_check(self.says, value, "", self.says, 0), None) is None


def read_schema(node: Node, report: Report) -> Schema:
    """A schema of a file. Unknown keywords, types and references are reported at their lines."""
    says = as_json(node.plain())
    _read(node, report, node, 0)
    return Schema(says)


# -- reading -----------------------------------------------------------------------------------


def _read(node: Node, report: Report, root: Node, depth: int) -> None:
    if isinstance(node.value, bool):
        return
    if not isinstance(node.value, dict) or depth > DEEPEST:
        report(_fault(node, Text("这里要写一个模式。", "A schema belongs here.")))
        return
    for key, inner in node.items():
        if key not in KEYWORDS:
            report(
                fault(
                    "connector.E001",
                    Text("模式里不用“{key}”。", "Schemas here do not use “{key}”.", key=key),
                    inner.place,
                    did_you_mean(key, KEYWORDS),
                )
            )
        elif wrong := _wrong(key, inner, root):
            report(_fault(inner, wrong))
        for below in _below(key, inner):
            _read(below, report, root, depth + 1)


def _below(key: str, node: Node) -> Iterator[Node]:
    """The schemas that a keyword holds."""
    if key in ("properties", "$defs"):
        yield from (each for _, each in node.items())
    elif key in ("allOf", "anyOf", "oneOf"):
        yield from node.value if isinstance(node.value, list) else ()
    elif key in ("items", "not", "additionalProperties"):
        yield node


def _wrong(key: str, node: Node, root: Node) -> Text | None:
    """What is wrong with the value of a keyword."""
    value = node.plain()
    if key == "type":
        named = value if isinstance(value, list) else [value]
        if not named or any(each not in TYPES for each in named):
            return Text("type 要写 {types} 之一。", "`type` is one of {types}.", types=list(TYPES))
    elif key in _LENGTHS and not (isinstance(value, Decimal) and value >= 0 and value % 1 == 0):
        return Text("这里要写非负整数。", "A whole number belongs here, not negative.")
    elif key in _BOUNDS and not isinstance(value, Decimal):
        return Text("这里要写数字。", "A number belongs here.")
    elif key == "multipleOf" and isinstance(value, Decimal) and value <= 0:
        return Text("multipleOf 要大于 0。", "`multipleOf` is above 0.")
    elif key in ("properties", "$defs") and not isinstance(value, dict):
        return Text("这里要写若干“名称: 模式”。", "Names with a schema each belong here.")
    elif key == "required" and not _strings(value):
        return Text("required 要写名称的列表。", "`required` is a list of names.")
    elif key in ("enum", "allOf", "anyOf", "oneOf") and not (isinstance(value, list) and value):
        return Text("这里要写列表，至少一项。", "A list belongs here, of one item at least.")
    elif key == "format" and value not in FORMATS:
        return Text("format 要写 {formats} 之一。", "`format` is one of {formats}.",
                    formats=list(FORMATS))  # fmt: skip
    elif key == "uniqueItems" and not isinstance(value, bool):
        return Text("这里要写 true 或 false。", "true or false belongs here.")
    elif key == "pattern":
        return _wrong_pattern(value)
    elif key == "$ref":
        return _wrong_reference(value, root)
    return None


def _wrong_pattern(value: object) -> Text | None:
    try:
        re2.compile(value if isinstance(value, str) else "(")
    except re2.error:
        return Text(
            "读不懂这个模式式样（RE2 语法）。", "The pattern cannot be read (syntax of RE2)."
        )
    return None


def _wrong_reference(value: object, root: Node) -> Text | None:
    """References lead to `$defs` of the same schema; one that leads to itself never ends."""
    name = str(value).removeprefix("#/$defs/")
    defined = root.get("$defs")
    seen: list[str] = []
    while True:
        found = defined.get(name) if defined and f"#/$defs/{name}" == str(value) else None
        if found is None:
            return Text(
                "$ref 只能指向 #/$defs/ 里有的名称。", "`$ref` names something in `#/$defs/`."
            )
        seen.append(name)
        further = found.get("$ref")
        if further is None:
            return None
        value, name = further.plain(), str(further.plain()).removeprefix("#/$defs/")
        if name in seen:
            return Text("$ref 兜了圈子。", "`$ref` leads round in a circle.")


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _fault(node: Node, wrong: Text) -> Any:
    return fault(
        "connector.E002",
        wrong,
        node.place,
        Text("见 JSON Schema 2020-12。", "See JSON Schema, draft 2020-12."),
    )


# -- validating --------------------------------------------------------------------------------


def _check(says: Any, value: Any, at: str, root: Any, depth: int) -> Iterator[Problem]:
    if says is True or not isinstance(says, Mapping):
        if says is False:
            yield Problem(at, Text("不应该有。", "it should not be there"))
        return
    if depth > DEEPEST:
        yield Problem(at, Text("层数太多。", "it is nested too deep"))
        return
    if "$ref" in says:
        target = root["$defs"][str(says["$ref"]).removeprefix("#/$defs/")]
        yield from _check(target, value, at, root, depth + 1)
    for key, test in _TESTS.items():
        if key in says and (wrong := test(says[key], value)) is not None:
            yield Problem(at, wrong)
            if key == "type":
                return
    yield from _inside(says, value, at, root, depth)
    yield from _together(says, value, at, root, depth)


def _inside(says: Mapping[str, Any], value: Any, at: str, root: Any, d: int) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        named = says.get("properties", {})
        for name in says.get("required", ()):
            if name not in value:
                yield Problem(_step(at, name), Text("缺少。", "it is missing"))
        for name, inner in value.items():
            if name in named:
                yield from _check(named[name], inner, _step(at, name), root, d + 1)
            elif "additionalProperties" in says:
                further = says["additionalProperties"]
                yield from _check(further, inner, _step(at, name), root, d + 1)
    if isinstance(value, list) and "items" in says:
        for number, inner in enumerate(value):
            yield from _check(says["items"], inner, _step(at, str(number)), root, d + 1)


def _together(says: Mapping[str, Any], value: Any, at: str, root: Any, d: int) -> Iterator[Problem]:
    def fits(each: Any) -> bool:
        return next(_check(each, value, at, root, d + 1), None) is None

    for each in says.get("allOf", ()):
        yield from _check(each, value, at, root, d + 1)
    if "anyOf" in says and not any(map(fits, says["anyOf"])):
        yield Problem(at, Text("不符合 anyOf 中的任何一种。", "it fits none of `anyOf`"))
    if "oneOf" in says and sum(map(fits, says["oneOf"])) != 1:
        yield Problem(
            at, Text("没有恰好符合 oneOf 中的一种。", "it does not fit exactly one of `oneOf`")
        )
    if "not" in says and fits(says["not"]):
        yield Problem(at, Text("符合了不许符合的模式。", "it fits what it must not fit"))


def _step(at: str, name: str) -> str:
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


def _is_type(name: str, value: Any) -> bool:
    number = isinstance(value, int | Decimal | float) and not isinstance(value, bool)
    match name:
        case "object":
            return isinstance(value, Mapping)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "number":
            return number
        case "integer":
            return number and value == int(value)
        case "boolean":
            return isinstance(value, bool)
    return value is None


def _same(left: Any, right: Any) -> bool:
    """Equal as JSON: 1 is 1.0, and true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(_same(left[k], right[k]) for k in left)
    return bool(left == right)


def _type(types: Any, value: Any) -> Text | None:
    named = types if isinstance(types, list) else [types]
    if any(_is_type(each, value) for each in named):
        return None
    return Text("类型应为 {types}。", "its type should be {types}", types=list(named))


def _enum(values: Sequence[Any], value: Any) -> Text | None:
    if any(_same(each, value) for each in values):
        return None
    said = [str(each) for each in values]
    return Text("应为 {values} 之一。", "it should be one of {values}", values=said)


def _const(wanted: Any, value: Any) -> Text | None:
    if _same(wanted, value):
        return None
    return Text("应为“{value}”。", "it should be “{value}”", value=str(wanted))


def _bounded(least: bool, of: type, says: Text) -> Callable[[Any, Any], Text | None]:
    def test(bound: Any, value: Any) -> Text | None:
        if not isinstance(value, of):
            return None
        size = len(value)  # type: ignore[arg-type]
        return None if (size >= bound if least else size <= bound) else says.filled({"n": bound})

    return test


def _number(holds: Callable[[Any, Any], bool], says: Text) -> Callable[[Any, Any], Text | None]:
    def test(bound: Any, value: Any) -> Text | None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
            return None
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        return None if holds(exact, bound) else says.filled({"n": str(bound)})

    return test


def _unique(wanted: Any, value: Any) -> Text | None:
    if wanted is not True or not isinstance(value, list):
        return None
    twice = any(_same(a, b) for n, a in enumerate(value) for b in value[:n])
    return Text("有重复的项。", "an item stands there twice") if twice else None


def _pattern(pattern: str, value: Any) -> Text | None:
    if not isinstance(value, str) or re2.search(pattern, value):
        return None
    return Text("不符合式样 {pattern}。", "it does not match {pattern}", pattern=pattern)


def _format(name: str, value: Any) -> Text | None:
    if not isinstance(value, str) or _is_format(name, value):
        return None
    return Text("不是 {name}。", "it is no {name}", name=name)


def _is_format(name: str, value: str) -> bool:
    try:
        if name == "date":
            return bool(_DAY.fullmatch(value) and date.fromisoformat(value))
        if name == "date-time":
            return bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(value.upper()))
    except ValueError:
        return False
    return bool(_UUID.fullmatch(value))


_TESTS: Mapping[str, Callable[[Any, Any], Text | None]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "uniqueItems": _unique,
    "pattern": _pattern,
    "format": _format,
    "minLength": _bounded(True, str, Text("至少 {n} 个字。", "it has {n} characters at least")),
    "maxLength": _bounded(False, str, Text("至多 {n} 个字。", "it has {n} characters at most")),
    "minItems": _bounded(True, list, Text("至少 {n} 项。", "it has {n} items at least")),
    "maxItems": _bounded(False, list, Text("至多 {n} 项。", "it has {n} items at most")),
    "minProperties": _bounded(True, dict, Text("至少 {n} 个键。", "it has {n} keys at least")),
    "maxProperties": _bounded(False, dict, Text("至多 {n} 个键。", "it has {n} keys at most")),
    "minimum": _number(lambda x, n: bool(x >= n), Text("至少是 {n}。", "it is {n} at least")),
    "maximum": _number(lambda x, n: bool(x <= n), Text("至多是 {n}。", "it is {n} at most")),
    "exclusiveMinimum": _number(lambda x, n: bool(x > n), Text("要大于 {n}。", "it is above {n}")),
    "exclusiveMaximum": _number(lambda x, n: bool(x < n), Text("要小于 {n}。", "it is below {n}")),
    "multipleOf": _number(
        lambda x, n: Decimal(x) % Decimal(n) == 0,
        Text("要是 {n} 的倍数。", "it is a multiple of {n}"),
    ),
}
