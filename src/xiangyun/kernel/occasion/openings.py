"""When a resource is open, and its slots on a day: by the calendar, on the clock of a zone.

Hours are times of the clock; slots are moments. Where the clocks are changed an hour is an hour all
the same: a night from 0:00 to 6:00 then has slots for five hours, or for seven.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from xiangyun.kernel.findings import Place
from xiangyun.kernel.worktime.hours import WorkingDays

WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS: Final = ("working", "off", "daily", *WEEK)
"""On which days: those on which offices work, those on which they do not, all, or a weekday."""
_SPAN = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")
_MIDNIGHT: Final = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a day in minutes of the clock from midnight, up to 24:00."""

    begin: int
    end: int

    @staticmethod
    def clock(minutes: int) -> str:
        """A time of the clock as it is written."""
        return f"{minutes // 60}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Opening:
    """Open on such days in these spans, which are in order and do not overlap."""

    days: str
    spans: tuple[Span, ...]
    place: Place = Place()  # noqa: RUF009 - a frozen value, the same for all

    def on(self, day: date, calendar: WorkingDays) -> bool:
        """Whether this is said of a day. Raises NotCovered."""
        if self.days == "daily":
            return True
        if self.days in WEEK:
            return WEEK[day.weekday()] == self.days
        return calendar.works(day) == (self.days == "working")


@dataclass(frozen=True, slots=True)
class Extended:
    """Hours that were granted on application, beside the usual ones, from a day to a day."""

    first: date
    last: date
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """From a moment until another, both in the zone of the office."""

    begin: datetime
    end: datetime


def read_hours(text: str) -> tuple[Span, ...] | None:
    """`8:30-12:00,13:00-24:00`; None where that is not spans of one day in order."""
    spans = []
    for part in text.split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None or int(found[2]) > 59 or int(found[4]) > 59:
            return None
        spans.append(Span(int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])))
    edges = [edge for span in spans for edge in (span.begin, span.end)]
    good = edges == sorted(edges) and edges[-1] <= _MIDNIGHT
    good = good and all(span.begin < span.end for span in spans)
    return tuple(spans) if good else None


def overlap(one: Opening, other: Opening) -> Span | None:
    """When both are said of the same time of a day that there may be; None where never."""
    apart = {one.days, other.days}
    if apart == {"working", "off"} or (len(apart) == 2 and apart <= set(WEEK)):
        return None
    for a in one.spans:
        for b in other.spans:
            if max(a.begin, b.begin) < min(a.end, b.end):
                return Span(max(a.begin, b.begin), min(a.end, b.end))
    return None


def spans_on(
    opening: Iterable[Opening],
    day: date,
    calendar: WorkingDays,
    extended: Iterable[Extended] = (),
) -> list[Span]:
    """When it is open on a day, in order; spans that meet or overlap are one. Raises NotCovered."""
    spans = [span for each in opening if each.on(day, calendar) for span in each.spans]
    spans += [span for each in extended if each.first <= day <= each.last for span in each.spans]
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.begin <= merged[-1].end:
            merged[-1] = Span(merged[-1].begin, max(span.end, merged[-1].end))
        else:
            merged.append(span)
    return merged


def slots_of(spans: Iterable[Span], day: date, length: timedelta, zone: tzinfo) -> Iterator[Slot]:
    """The whole slots in the spans of a day; what is left over at the end of one is none."""
    for span in spans:
        begin, end = (_moment(day, edge, zone) for edge in (span.begin, span.end))
        while begin + length <= end:
            yield Slot(begin.astimezone(zone), (begin + length).astimezone(zone))
            begin += length


def times_of_clock(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The moments at which a clock of the zone shows a time: one, two where it is put back, none
    where it is put forward over it."""
    found = {
        moment
        for fold in (0, 1)
        if (moment := wall.replace(tzinfo=zone, fold=fold).astimezone(UTC))
        .astimezone(zone)
        .replace(tzinfo=None, fold=0)
        == wall
    }
    return tuple(moment.astimezone(zone) for moment in sorted(found))


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)
