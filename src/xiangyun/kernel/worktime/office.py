"""The office's time: the zone in which its days begin, its deadlines end and its letters are dated,
and the hours in which it is open.

Moments come from pages and programs in any zone; a FEEL value may have none. Wherever a moment is
needed, such as for a timer, a due date or `today()`, it is read on the clock of the office.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from xiangyun.kernel.worktime.hours import Hours


class _InForce:
    """The zone and the hours of this process; set once, at its start."""

    zone = ZoneInfo("Asia/Shanghai")
    hours = Hours()


def office_zone() -> ZoneInfo:
    """The zone in force."""
    return _InForce.zone


def set_office_zone(name: str) -> None:
    """Put a zone of the IANA database in force.

    Raises:
        ValueError: when there is no such zone.
    """
    try:
        _InForce.zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(name) from error


def office_hours() -> Hours:
    """The hours in force."""
    return _InForce.hours


def set_office_hours(text: str) -> None:
    """Put hours such as `8:30-12:00,13:00-16:30` in force.

    Raises:
        ValueError: when they are not such hours.
    """
    _InForce.hours = Hours.parse(text)


def office_time(moment: datetime) -> datetime:
    """The moment on the clock of the office; one without a zone is one of that clock already."""
    zone = _InForce.zone
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def day_of(when: date) -> date:
    """The day of a moment where the office is; a day is itself."""
    return office_time(when).date() if isinstance(when, datetime) else when


def moment_of(when: date) -> datetime:
    """A moment as it is; a day stands for its end, since the day a limit begins is not counted."""
    if isinstance(when, datetime):
        return office_time(when)
    return datetime.combine(when, time.min, _InForce.zone) + timedelta(days=1)
