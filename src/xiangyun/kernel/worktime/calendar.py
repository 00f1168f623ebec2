"""Working days: a function that knows them and the years it knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate

from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.worktime.hours import Hours
from xiangyun.kernel.worktime.office import office_hours

_DAY = timedelta(days=1)


def is_weekday(day: date) -> bool:
    """Whether a day is one of Monday to Friday, whatever holidays there are."""
    return day.weekday() < 5


class NotCovered(Conflict):
    """A day whose year has no known holidays: to guess would be to promise a wrong date."""

    def __init__(self, day: date, covered: range) -> None:
        self.day = day
        known = f"{covered.start}–{covered.stop - 1}" if covered else "-"
        message = Text(
            "{year} 年的节假日安排尚未录入（已知 {known} 年），无法计算到 {day} 的工作日。",
            "The holidays of {year} are not entered (known: {known}), "
            "so working days up to {day} cannot be counted.",
            year=day.year,
            known=known,
            day=day.isoformat(),
        )
        hint = Text(
            "请在国务院办公厅公布 {year} 年节假日安排后录入日历。",
            "Enter the holidays of {year} once the State Council's office has announced them.",
            year=day.year,
        )
        super().__init__([Finding("work.E001", "error", message, hint=hint)])


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days offices work: weekends, public holidays and exchanged days (调休) considered.

    `is_working_day` is asked only about days in the years of `covered`; `hours` are those of each
    of its working days; None: those in force for the office.
    """

    is_working_day: Callable[[date], bool]
    covered: range
    hours: Hours | None = None
    _years: dict[int, list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def with_weekends(self) -> Calendar:
        """The same calendar, which counts by weekends alone in the years after those it knows."""

        def works(day: date) -> bool:
            return self.is_working_day(day) if day.year in self.covered else is_weekday(day)

        return Calendar(works, range(self.covered.start, date.max.year), self.hours)

    def works(self, day: date) -> bool:
        """Whether offices work on a day. Raises NotCovered."""
        if day.year not in self.covered:
            raise NotCovered(day, self.covered)
        return self.is_working_day(day)

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`, which itself is not counted; before it for n < 0.

        For 0 it is `start`, worked or not. Raises NotCovered.
        """
        day, step = start, _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.works(day):
                day += step
        return day

    def add_working_hours(self, start: datetime, worked: timedelta) -> datetime:
        """When so much of the office's hours has gone by since a moment. Raises NotCovered.

        Nights, breaks and days off do not count; the end of a day's hours comes before the
        beginning of the next.
        """
        return (self.hours or office_hours()).add(start, worked, self)

    def working_hours_between(self, start: datetime, end: datetime) -> timedelta:
        """How much of the office's hours goes by between two moments. Raises NotCovered."""
        return (self.hours or office_hours()).between(start, end, self)

    def working_days_between(self, a: date, b: date) -> int:
        """The working days after `a` up to and including `b`; negative when `b` is before `a`.

        So `working_days_between(a, add_working_days(a, n))` is n for n >= 0. Raises NotCovered.
        """
        if b < a:
            return -self.working_days_between(b, a)
        if a == b:
            return 0
        first, last = a + _DAY, b
        for year in range(first.year, last.year + 1):
            if year not in self.covered:
                raise NotCovered(max(first, date(year, 1, 1)), self.covered)
        whole = sum(self._worked(year)[-1] for year in range(first.year, last.year))
        return whole + self._worked_by(last) - self._worked_by(first) + self.is_working_day(first)

    def _worked_by(self, day: date) -> int:
        """The working days of its year up to and including a day."""
        return self._worked(day.year)[day.timetuple().tm_yday]

    def _worked(self, year: int) -> list[int]:
        """The same for every day of a covered year, by its number in it; counted once."""
        if year not in self._years:
            first = date(year, 1, 1)
            days = (first + _DAY * i for i in range((date(year, 12, 31) - first).days + 1))
            self._years[year] = [*accumulate((self.is_working_day(d) for d in days), initial=0)]
        return self._years[year]

    def next_working_day(self, day: date) -> date:
        """The day itself when offices work, else the first on which they do. Raises NotCovered."""
        while not self.works(day):
            day += _DAY
        return day


WEEKDAYS = Calendar(is_weekday, range(date.min.year, date.max.year + 1))
"""Where nobody has said which days are holidays."""
