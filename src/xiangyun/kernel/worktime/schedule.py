"""Recurrences of an office: by a cron expression, or in words that know working days.

| Written | Happens |
|---|---|
| `0 9 * * 1-5` | as `cron` reads it |
| `every working day at 09:00` | |
| `every 2 working days at 09:00` | on the second working day after the last time |
| `every 3 days at 09:00` | |
| `monthly on the last working day at 09:00` | |
| `monthly on working day 5 at 09:00` | the last one, where a month has fewer |
| `monthly on the last day at 09:00` | |
| `monthly on day 31 at 09:00` | on the last day of a shorter month |
| `yearly on 02-29 at 09:00` | on 28 February of other years |

The last four may say `or the next working day` before `at`. `R5/` before any of them ends it after
five times. Times are those of the office's clock; one that a change of the clock leaves out comes
as much later, one that comes twice is the first.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.worktime.calendar import Calendar
from xiangyun.kernel.worktime.cron import looks_like_cron, read_cron

_DAY = timedelta(days=1)
_FARTHEST = 366 * 9
"""Days to look ahead: between two 29 Februaries may lie eight years."""

Days = Callable[[date, Calendar], Iterator[date]]
"""The days after a day (which is not among them) on which something happens, in order."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurrence; `times` are the times of each of its days, `repeats` None without an end."""

    text: str
    days: Days
    times: tuple[time, ...]
    repeats: int | None = None

    def after(self, moment: datetime, calendar: Calendar) -> datetime | None:
        """The first moment after this one, on its clock; None beyond the calendar's end.

        A recurrence that counts (`every 2 working days`) counts from the day of `moment`. Raises
        NotCovered where working days are asked for of a year that nobody has entered.
        """
        for day in self._days(moment.date(), calendar):
            for at in self.times:
                local = datetime.combine(day, at, moment.tzinfo)
                # A time that the clock leaves out becomes one that there is.
                real = local.astimezone(UTC).astimezone(moment.tzinfo)
                if real > moment:
                    return real
        return None

    def _days(self, day: date, calendar: Calendar) -> Iterator[date]:
        """The days from this one on: today's later times come first."""
        before = day - _DAY
        yield from self.days(day if self.counts else before, calendar)

    @property
    def asks_for_working_days(self) -> bool:
        """Whether a calendar is needed to say when it happens."""
        return "working day" in self.text

    @property
    def counts(self) -> bool:
        """Whether the next day depends on the last one."""
        return bool(_COUNTED.fullmatch(self.text))


_COUNTED = re.compile(r"every (?P<n>[1-9]\d{0,2}) (?P<unit>days|working days)")
_MONTHLY = re.compile(
    r"monthly on (?:the (?P<last>last day|last working day)"
    r"|working day (?P<working>[1-9]\d?)|day (?P<day>[1-9]\d?))"
    r"(?P<shifted> or the next working day)?"
)
_YEARLY = re.compile(
    r"yearly on (?P<month>\d\d)-(?P<day>\d\d)(?P<shifted> or the next working day)?"
)
_TIMED = re.compile(r"(?P<days>.*\S)\s+at\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)")
_COUNT = re.compile(r"R(?P<count>[1-9]\d*)/\s*(?P<rest>.*)")


def read_schedule(text: str) -> Schedule:
    """A recurrence as it is written. Raises Refused (`work.E004`, `work.E005`) with the reason."""
    repeats, rest = None, " ".join(text.split())
    if match := _COUNT.fullmatch(rest):
        repeats, rest = int(match["count"]), match["rest"]
    if looks_like_cron(rest):
        cron = read_cron(rest)
        return Schedule(rest, _each(lambda day, calendar: cron.on(day)), cron.times, repeats)
    timed = _TIMED.fullmatch(rest)
    if timed is None or int(timed["hour"]) > 23 or int(timed["minute"]) > 59:
        raise _refused(text)
    at = time(int(timed["hour"]), int(timed["minute"]))
    return Schedule(timed["days"], _days_of(timed["days"], text), (at,), repeats)


def _days_of(words: str, text: str) -> Days:
    if words == "every working day":
        return _each(lambda day, calendar: calendar.works(day))
    if match := _COUNTED.fullmatch(words):
        return _every(int(match["n"]), match["unit"] == "working days")
    if (match := _MONTHLY.fullmatch(words)) and _is_of_a_month(match):
        return _in_months(_day_of_month(match), shifted=bool(match["shifted"]))
    if (match := _YEARLY.fullmatch(words)) and _is_of_a_year(match):
        month, day = int(match["month"]), int(match["day"])

        def yearly(first: date, calendar: Calendar) -> date | None:
            return _within(first, day) if first.month == month else None

        return _in_months(yearly, shifted=bool(match["shifted"]))
    raise _refused(text)


def _is_of_a_month(match: re.Match[str]) -> bool:
    shifted_for_nothing = match["shifted"] and (
        match["working"] or "working" in (match["last"] or "")
    )
    return (
        not shifted_for_nothing
        and int(match["day"] or 1) <= 31
        and int(match["working"] or 1) <= 23
    )


def _is_of_a_year(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), int(match["day"])
    return 1 <= month <= 12 and 1 <= day <= months.monthrange(2024, month)[1]


def _day_of_month(match: re.Match[str]) -> Callable[[date, Calendar], date]:
    """The day of a month, by the month's first."""
    if match["day"]:
        return lambda first, calendar: _within(first, int(match["day"]))
    if match["last"] == "last day":
        return lambda first, calendar: _within(first, 31)
    wanted = int(match["working"] or 31)

    def working(first: date, calendar: Calendar) -> date:
        last = _within(first, 31)
        worked = [day for day in _until(first, last) if calendar.works(day)]
        # A month without a working day there has never been; the holidays of an office may differ.
        return worked[min(wanted, len(worked)) - 1] if worked else last

    return working


def _within(first: date, day: int) -> date:
    """A day of the month, or its last where the month is shorter."""
    return first.replace(day=min(day, months.monthrange(first.year, first.month)[1]))


def _until(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += _DAY


def _each(holds: Callable[[date, Calendar], bool]) -> Days:
    """Every day for which something holds."""

    def days(after: date, calendar: Calendar) -> Iterator[date]:
        for number in range(1, _FARTHEST):
            if after > date.max - _DAY * number:
                return
            day = after + _DAY * number
            if holds(day, calendar):
                yield day

    return days


def _every(n: int, working: bool) -> Days:
    """The n-th day after the last, over and over."""

    def days(after: date, calendar: Calendar) -> Iterator[date]:
        for _ in range(_FARTHEST):
            if after > date.max - _DAY * n:
                return
            after = calendar.add_working_days(after, n) if working else after + _DAY * n
            yield after

    return days


def _in_months(day_of: Callable[[date, Calendar], date | None], *, shifted: bool) -> Days:
    """A day of each month, or none; perhaps the next working day instead, even if next month's."""

    def days(after: date, calendar: Calendar) -> Iterator[date]:
        first = after.replace(day=1)
        if shifted:  # what was due at the end of a month may be moved into this one
            first = (first - _DAY).replace(day=1)
        for _ in range(_FARTHEST // 28):
            day = day_of(first, calendar)
            if day is not None and shifted:
                day = calendar.next_working_day(day)
            if day is not None and day > after:
                yield day
            if (first.year, first.month) == (date.max.year, 12):
                return
            first = (first.replace(day=28) + _DAY * 4).replace(day=1)

    return days


def _refused(text: str) -> Refused:
    return Refused(
        [
            Finding(
                "work.E005",
                "error",
                Text(
                    "读不懂“{text}”：不是认识的重复方式。",
                    "“{text}” is not a recurrence that is read here.",
                    text=text,
                ),
                hint=Text(
                    "例如 0 9 * * 1-5、every 2 working days at 09:00、"
                    "monthly on the last working day at 09:00。",
                    "Such as 0 9 * * 1-5, every 2 working days at 09:00, or"
                    " monthly on the last working day at 09:00.",
                ),
            )
        ]
    )
