"""Spans of an office's time, as they are written: `8 working hours`, `5 working days`.

A working hour is one in which the office is open (`Hours` of the calendar). So many working days
end at the same time of the clock as they began, on a day on which offices work; the day on which
they begin is not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from xiangyun.kernel.worktime.calendar import Calendar

_WRITTEN = re.compile(r"(?P<n>[1-9]\d{0,3}) working (?P<unit>minute|hour|day)s?")


@dataclass(frozen=True, slots=True)
class WorkingSpan:
    """A number of working days, or a time of working hours."""

    days: int = 0
    time: timedelta = timedelta(0)

    def after(self, moment: datetime, calendar: Calendar) -> datetime:
        """The moment this long after, on its clock. Raises NotCovered."""
        if self.time:
            return calendar.add_working_hours(moment, self.time)
        day = calendar.add_working_days(moment.date(), self.days)
        return moment.replace(year=day.year, month=day.month, day=day.day)


def read_working_span(text: str) -> WorkingSpan | None:
    """A span as it is written; None when it is not one."""
    found = _WRITTEN.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    count = int(found["n"])
    if found["unit"] == "day":
        return WorkingSpan(days=count)
    unit = timedelta(hours=1) if found["unit"] == "hour" else timedelta(minutes=1)
    return WorkingSpan(time=count * unit)
