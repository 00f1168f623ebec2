"""Read the calendar of this instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from xiangyun.domain import editions
from xiangyun.kernel.worktime import Calendar

from . import ports
from .models import Day, Year

__all__ = [
    "Day",
    "Entered",
    "Year",
    "calendar",
    "days",
    "edition_now",
    "entered",
    "years",
]


@dataclass(frozen=True, slots=True)
class Entered:
    """What people entered: single days by whether they are worked, and years as a whole."""

    days: Mapping[date, bool]
    years: frozenset[int]


def calendar(edition: UUID | None = None) -> Calendar:
    """The working days of this instance: the packaged ones, and before them what was entered.

    Read once for each edition, of which the caller may know that it stands; else one query asks.
    """
    mark = edition or edition_now()
    return _made() if mark is None else _read(mark)


@lru_cache(maxsize=4)
def _read(edition: UUID) -> Calendar:
    # What is entered between the question and this reading comes early: its own edition has it too.
    return _made()


def _made() -> Calendar:
    found = entered()
    return ports.packaged()(found.days, found.years)


def edition_now() -> UUID | None:
    """The mark of the calendar as it stands: another mark, another calendar."""
    return editions.now("calendar")


def entered() -> Entered:
    """Everything that counts before the packaged calendar."""
    return Entered(
        dict(Day.objects.values_list("date", "works")),
        frozenset(Year.objects.values_list("year", flat=True)),
    )


def days(year: int | None = None) -> list[Day]:
    """The days entered, of one year or of all, in order."""
    found = Day.objects.order_by("date")
    return list(found if year is None else found.filter(date__year=year))


def years() -> list[Year]:
    """The years entered as a whole, in order."""
    return list(Year.objects.order_by("year"))
