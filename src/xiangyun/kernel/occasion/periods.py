"""When a duty is due again: the day after the last one, by what was said of how often.

What recurs by the calendar (`monthly on the last working day`, cron) is due on these days, whenever
it was done. What has an interval (`P30D`, `5 working days`) is due so long after the day on which
it was due last. After an outage only the latest of the days that went by counts: nobody catches up
on twelve visits at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xiangyun.kernel.bpmn.times import Duration, parse_span
from xiangyun.kernel.feel import Value, to_json
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.worktime import Calendar, Schedule, WorkingSpan, read_schedule

Interval = Schedule | Duration | WorkingSpan


class NoInterval(ValueError):
    """What was said is no interval; its cause says why, where there is more to say."""


@dataclass(frozen=True, slots=True)
class Due:
    """`on`: the day it is due now, None where it is not; `next`: when it is due after that, None
    where never again."""

    on: date | None
    next: date | None


def read_every(value: Value) -> Interval | None:
    """An interval as it is written, or as a formula or decision gives it; null is none at all.

    A number is one of days. Raises NoInterval.
    """
    if value is None:
        return None
    if isinstance(value, Decimal):
        value = f"P{value:f}D"
    text = value if isinstance(value, str) else to_json(value)
    if not isinstance(text, str):
        raise NoInterval(repr(value))
    if (span := parse_span(text)) is not None:
        if isinstance(span, WorkingSpan) and not span.days:
            raise NoInterval(text)  # a duty is of days
        if isinstance(span, Duration) and not _moves_on(span):
            raise NoInterval(text)
        return span
    try:
        return read_schedule(text)
    except Refused as refused:
        try:
            return read_schedule(f"{text} at 00:00")
        except Refused:
            raise NoInterval(text) from refused


def due_by(
    every: Interval | None, last: date | None, since: date, on: date, calendar: Calendar
) -> Due:
    """What is due on a day, of something that was due last on `last` and is a duty `since`.

    What was never due yet is so on the first day, or on the first day of its recurrence. Raises
    NotCovered where working days are asked for of a year that nobody has entered.
    """
    if every is None:
        return Due(None, None)
    if isinstance(every, Schedule):
        return _recurring(every, last, since, on, calendar)
    day = since if last is None else _after(every, last, calendar)
    found: date | None = None
    while day <= on:
        found = day
        day = _after(every, day, calendar)
    return Due(found, day)


def _recurring(
    every: Schedule, last: date | None, since: date, on: date, calendar: Calendar
) -> Due:
    found: date | None = None
    begin = since - timedelta(days=1) if last is None else last
    for day in every.days(begin, calendar):
        if day > on:
            return Due(found, day)
        found = day
    return Due(found, None)


def _after(span: Duration | WorkingSpan, day: date, calendar: Calendar) -> date:
    if isinstance(span, WorkingSpan):
        return calendar.add_working_days(day, span.days)
    return span.after(datetime.combine(day, time())).date()


def _moves_on(span: Duration) -> bool:
    return span.moves_on and (span.months > 0 or span.span >= timedelta(days=1))
