"""Hours in which an office works: limits counted in working hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

_DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """What hours need to know of a calendar."""

    def works(self, day: date) -> bool:
        """Whether offices work on a day. Raises NotCovered."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office works on a working day: spans in order. Raises ValueError for others."""

    spans: tuple[tuple[time, time], ...] = (
        (time(8, 30), time(12)),
        (time(13), time(16, 30)),
    )

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError("office hours are spans of one day, in order, without overlap")

    @staticmethod
    def parse(text: str) -> Hours:
        """Read `8:30-12:00,13:00-16:30`. Raises ValueError."""
        spans = []
        for part in text.split(","):
            begin, end = (_time(edge) for edge in part.split("-"))
            spans.append((begin, end))
        return Hours(tuple(spans))

    @property
    def minutes(self) -> float:
        """Minutes worked on a working day."""
        return sum(minutes_of(end) - minutes_of(begin) for begin, end in self.spans)

    def add(self, start: datetime, worked: timedelta, calendar: WorkingDays) -> datetime:
        """When so much time has been worked since a moment; nights and days off do not count.

        For nothing it is the moment itself. The end of a day's hours comes before the beginning of
        the next. Raises NotCovered, and ValueError for less than nothing.
        """
        if worked < timedelta(0):
            raise ValueError("time is not worked backwards")
        if not worked:
            return start
        for opens, closes in self._open(start, calendar):
            if worked <= closes - opens:
                return (opens + worked).astimezone(start.tzinfo)
            worked -= closes - opens
        raise OverflowError("beyond the last year of the calendar")

    def between(self, start: datetime, end: datetime, calendar: WorkingDays) -> timedelta:
        """The time worked from a moment until another; negative when that lies before it.

        Raises NotCovered.
        """
        if end < start:
            return -self.between(end, start, calendar)
        worked = timedelta(0)
        until = end.astimezone(UTC)
        for opens, closes in self._open(start, calendar, end.astimezone(start.tzinfo).date()):
            if opens >= until:
                break
            worked += min(closes, until) - opens
        return worked

    def _open(
        self, start: datetime, calendar: WorkingDays, last: date | None = None
    ) -> Iterator[tuple[datetime, datetime]]:
        """The spans from a moment on, in UTC, where an hour is an hour whatever the clocks do."""
        day, begun = start.date(), start.astimezone(UTC)
        while last is None or day <= last:
            if calendar.works(day):
                for opens, closes in self.spans:
                    first = datetime.combine(day, opens, start.tzinfo).astimezone(UTC)
                    end = datetime.combine(day, closes, start.tzinfo).astimezone(UTC)
                    if end > begun:
                        yield max(first, begun), end
            if day == date.max:
                return
            day += _DAY


def minutes_of(edge: time) -> float:
    """The minutes from midnight to a time of the clock."""
    return edge.hour * 60 + edge.minute + edge.second / 60


def _time(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    return time(int(hour), int(minute or 0))
