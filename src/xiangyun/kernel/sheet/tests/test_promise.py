"""What is called shorter on every calendar is shorter on those that are tried, at every moment."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from xiangyun.kernel.sheet import is_no_longer
from xiangyun.kernel.worktime.calendar import Calendar
from xiangyun.kernel.worktime.clock import Clock

DAYS = [date(2026, 3, 2) + timedelta(days=each) for each in range(0, 41, 3)]
CALENDARS = [
    Calendar(lambda day, every=every, off=off: day.toordinal() % every >= off, range(2025, 2029))
    for every, off in [(7, 0), (7, 2), (7, 6), (2, 1), (40, 20)]
]
NUMBERS = (0, 1, 2, 5, 7)
UNITS = {"working_day": "working", "natural_day": "natural"}


def ends(calendar: Calendar, day: date, number: int, unit: str) -> date:
    clock = Clock(day, number, UNITS[unit], calendar)
    assert clock.due is not None
    return clock.due


def test_a_promise_called_shorter_ends_no_later_on_any_calendar() -> None:
    shorter = 0
    for number, unit, than, other in product(NUMBERS, UNITS, NUMBERS, UNITS):
        if is_no_longer(number, unit, than, other):
            shorter += 1
            for calendar, day in product(CALENDARS, DAYS):
                assert ends(calendar, day, number, unit) <= ends(calendar, day, than, other)
    assert shorter > 30


def test_a_promise_not_called_shorter_ends_later_on_some_calendar() -> None:
    for number, unit, than, other in product(NUMBERS, UNITS, NUMBERS, UNITS):
        if not is_no_longer(number, unit, than, other):
            assert any(
                ends(calendar, day, number, unit) > ends(calendar, day, than, other)
                for calendar, day in product(CALENDARS, DAYS)
            ), (number, unit, than, other)
