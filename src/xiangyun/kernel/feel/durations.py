"""Durations (DMN 1.5 §10.3.2.3.7–8): days and time in nanoseconds, years and months in months."""

from __future__ import annotations

import re
from dataclasses import dataclass

NANOS = 1_000_000_000
DAY = 86_400 * NANOS

_DURATION = re.compile(
    r"(-)?P(?=.)(?:(\d{1,30})Y)?(?:(\d{1,30})M)?(?:(\d{1,30})D)?"
    r"(?:T(?=.)(?:(\d{1,30})H)?(?:(\d{1,30})M)?(?:(\d{1,30})(?:\.(\d*))?S)?)?",
    re.ASCII,
)
# XQuery's ranges are left to the implementation; beyond this, arithmetic on dates has no meaning.
_MOST_DAYS = 10**12
_MOST_MONTHS = 12 * 10**12


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A days and time duration, in whole nanoseconds."""

    nanos: int

    @property
    def members(self) -> tuple[int, int, int, int]:
        """Days, hours, minutes and seconds, all with the duration's sign."""
        sign = -1 if self.nanos < 0 else 1
        seconds = abs(self.nanos) // NANOS
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        return sign * days, sign * hour, sign * minute, sign * second

    def __str__(self) -> str:
        day, hour, minute, second = (abs(part) for part in self.members)
        fraction = abs(self.nanos) % NANOS
        seconds = f"{second}.{fraction:09d}".rstrip("0") if fraction else str(second)
        time = "".join(
            f"{value}{unit}"
            for value, unit in ((hour or "", "H"), (minute or "", "M"), (seconds, "S"))
            if value not in ("", "0")
        )
        days = f"{day}D" if day else ""
        if not days and not time:
            return "PT0S"
        return f"{'-' if self.nanos < 0 else ''}P{days}{'T' + time if time else ''}"


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, in whole months."""

    months: int

    @property
    def members(self) -> tuple[int, int]:
        """Years and months, both with the duration's sign."""
        sign = -1 if self.months < 0 else 1
        years, months = divmod(abs(self.months), 12)
        return sign * years, sign * months

    def __str__(self) -> str:
        years, months = (abs(part) for part in self.members)
        if not years and not months:
            return "P0M"
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


Duration = DaysTime | YearsMonths


def parse_duration(text: str) -> Duration | None:
    """An ISO 8601 duration of one of the two kinds; None when it is neither."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    sign = -1 if match.group(1) else 1
    years, months, days, hours, minutes, seconds = (
        None if part is None else int(part) for part in match.groups()[1:7]
    )
    if years is None and months is None:
        fraction = (match.group(8) or "")[:9].ljust(9, "0")
        total = ((days or 0) * 24 + (hours or 0)) * 60 + (minutes or 0)
        nanos = (total * 60 + (seconds or 0)) * NANOS + int(fraction)
        return DaysTime(sign * nanos) if nanos <= _MOST_DAYS * DAY else None
    if (days, hours, minutes, seconds) != (None, None, None, None):
        return None
    span = (years or 0) * 12 + (months or 0)
    return YearsMonths(sign * span) if span <= _MOST_MONTHS else None
