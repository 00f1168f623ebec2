"""String functions (DMN 1.5 §10.3.4.3), `not` (§10.3.4.2); characters are code points."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from functools import cache
from importlib import import_module
from types import ModuleType

from xiangyun.kernel.feel.budget import fits, weight
from xiangyun.kernel.feel.builtins.registry import builtin
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.scope import Evaluation
from xiangyun.kernel.feel.values import DECIMAL128, Value, text_of
from xiangyun.kernel.findings import Text


@builtin("not(negand: boolean)")
def _not(negand: bool) -> Value:
    return not negand


@builtin("string(from: any?)", metered=True)
def _string(evaluation: Evaluation, value: Value) -> Value:
    if value is None:
        return None
    evaluation.spend(weight(value))
    text = text_of(value)
    fits(len(text))
    return text


@builtin("number(from: string)")
@builtin("number(from: string, grouping separator: string?, decimal separator?: string?)")
def _number(text: str, grouping: str | None = None, point: str | None = None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise NullResult("arguments", Text("分隔符不对。", "These separators are not allowed."))
    if grouping is not None and grouping == point:
        raise NullResult("arguments", Text("两个分隔符相同。", "The two separators are the same."))
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if set(plain) <= set("+-0123456789.eE"):
        try:
            return DECIMAL128.create_decimal(plain)
        except DecimalException:
            pass
    raise NullResult("conversion", Text("“{text}”不是数。", "“{text}” is not a number.", text=text))


@builtin("substring(string: string, start position: number, length?: number)")
def _substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    at = int(start)  # a fraction is cut off
    if at == 0:
        raise NullResult("index", Text("位置从 1 起。", "Positions begin at 1."))
    first = at - 1 if at > 0 else len(text) + at
    if length is None:
        return text[max(first, 0) :]
    if length < 1:
        raise NullResult("range", Text("长度至少为 1。", "The length must be at least 1."))
    return text[max(first, 0) : max(first + int(length), 0)]


@builtin("string length(string: string)")
def _string_length(text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case(string: string)")
def _upper_case(text: str) -> Value:
    return text.upper()


@builtin("lower case(string: string)")
def _lower_case(text: str) -> Value:
    return text.lower()


@builtin("substring before(string: string, match: string)")
def _substring_before(text: str, match: str) -> Value:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def _substring_after(text: str, match: str) -> Value:
    return text.partition(match)[2] if match else text


@builtin("contains(string: string, match: string)")
def _contains(text: str, match: str) -> Value:
    return match in text


@builtin("starts with(string: string, match: string)")
def _starts_with(text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with(string: string, match: string)")
def _ends_with(text: str, match: str) -> Value:
    return text.endswith(match)


# Patterns are those of XPath, and so is what counts as an error (F&O 3.1 §5.6).


@cache
def _patterns() -> ModuleType:
    """The room of patterns with its engines, loaded by the first rule that has one."""
    return import_module("xiangyun.kernel.feel.patterns")


@builtin("matches(input: string, pattern: string, flags?: string?)", metered=True)
def _matches(evaluation: Evaluation, text: str, pattern: str, flags: str | None = None) -> Value:
    return _patterns().compiled(pattern, flags or "").found(text, evaluation.spend)


@builtin(
    "replace(input: string, pattern: string, replacement: string, flags?: string?)", metered=True
)
def _replace(
    evaluation: Evaluation, text: str, pattern: str, new: str, flags: str | None = None
) -> Value:
    found = _patterns().compiled(pattern, flags or "")
    return _patterns().replaced(text, found, new, evaluation.spend)


@builtin("split(string: string, delimiter: string)", metered=True)
def _split(evaluation: Evaluation, text: str, delimiter: str) -> Value:
    return _patterns().split(text, _patterns().compiled(delimiter, ""), evaluation.spend)
