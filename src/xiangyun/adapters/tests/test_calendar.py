"""The packaged calendar, and the years it does not know."""

from datetime import date

import pytest

from xiangyun.adapters.calendar import PACKAGED, chinese_calendar_with
from xiangyun.kernel.worktime import NotCovered

BEYOND = PACKAGED.stop


def test_exchanged_days_and_holidays_of_autumn_2026_are_known():
    calendar = chinese_calendar_with()
    assert calendar.works(date(2026, 9, 20))  # a Sunday worked
    assert not calendar.works(date(2026, 9, 25))  # a Friday off
    assert calendar.works(date(2023, 4, 23))
    assert calendar.add_working_days(date(2026, 9, 18), 5) == date(2026, 9, 24)


def test_a_year_not_announced_is_refused():
    calendar = chinese_calendar_with()
    with pytest.raises(NotCovered, match=str(BEYOND)):
        calendar.add_working_days(date(BEYOND - 1, 12, 30), 5)


def test_an_announced_year_has_its_weekends_and_the_days_entered():
    new_year = date(BEYOND, 1, 1)
    calendar = chinese_calendar_with({new_year: False}, entered={BEYOND})
    assert not calendar.works(new_year)
    assert calendar.works(date(BEYOND, 1, 4)) == (date(BEYOND, 1, 4).weekday() < 5)
    with pytest.raises(NotCovered):
        calendar.works(date(BEYOND + 1, 1, 4))


def test_a_day_changed_by_the_government_overrides_the_package():
    assert not chinese_calendar_with({date(2026, 9, 21): False}).works(date(2026, 9, 21))


def test_a_year_announced_after_a_gap_does_not_hide_the_gap():
    assert chinese_calendar_with(entered={BEYOND + 1}).covered == PACKAGED
