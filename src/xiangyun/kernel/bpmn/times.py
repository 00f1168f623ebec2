"""When a timer is due: ISO 8601 dates, durations and repeating intervals (BPMN 2.0.2, 10.5.5).

A cycle may also be a recurrence of the clock and the calendar, such as `0 9 * * 1-5` or
`monthly on the last day at 09:00` (see `worktime.schedule`), where no working days are asked for.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiangyun.kernel.feel import to_json
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.worktime import Calendar, Schedule, read_schedule

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


@dataclass(frozen=True, slots=True)
class Recurring:
    """A recurrence of the clock and the calendar as a timer has it."""

    schedule: Schedule
    moves_on = True

    def after(self, moment: datetime) -> datetime:
        """The next time after a moment. Raises OverflowError beyond the calendar."""
        found = self.schedule.after(moment, _EVERY_DAY)
        if found is None:
            raise OverflowError
        return found


_EVERY_DAY = Calendar(lambda day: True, range(1, 10_000))
"""For recurrences that ask for no working days."""


def parse_cycle(text: str) -> tuple[int, Duration | Recurring] | None:
    """`R3/PT1H` as (3, one hour); `R/P1D` and `0 9 * * 1-5` repeat for ever (-1)."""
    head, _, tail = text.partition("/")
    repeats = re.fullmatch(r"R([0-9]*)", head)
    duration = parse_duration(tail)
    if repeats and duration is not None:
        return (int(repeats[1]) if repeats[1] else FOREVER), duration
    try:
        schedule = read_schedule(text)
    except Refused:
        return None
    if schedule.asks_for_working_days:
        return None
    return schedule.repeats or FOREVER, Recurring(schedule)


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


def due(kind: str, value: Any, at: datetime) -> tuple[datetime, int] | None:
    """(first due moment, repeats left after it); None when the value is no such time.

    A bare date is due at its beginning.
    """
    if kind == "date":
        moment = as_moment(value, at)
        if moment is None:
            return None
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, tzinfo=at.tzinfo)
        return moment, 0
    if kind == "duration":
        duration = parse_duration(iso(value))
        moment = _added(duration, at) if duration else None
        return (moment, 0) if moment else None
    cycle, moment = parse_cycle(iso(value)), next_due(value, at)
    if cycle is None or cycle[0] == 0 or moment is None:
        return None
    return moment, (FOREVER if cycle[0] == FOREVER else cycle[0] - 1)


def next_due(value: Any, after: datetime) -> datetime | None:
    """When a cycle is due next; None when the value is no cycle that moves on."""
    cycle = parse_cycle(iso(value))
    return _added(cycle[1], after) if cycle and cycle[1].moves_on else None


def _added(duration: Duration | Recurring, moment: datetime) -> datetime | None:
    """The moment this long after, or None beyond the calendar, which ends with the year 9999."""
    try:
        return duration.after(moment)
    except (OverflowError, ValueError):
        return None
