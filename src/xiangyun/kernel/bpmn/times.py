"""When a timer is due: ISO 8601 dates, durations and repeating intervals (BPMN 2.0.2, 10.5.5).

A cycle may also be a recurrence of the clock and the calendar, such as `0 9 * * 1-5` or
`monthly on the last working day at 09:00` (see `worktime.schedule`), and a duration a span of the
office's time, such as `8 working hours` (see `worktime.spans`).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiangyun.kernel.feel import to_json
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime import (
    WEEKDAYS,
    Calendar,
    Schedule,
    WorkingSpan,
    read_schedule,
    read_working_span,
)

_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
FOREVER = -1


@dataclass(frozen=True, slots=True)
class Duration:
    """Months and an exact span; months are added by the calendar."""

    months: int
    span: timedelta

    @property
    def moves_on(self) -> bool:
        """Whether it leads forward: a cycle of nothing, or backward, would never end."""
        return self.months >= 0 and self.span >= timedelta(0) and bool(self.months or self.span)

    def after(self, moment: datetime) -> datetime:
        """The moment this long after; 31 January and one month is the last of February."""
        total = moment.month - 1 + self.months
        year, month = moment.year + total // 12, total % 12 + 1
        day = min(moment.day, calendar.monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day) + self.span


def parse_duration(text: str) -> Duration | None:
    """An ISO 8601 duration such as `P5D` or `PT12H`; None when it is not one."""
    found = _DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        return None
    sign = -1 if found[1] else 1
    try:
        years, months, weeks, days, hours, minutes = (int(found[at] or 0) for at in range(2, 8))
        span = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(found[8] or 0)
        )
    except (OverflowError, ValueError):
        return None  # longer than any calendar
    return Duration(sign * (12 * years + months), sign * span)


Span = Duration | WorkingSpan
"""What a timer may wait for: a time of the calendar, or one of the office."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a repeating timer repeats: `repeats` times, or for ever (-1)."""

    repeats: int
    every: Span | Schedule

    @property
    def moves_on(self) -> bool:
        """Whether it repeats at all, and gets on each time."""
        stands = isinstance(self.every, Duration) and not self.every.moves_on
        return self.repeats != 0 and not stands

    def after(self, moment: datetime, calendar: Calendar) -> datetime:
        """The next time after a moment. Raises OverflowError beyond the calendar."""
        if isinstance(self.every, Duration):
            return self.every.after(moment)
        found = self.every.after(moment, calendar)
        if found is None:
            raise OverflowError
        return found


def parse_span(text: str) -> Span | None:
    """`P5D`, `PT12H`, `5 working days`, `8 working hours`; None when it is no such time."""
    return parse_duration(text) or read_working_span(text)


def parse_cycle(text: str) -> Cycle | None:
    """`R3/PT1H` is one hour, three times; `R/P1D` and `0 9 * * 1-5` repeat for ever."""
    head, _, tail = text.partition("/")
    repeats, span = re.fullmatch(r"R([0-9]*)", head), parse_span(tail)
    if repeats and span is not None:
        return Cycle(int(repeats[1]) if repeats[1] else FOREVER, span)
    try:
        schedule = read_schedule(text)
    except Refused:
        return None
    return Cycle(schedule.repeats or FOREVER, schedule)


def recurrence_refused(text: str) -> Text | None:
    """Why a text that means to be a recurrence of the clock is not read; None where it is none."""
    if parse_cycle(text) is not None or text.startswith("R"):
        return None
    try:
        read_schedule(text)
    except Refused as refused:
        return refused.findings[0].message
    return None


def iso(value: Any) -> str:
    """A FEEL value as text: strings stay, temporal values become ISO 8601."""
    if isinstance(value, str):
        return value
    text = to_json(value)
    return text if isinstance(text, str) else ""


def as_moment(value: Any, at: datetime) -> datetime | date | None:
    """A date or a moment out of a FEEL value; a moment is given, and without a zone meant, in the
    zone of `at`."""
    # FEEL names zones behind an @ (DMN 1.5 clause 10.3.2.3.6), ISO 8601 knows only offsets.
    text, _, zone = iso(value).partition("@")
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        if zone:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return moment.astimezone(at.tzinfo) if moment.tzinfo else moment.replace(tzinfo=at.tzinfo)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


def due(
    kind: str, value: Any, at: datetime, calendar: Calendar = WEEKDAYS
) -> tuple[datetime, int] | None:
    """(first due moment, repeats left after it); None when the value is no such time.

    A bare date is due at its beginning. Raises NotCovered where working days are asked for of a
    year that nobody has entered.
    """
    if kind == "date":
        moment = _moment(value, at)
        return (moment, 0) if moment else None
    if kind == "duration":
        span = parse_span(iso(value))
        if span is None:
            return None
        once = Cycle(1, span)
        moment = _within_time(lambda: once.after(at, calendar))
        return (moment, 0) if moment else None
    cycle, moment = parse_cycle(iso(value)), next_due(value, at, calendar)
    if moment is None:
        return None
    return moment, (FOREVER if cycle is None or cycle.repeats == FOREVER else cycle.repeats - 1)


def next_due(value: Any, after: datetime, calendar: Calendar = WEEKDAYS) -> datetime | None:
    """When a cycle is due next; None when the value is no cycle that moves on.

    A formula is asked anew each round, and may give only what follows: how long it is to the next
    time, or the day or moment that it is.
    """
    text = iso(value)
    if (cycle := parse_cycle(text)) is not None:
        return _within_time(lambda: cycle.after(after, calendar)) if cycle.moves_on else None
    if (span := parse_span(text)) is not None:
        once = Cycle(1, span)
        return _within_time(lambda: once.after(after, calendar)) if once.moves_on else None
    moment = _moment(value, after)
    return moment if moment is not None and moment > after else None


def counts_working_days(value: Any) -> bool:
    """Whether a time asks which days offices work, so that a holiday entered later moves it."""
    text = iso(value)
    cycle = parse_cycle(text)
    every = cycle.every if cycle is not None else parse_span(text)
    if isinstance(every, Schedule):
        return every.asks_for_working_days
    return isinstance(every, WorkingSpan)


def recounted(
    kind: str, value: Any, since: datetime, calendar: Calendar = WEEKDAYS
) -> datetime | None:
    """When a timer is due that is set already, by a calendar that knows more than it did then.

    `since` and `value` are as they were when it was set. Raises NotCovered as `due` does.
    """
    found = due(kind, value, since, calendar)
    return found[0] if found else None


def _moment(value: Any, at: datetime) -> datetime | None:
    """A moment out of a FEEL value; a day begins at midnight."""
    moment = as_moment(value, at)
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime(moment.year, moment.month, moment.day, tzinfo=at.tzinfo)


def _within_time(work: Callable[[], datetime]) -> datetime | None:
    """A moment that is worked out, or None beyond the calendar, which ends with the year 9999."""
    try:
        return work()
    except (OverflowError, ValueError):
        return None
