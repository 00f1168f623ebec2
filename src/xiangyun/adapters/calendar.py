"""The Chinese working calendar: `chinesecalendar` (MIT), which knows the State Council's years.

A year is known only once its arrangement is announced, usually in the autumn before. Until the
package carries it, an official enters the announcement (`domain.calendar`); nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays

from xiangyun.kernel.worktime import Calendar, is_weekday

PACKAGED = range(min(holidays).year, max(holidays).year + 1)
"""The years the installed package knows (2004 to 2026 for version 1.11)."""


@lru_cache(maxsize=10_000)
def _packaged(day: date) -> bool:
    """What the package says, which looks for the ends of all its years each time it is asked."""
    return bool(chinese_calendar.is_workday(day))


def chinese_calendar_with(
    overrides: Mapping[date, bool] | None = None, entered: Collection[int] = ()
) -> Calendar:
    """The calendar of offices in China; what `settings.XIANGYUN_CALENDAR` names.

    `overrides` says of single days whether offices work, before all else. A year of `entered` has
    the ordinary weekends and its overrides, and is known; the others are those of the package. Any
    other year is refused with NotCovered.
    """
    days = dict(overrides or {})

    def works(day: date) -> bool:
        if day in days:
            return days[day]
        if day.year in PACKAGED and day.year not in entered:
            return _packaged(day)
        return is_weekday(day)

    end = PACKAGED.stop  # a year after a gap stays unknown: nobody can count through the gap
    while end in entered:
        end += 1
    return Calendar(works, range(PACKAGED.start, end))
