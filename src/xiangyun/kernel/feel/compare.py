"""Equality, order and membership (DMN 1.5 §10.3.2.7, tables 42 and 51–55): true, false or null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from xiangyun.kernel.feel.durations import NANOS, DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import DateTime, FarDate, Time
from xiangyun.kernel.feel.values import Function, Range, Value, kind_of
from xiangyun.kernel.findings import Text

# Moments are told apart by the millisecond, which XML Schema asks of everybody: the kit has
# 10:30:00.0001 equal 10:30:00.0002. `is` and subtraction see the whole fraction.
_PRECISION = NANOS // 1000

Order = Callable[[Any, Any], bool]


def sort_key(value: Value) -> tuple[str, Any] | None:
    """Kind and a key that orders values of that kind; None where there is no order."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Decimal):
        return "number", value
    if isinstance(value, str):
        return "string", value
    if isinstance(value, (date, FarDate)):
        return "date", value.toordinal()
    if isinstance(value, DateTime):
        return "date and time", value.instant // _PRECISION
    if isinstance(value, Time):
        return "time", value.instant // _PRECISION
    if isinstance(value, DaysTime):
        return "days and time duration", value.nanos
    if isinstance(value, YearsMonths):
        return "years and months duration", value.months
    return None


def compare(left: Value, right: Value, order: Order) -> bool:
    """`left order right`.

    Raises:
        NullResult: when the two cannot be ordered.
    """
    if type(left) is type(right) and type(left) in (Decimal, str):
        return order(left, right)
    first, second = sort_key(left), sort_key(right)
    if first is None or second is None or first[0] != second[0]:
        raise incomparable(left, right)
    return order(first[1], second[1])


def incomparable(left: Value, right: Value) -> NullResult:
    """The reason why two values that have no common order compare to null."""
    one, other = kind_of(left), kind_of(right)
    return NullResult(
        "type",
        Text(
            "{one} 与 {other} 不能比较。",
            "{one} and {other} cannot be compared.",
            one=one,
            other=other,
        ),
    )


def equal(left: Value, right: Value) -> bool:
    """`left = right`.

    Raises:
        NullResult: when the kinds differ, unless one side is null.
    """
    if left is None or right is None:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, Range) and isinstance(right, Range):
        return left.shape == right.shape and (
            same(left.low, right.low) and same(left.high, right.high)
        )
    if isinstance(left, bool) and isinstance(right, bool):
        return left is right
    if isinstance(left, Function) and isinstance(right, Function):
        return left is right
    first, second = sort_key(left), sort_key(right)
    if first is None or second is None or first[0] != second[0]:
        raise incomparable(left, right)
    return bool(first[1] == second[1])


def same(left: Value, right: Value) -> bool:
    """Equality where a difference of kind is simply a difference."""
    try:
        return equal(left, right)
    except NullResult:
        return False


def in_range(value: Value, interval: Range) -> bool:
    """Whether a value lies in a range.

    Raises:
        NullResult: when the value cannot be compared with the ends, or an end is null.
    """
    low, high = interval.low, interval.high
    if value is None or ((low is None or high is None) and not interval.unary):
        raise incomparable(value, interval)
    above = low is None or compare(value, low, ge if interval.low_closed else gt)
    below = high is None or compare(value, high, le if interval.high_closed else lt)
    return above and below


def matches(value: Value, candidate: Value) -> bool | None:
    """`value in candidate` for an evaluated candidate: equal to it, inside it, or among it."""
    try:
        if isinstance(candidate, Range) and not isinstance(value, Range):
            return in_range(value, candidate)
        if isinstance(candidate, list):
            if isinstance(value, list) and same(value, candidate):
                return True
            found = [matches(value, item) for item in candidate]
            return True in found
        return equal(value, candidate)
    except NullResult:
        return None
