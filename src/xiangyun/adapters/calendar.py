"""The Chinese working calendar: `chinesecalendar` (MIT), which knows the State Council's years.

A year is known only once its arrangement is announced, usually in the autumn before. Until the
package carries it, an administrator enters the announcement; nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import holidays
from django.conf import settings

from xiangyun.kernel.worktime import Calendar

PACKAGED = range(min(holidays).year, max(holidays).year + 1)
"""The years the installed package knows (2004 to 2026 for version 1.11)."""


def chinese_calendar_with(
    overrides: Mapping[date, bool] | None = None, announced: Collection[int] = ()
) -> Calendar:
    """The calendar of offices in China.

    `overrides` says of single days whether offices work, before all else: a changed holiday, or
    those of a year not packaged yet. Such a year counts as known once it is in `announced`: it then
    has the ordinary weekends and the overrides. Any other year is refused with NotCovered.
    """
    days = dict(overrides or {})

    def works(day: date) -> bool:
        if day in days:
            return days[day]
        if day.year in PACKAGED:
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < 5

    end = PACKAGED.stop  # a year after a gap stays unknown: nobody can count through the gap
    while end in announced:
        end += 1
    return Calendar(works, range(PACKAGED.start, end))


@lru_cache(maxsize=1)
def china() -> Calendar:
    """The calendar of this instance; what `settings.XIANGYUN_CALENDAR` names.

    The file calendar.csv in the instance's folder, with lines such as `2027-01-01,rest` and
    `2027-02-14,work`, changes single days; a year that stands in it counts as announced.
    """
    file = Path(settings.HOME) / "calendar.csv"
    if not file.exists():
        return chinese_calendar_with()
    with file.open(encoding="utf-8", newline="") as lines:
        days = {date.fromisoformat(day): word.strip() == "work" for day, word in csv.reader(lines)}
    return chinese_calendar_with(days, announced={day.year for day in days})
