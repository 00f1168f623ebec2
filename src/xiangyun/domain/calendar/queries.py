"""Read the calendar of this instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from xiangyun.kernel.worktime import Calendar

from . import ports
from .models import Day, Edition, Year

__all__ = [
    "Day",
    "Entered",
    "Year",
    "asked_once",
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
    once = _once.get()
    if edition is None and once is not None:
        edition = once[0] if once else edition_now()
        once[:] = [edition]
    return _read(edition or edition_now())


# The edition that was asked for while something is only read; None: asked each time.
_once: ContextVar[list[UUID] | None] = ContextVar("xiangyun_calendar_once", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """While a page is made that changes nothing, ask once which calendar stands."""
    token = _once.set([])
    try:
        yield
    finally:
        _once.reset(token)


@lru_cache(maxsize=4)
def _read(edition: UUID) -> Calendar:
    # What is entered between the question and this reading comes early: its own edition has it too.
    found = entered()
    return ports.packaged()(found.days, found.years)


def edition_now() -> UUID:
    """The mark of the calendar as it stands: another mark, another calendar."""
    return Edition.objects.values_list("mark", flat=True).get()


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
