"""Values written out: `@"…"` literals and ranges."""

from __future__ import annotations

from dataclasses import replace
from operator import gt

from xiangyun.kernel.feel.compare import compare, sort_key
from xiangyun.kernel.feel.durations import parse_duration
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import parse_date, parse_date_time, parse_time
from xiangyun.kernel.feel.values import Range, Value, kind_of
from xiangyun.kernel.findings import Text


def at_literal(text: str) -> Value:
    """The date, time, date and time or duration a text means; None when it means none."""
    for parse in (parse_date, parse_date_time, parse_time, parse_duration):
        value = parse(text)
        if value is not None:
            return value
    return None


def make_range(low: Value, high: Value, low_closed: bool, high_closed: bool) -> Range:
    """A range whose ends fit each other.

    Raises:
        NullResult: when the ends have no order, or stand the wrong way round.
    """
    for end in (low, high):
        if end is not None and sort_key(end) is None:
            kind = kind_of(end)
            raise NullResult(
                "type", Text("{kind} 不能作区间。", "{kind} cannot bound a range.", kind=kind)
            )
    if low is not None and high is not None and compare(low, high, gt):
        raise NullResult(
            "range", Text("区间的两端颠倒。", "The range's ends are the wrong way round.")
        )
    return Range(low, high, low_closed, high_closed)


def unary_range(operator: str, end: Value) -> Value:
    """`(< end)` and the like as ranges (grammar rule 7 with §10.3.2.7).

    They are told apart from ranges written with two ends: `(= 10)` is not `[10..10]`.
    """
    if end is None:
        raise NullResult("range", Text("空值不成区间。", "null makes no range."))
    if operator == "=":
        return replace(make_range(end, end, True, True), unary=True)
    if operator == "!=":
        raise NullResult("range", Text("“!=”不成区间。", "“!=” makes no range."))
    if operator[0] == "<":
        return replace(make_range(None, end, False, operator == "<="), unary=True)
    return replace(make_range(end, None, operator == ">=", False), unary=True)
