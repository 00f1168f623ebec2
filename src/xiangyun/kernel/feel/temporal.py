"""Dates, times, and dates with times (DMN 1.5 §10.3.2.3.3–6).

A date is Python's `datetime.date` where that can hold it and `FarDate` beyond the years 1 to 9999.
Times keep nanoseconds and their zone as written: an offset in seconds, or an IANA name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from xiangyun.kernel.feel.durations import DAY, NANOS, DaysTime, YearsMonths

Zone = int | str | None
_FARTHEST_YEAR = 999_999_999
# 400 Gregorian years repeat exactly, so any year has a twin that `datetime.date` knows.
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class FarDate:
    """A proleptic Gregorian date outside the years 1 to 9999 (astronomical years: 0 exists)."""

    year: int
    month: int
    day: int

    def toordinal(self) -> int:
        """Days as `date.toordinal` counts them; negative before the year 1."""
        cycles, near = divmod(self.year - 1, _CYCLE_YEARS)
        return date(near + 1, self.month, self.day).toordinal() + cycles * _CYCLE_DAYS

    def isoformat(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    __str__ = isoformat


Date = date | FarDate


def make_date(year: int, month: int, day: int) -> Date | None:
    """The date, or None where there is no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= 31 or abs(year) > _FARTHEST_YEAR:
        return None
    try:
        if 1 <= year <= 9999:
            return date(year, month, day)
        date((year - 1) % _CYCLE_YEARS + 1, month, day)
    except ValueError:
        return None
    return FarDate(year, month, day)


def date_from_ordinal(ordinal: int) -> Date | None:
    """The inverse of `toordinal`, for any year."""
    cycles, near = divmod(ordinal - 1, _CYCLE_DAYS)
    twin = date.fromordinal(near + 1)
    return make_date(twin.year + cycles * _CYCLE_YEARS, twin.month, twin.day)


def weekday(day: Date) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day.toordinal() - 1) % 7 + 1


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `zone` is an offset from UTC in seconds, an IANA name, or None for local."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    zone: Zone = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight, as the clock on the wall shows."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC. A named zone without a date is taken at its offset in 1970."""
        return zone_offset(self.zone, _EPOCH, self.nanos)

    @property
    def instant(self) -> int:
        """Nanoseconds since midnight UTC; a local time counts as UTC."""
        return self.nanos - (self.offset or 0) * NANOS

    def isoformat(self) -> str:
        text = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}"
        if self.nano:
            text += f".{self.nano:09d}".rstrip("0")
        return text + _zone_text(self.zone)

    __str__ = isoformat


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and time."""

    date: Date
    time: Time

    @property
    def nanos(self) -> int:
        """Nanoseconds since the start of 1970, as the clock on the wall shows."""
        return (self.date.toordinal() - _EPOCH) * DAY + self.time.nanos

    @property
    def offset(self) -> int | None:
        """Seconds ahead of UTC on that day, None for local."""
        return zone_offset(self.time.zone, self.date.toordinal(), self.time.nanos)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970 UTC; a local date and time counts as UTC."""
        return self.nanos - (self.offset or 0) * NANOS

    def isoformat(self) -> str:
        return f"{self.date.isoformat()}T{self.time.isoformat()}"

    __str__ = isoformat


# Zones ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    # The IANA database is fixed reference data, like the character database behind str.upper().
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None


def is_zone(name: str) -> bool:
    """Whether the IANA database knows this zone."""
    return _zone(name) is not None


def zone_offset(zone: Zone, ordinal: int, nanos: int) -> int | None:
    """Seconds ahead of UTC for a wall clock reading on a day."""
    if zone is None or isinstance(zone, int):
        return zone
    info = _zone(zone)
    shift = _moment(ordinal, nanos).replace(tzinfo=info).utcoffset() if info else None
    return _seconds(shift)


def _offset_at(zone: str, ordinal: int, nanos: int) -> int | None:
    """Seconds ahead of UTC at a moment given in UTC."""
    info = _zone(zone)
    moment = _moment(ordinal, nanos).replace(tzinfo=UTC)
    return _seconds(moment.astimezone(info).utcoffset() if info else None)


def _moment(ordinal: int, nanos: int) -> datetime:
    """The moment as Python has it; far years borrow a year of the same calendar."""
    twin = date.fromordinal((ordinal - 1) % _CYCLE_DAYS + 1)
    near = date.min.toordinal() < ordinal < date.max.toordinal()
    day = date.fromordinal(ordinal) if near else twin.replace(year=twin.year + 1600)
    midnight = datetime.combine(day, datetime.min.time())
    return midnight + timedelta(microseconds=nanos // 1000)


def _seconds(shift: timedelta | None) -> int | None:
    return None if shift is None else int(shift.total_seconds())


@lru_cache(maxsize=256)
def _zone_text(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, second = divmod(abs(zone), 60)
    text = f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


# Reading ----------------------------------------------------------------------------------------

_DATE = re.compile(r"(-)?(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+/-]+)?", re.ASCII
)


def parse_date(text: str) -> Date | None:
    """`2020-02-29`, also with years beyond four digits or negative."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def parse_time(text: str) -> Time | None:
    """`10:30:00`, a fraction, and `Z`, `+08:00` or `@Asia/Shanghai`; a leading T is allowed."""
    match = _TIME.fullmatch(text.removeprefix("T"))
    if match is None:
        return None
    hour, minute, second = (int(part) for part in match.groups()[:3])
    nano = int((match.group(4) or "0")[:9].ljust(9, "0"))
    known, zone = _read_zone(match.group(5))
    if not known:
        return None
    return make_time(hour, minute, second, nano, zone)


def make_time(hour: int, minute: int, second: int, nano: int, zone: Zone) -> Time | None:
    """The time, or None where the clock has no such reading; 24:00:00 is midnight."""
    if (hour, minute, second, nano) == (24, 0, 0, 0):
        hour = 0
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    return Time(hour, minute, second, nano, zone)


def _read_zone(text: str | None) -> tuple[bool, Zone]:
    """Whether the zone is a zone, and which."""
    if text is None:
        return True, None
    if text in "Zz":
        return True, 0
    if text[0] == "@":
        return is_zone(text[1:]), text[1:]
    parts = [int(part) for part in text[1:].split(":")]
    offset = sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
    fits = offset <= 18 * 3600 and all(part < 60 for part in parts[1:])
    return fits, -offset if text[0] == "-" else offset


def parse_date_time(text: str) -> DateTime | None:
    """A date, `T`, and a time; a date alone is its midnight."""
    day_text, mark, time_text = text.partition("T")
    day = parse_date(day_text)
    if day is None or time_text.startswith("T"):
        return None
    if not mark:
        return DateTime(day, Time(0, 0, 0))
    if time_text.startswith("24:00:00"):
        next_day = date_from_ordinal(day.toordinal() + 1)
        time = parse_time(time_text)
        return None if time is None or next_day is None else DateTime(next_day, time)
    time = parse_time(time_text)
    return None if time is None else DateTime(day, time)


# Arithmetic -------------------------------------------------------------------------------------


def shift_months(day: Date, months: int) -> Date | None:
    """The same day of a month further on, or that month's last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    for candidate in range(day.day, 27, -1):
        found = make_date(year, month0 + 1, candidate)
        if found is not None:
            return found
    return make_date(year, month0 + 1, min(day.day, 28))


def shift_date_time(moment: DateTime, duration: DaysTime) -> DateTime | None:
    """The moment a duration later, shown in the same zone."""
    zone = moment.time.zone
    nanos = moment.nanos + duration.nanos
    if isinstance(zone, str):
        # Named zones change their offset, so the elapsed time is counted in UTC.
        utc = moment.instant + duration.nanos
        days, rest = divmod(utc, DAY)
        nanos = utc + (_offset_at(zone, days + _EPOCH, rest) or 0) * NANOS
    days, rest = divmod(nanos, DAY)
    day = date_from_ordinal(days + _EPOCH)
    return None if day is None else DateTime(day, time_from_nanos(rest, zone))


def time_from_nanos(nanos: int, zone: Zone) -> Time:
    """The wall clock reading that many nanoseconds after midnight (whole days drop out)."""
    seconds, nano = divmod(nanos % DAY, NANOS)
    minutes, second = divmod(seconds, 60)
    return Time(minutes // 60, minutes % 60, second, nano, zone)


def midnight(day: Date) -> DateTime:
    """A date as a date and time: midnight UTC (DMN 1.5 §10.3.2.9.4)."""
    return DateTime(day, Time(0, 0, 0, 0, 0))


def months_between(start: Date | DateTime, end: Date | DateTime) -> YearsMonths:
    """Whole months from one day to another, rounded towards zero; times of day do not count."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)
