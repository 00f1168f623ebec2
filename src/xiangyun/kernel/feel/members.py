"""What stands after the dot: entries of contexts, properties of temporals and ranges (table 65)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from xiangyun.kernel.feel.durations import NANOS, DaysTime, YearsMonths
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import DateTime, FarDate, Time, weekday
from xiangyun.kernel.feel.values import Range, Value, kind_of
from xiangyun.kernel.findings import Text


def _offset(value: Time | DateTime) -> DaysTime | None:
    return None if value.offset is None else DaysTime(value.offset * NANOS)


def _timezone(value: Time) -> str | None:
    return value.zone if isinstance(value.zone, str) else None


Properties = dict[str, Callable[[Any], Value]]

_DATE: Properties = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(weekday(value)),
}
_TIME: Properties = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": _offset,
    "timezone": _timezone,
}


def _of_part(part: str, properties: Properties) -> Properties:
    def lift(read: Callable[[Any], Value]) -> Callable[[Any], Value]:
        return lambda value: read(getattr(value, part))

    return {name: lift(read) for name, read in properties.items()}


_PROPERTIES: tuple[tuple[Any, Properties], ...] = (
    ((date, FarDate), _DATE),
    (Time, _TIME),
    (DateTime, {**_of_part("date", _DATE), **_of_part("time", _TIME), "time offset": _offset}),
    (
        DaysTime,
        {
            "days": lambda value: Decimal(value.members[0]),
            "hours": lambda value: Decimal(value.members[1]),
            "minutes": lambda value: Decimal(value.members[2]),
            "seconds": lambda value: Decimal(value.members[3]),
        },
    ),
    (
        YearsMonths,
        {
            "years": lambda value: Decimal(value.members[0]),
            "months": lambda value: Decimal(value.members[1]),
        },
    ),
    (
        Range,
        {
            "start": lambda value: value.low,
            "end": lambda value: value.high,
            "start included": lambda value: value.low_closed,
            "end included": lambda value: value.high_closed,
        },
    ),
)


def member(value: Value, name: str) -> Value:
    """`value.name`; over a list, the list of its elements' members.

    Raises:
        NullResult: when there is no such member.
    """
    if isinstance(value, dict):
        if name in value:
            return value[name]
        raise NullResult(
            "unknown-name", Text("没有条目“{name}”。", "There is no entry “{name}”.", name=name)
        )
    if isinstance(value, list):
        return [_lenient(element, name) for element in value]
    if value is not None:
        for classes, properties in _PROPERTIES:
            if isinstance(value, classes) and name in properties:
                return properties[name](value)
    kind = kind_of(value)
    raise NullResult(
        "unknown-name",
        Text("{kind} 没有“{name}”。", "{kind} has no “{name}”.", kind=kind, name=name),
    )


def _lenient(value: Value, name: str) -> Value:
    try:
        return member(value, name)
    except NullResult:
        return None
