"""When a timer is due: ISO 8601 dates, durations and repeating intervals (BPMN 2.0.2, 10.5.5)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiangyun.kernel.feel import to_json

_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
FOREVER = -1


@dataclass(frozen=True, slots=True)
class Duration:
    """Months and an exact span; months are added by the calendar."""

    months: int
    span: timedelta

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
    years, months, weeks, days, hours, minutes = (int(found[at] or 0) for at in range(2, 8))
    span = timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(found[8] or 0)
    )
    return Duration(sign * (12 * years + months), sign * span)


def parse_cycle(text: str) -> tuple[int, Duration] | None:
    """`R3/PT1H` as (3, one hour); `R/P1D` repeats for ever (-1)."""
    head, _, tail = text.partition("/")
    repeats = re.fullmatch(r"R(\d*)", head)
    duration = parse_duration(tail)
    if not repeats or duration is None:
        return None
    return (int(repeats[1]) if repeats[1] else FOREVER), duration


def iso(value: Any) -> str:
    """A FEEL value as text: strings stay, temporal values become ISO 8601."""
    if isinstance(value, str):
        return value
    told = to_json(value)
    return told if isinstance(told, str) else ""


def as_moment(value: Any, at: datetime) -> datetime | date | None:
    """A date or a moment out of a FEEL value; without a zone it is meant in the zone of `at`."""
    # FEEL names zones behind an @ (DMN 1.5 clause 10.3.2.3.6), ISO 8601 knows only offsets.
    text, _, zone = iso(value).partition("@")
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        if zone:
            return moment.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=at.tzinfo)


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
        return (duration.after(at), 0) if duration else None
    cycle = parse_cycle(iso(value))
    if cycle is None or cycle[0] == 0:
        return None
    repeats, each = cycle
    return each.after(at), (repeats if repeats == FOREVER else repeats - 1)
