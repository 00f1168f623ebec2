"""Office hours on a calendar: working minutes counted through days, and moments found by them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from xiangyun.kernel.worktime import Calendar, Hours
from xiangyun.kernel.worktime.hours import minutes_of

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Timetable:
    """Working minutes from the beginning of the day `first` on. Grows as it is asked."""

    def __init__(self, first: date, hours: Hours, calendar: Calendar, zone: tzinfo) -> None:
        self.hours, self.calendar, self.zone = hours, calendar, zone
        self.first = self._next = first
        self._begins: list[datetime] = []
        self._ends: list[datetime] = []
        self._counts: list[float] = []
        """Minutes worked before each span."""
        self._total = 0.0

    def days(self, count: int) -> Iterator[date]:
        """The first so many days on which the office opens."""
        day = self.first
        while count:
            if self.calendar.works(day):
                count -= 1
                yield day
            day += _DAY

    def until(self, closing: time) -> Timetable:
        """The same days, each open until then; earlier than it is it never closes."""
        *before, (begin, end) = self.hours.spans
        longer = Hours((*before, (begin, max(end, closing))))
        return Timetable(self.first, longer, self.calendar, self.zone)

    def minutes(self, at: datetime) -> float:
        """The minutes worked from the beginning until a moment."""
        self._reach(at)
        found = bisect_right(self._begins, at) - 1
        if found < 0:
            return 0.0
        worked = min(at, self._ends[found]) - self._begins[found]
        return self._counts[found] + worked / _MINUTE

    def moment(self, minutes: float) -> datetime:
        """The first moment at which so many minutes are worked."""
        while self._total < minutes or not self._counts:
            self._add_day()
        # Exactly at the end of a span it is that end, not the beginning of the next one.
        found = max(bisect_right(self._counts, minutes) - 1, 0)
        if found and self._counts[found] == minutes:
            found -= 1
        return self._begins[found] + _MINUTE * (minutes - self._counts[found])

    def after(self, at: datetime, minutes: float) -> datetime:
        """When work of so many minutes ends that is begun at `at`."""
        return self.moment(self.minutes(at) + minutes)

    def opening(self, at: datetime) -> datetime:
        """The moment itself when the office is open, else its next opening."""
        self._reach(at)
        found = bisect_right(self._begins, at) - 1
        if found >= 0 and at < self._ends[found]:
            return at
        while len(self._begins) == found + 1:
            self._add_day()
        return self._begins[found + 1]

    def _reach(self, at: datetime) -> None:
        while self._next <= at.date():
            self._add_day()

    def _add_day(self) -> None:
        day, self._next = self._next, self._next + _DAY
        if not self.calendar.works(day):
            return
        for begin, end in self.hours.spans:
            self._begins.append(datetime.combine(day, begin, self.zone))
            self._ends.append(datetime.combine(day, end, self.zone))
            self._counts.append(self._total)
            self._total += minutes_of(end) - minutes_of(begin)
