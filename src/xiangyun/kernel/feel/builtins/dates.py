"""Conversion to temporals and temporal functions (DMN 1.5 §10.3.4.1 and §10.3.4.11), and `is`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel.builtins.numbers import whole
from xiangyun.kernel.feel.builtins.registry import builtin
from xiangyun.kernel.feel.compare import same
from xiangyun.kernel.feel.durations import NANOS, DaysTime, parse_duration
from xiangyun.kernel.feel.errors import NullResult
from xiangyun.kernel.feel.temporal import (
    Date,
    DateTime,
    FarDate,
    Time,
    Zone,
    is_zone,
    make_date,
    make_time,
    months_between,
    parse_date,
    parse_date_time,
    parse_time,
    weekday,
)
from xiangyun.kernel.feel.values import Value, kind_of, text_of
from xiangyun.kernel.findings import Text


def _found(value: Value, what: Value, words: Text) -> Value:
    if value is None:
        what = what if isinstance(what, str) else ", ".join(map(text_of, what))
        raise NullResult(
            "conversion",
            Text("“{what}”不是{words}。", "“{what}” is not {words}.", what=what, words=words),
        )
    return value


@builtin("date(from: string)")
def _date_from_text(text: str) -> Value:
    return _found(parse_date(text), text, Text("日期", "a date"))


@builtin("date(from: date|date and time)")
def _date(value: Date | DateTime) -> Value:
    return value.date if isinstance(value, DateTime) else value


@builtin("date(year: number, month: number, day: number)")
def _date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    parts = whole(year, "year"), whole(month, "month"), whole(day, "day")
    return _found(make_date(*parts), (year, month, day), Text("日期", "a date"))


@builtin("time(from: string)")
def _time_from_text(text: str) -> Value:
    return _found(parse_time(text), text, Text("时间", "a time"))


@builtin("time(from: time|date and time|date)")
def _time(value: Time | DateTime | Date) -> Value:
    if isinstance(value, DateTime):
        return value.time
    return value if isinstance(value, Time) else Time(0, 0, 0, 0, 0)


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration?)")
def _time_from_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Value:
    zone = None if offset is None else _offset_seconds(offset)
    return _clock(hour, minute, second, zone)


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: Zone) -> Time:
    nanos = int((second % 1) * NANOS)
    parts = whole(hour, "hour"), whole(minute, "minute"), int(second)
    time: Time = _found(
        make_time(*parts, nanos, zone), (hour, minute, second), Text("时间", "a time")
    )
    return time


def _offset_seconds(offset: DaysTime) -> int:
    seconds = offset.nanos // NANOS
    if abs(seconds) > 18 * 3600:
        raise NullResult("range", Text("时差不超过 18 小时。", "An offset is at most 18 hours."))
    return seconds


@builtin("date and time(from: string)")
def _date_time_from_text(text: str) -> Value:
    return _found(parse_date_time(text), text, Text("日期时间", "a date and time"))


@builtin("date and time(from: date and time|date)")
def _date_time(value: DateTime | Date) -> Value:
    return value if isinstance(value, DateTime) else DateTime(value, Time(0, 0, 0, 0, 0))


@builtin("date and time(date: date|date and time, time: time)")
def _date_time_of(day: Date | DateTime, time: Time) -> Value:
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@builtin("date and time(date: date and time, timezone: string)")
def _date_time_in(moment: DateTime, timezone: str) -> Value:
    if not is_zone(timezone):
        raise NullResult(
            "arguments",
            Text("没有时区“{timezone}”。", "There is no zone “{timezone}”.", timezone=timezone),
        )
    time = moment.time
    return DateTime(moment.date, Time(time.hour, time.minute, time.second, time.nano, timezone))


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin(f"date and time({_PARTS}, offset?: days and time duration)")
@builtin(f"date and time({_PARTS}, timezone: string)")
def _date_time_from_parts(
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    zone: DaysTime | str | None = None,
) -> Value:
    if isinstance(zone, str) and not is_zone(zone):
        raise NullResult(
            "arguments", Text("没有时区“{zone}”。", "There is no zone “{zone}”.", zone=zone)
        )
    shift = _offset_seconds(zone) if isinstance(zone, DaysTime) else zone
    return DateTime(_date_from_parts(year, month, day), _clock(hour, minute, second, shift))


@builtin("duration(from: string)")
def _duration_from_text(text: str) -> Value:
    return _found(parse_duration(text), text, Text("时长", "a duration"))


@builtin("duration(from: days and time duration|years and months duration)")
def _duration(value: Value) -> Value:
    return value


@builtin("years and months duration(from: date|date and time, to: date|date and time)")
def _years_and_months(start: Date | DateTime, end: Date | DateTime) -> Value:
    return months_between(start, end)


@builtin("is(value1: any?, value2: any?)")
def _is(left: Value, right: Value) -> Value:
    """Identity of value and kind: zones count as written (§10.3.4.9)."""
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, DateTime):
        return left.date == right.date and _is(left.time, right.time)
    if isinstance(left, Time):
        return left.nanos == right.nanos and left.zone == right.zone
    return same(left, right)


# Calendar (§10.3.4.11) --------------------------------------------------------------------------

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("day of year(date: date|date and time)")
def _day_of_year(value: Date | DateTime) -> Value:
    day = _day(value)
    first: Date = _found(make_date(day.year, 1, 1), (day,), Text("日期", "a date"))
    return Decimal(day.toordinal() - first.toordinal() + 1)


@builtin("day of week(date: date|date and time)")
def _day_of_week(value: Date | DateTime) -> Value:
    return _DAYS[weekday(_day(value)) - 1]


@builtin("month of year(date: date|date and time)")
def _month_of_year(value: Date | DateTime) -> Value:
    return _MONTHS[_day(value).month - 1]


@builtin("week of year(date: date|date and time)")
def _week_of_year(value: Date | DateTime) -> Value:
    """The ISO 8601 week."""
    day = _day(value)
    if isinstance(day, FarDate):
        # The calendar repeats every 400 years, weekdays included.
        day = date(day.year % 400 + 2000, day.month, day.day)
    return Decimal(day.isocalendar().week)
