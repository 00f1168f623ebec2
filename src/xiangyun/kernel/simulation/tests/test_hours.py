"""Minutes are counted only while the office is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.simulation import Hours

from .situations import at, timetable


def test_work_begun_before_noon_goes_on_after_lunch() -> None:
    assert timetable().after(at("2026-03-02 11:50"), 20) == at("2026-03-02 13:10")


def test_work_begun_on_friday_evening_goes_on_on_monday() -> None:
    assert timetable().after(at("2026-03-06 16:25"), 10) == at("2026-03-09 08:35")


def test_what_comes_at_night_waits_for_the_opening() -> None:
    table = timetable()
    assert table.opening(at("2026-03-07 22:00")) == at("2026-03-09 08:30")
    assert table.opening(at("2026-03-02 12:00")) == at("2026-03-02 13:00")
    assert table.opening(at("2026-03-02 11:59")) == at("2026-03-02 11:59")


def test_before_the_first_day_nothing_is_worked() -> None:
    assert timetable().minutes(at("2026-03-01 10:00")) == 0
    assert timetable().opening(at("2026-02-27 10:00")) == at("2026-03-02 08:30")


@pytest.mark.parametrize("text", ["", "8", "12-8", "8-12,11-16", "8-12,13-13", "8-25"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Hours.parse(text)


def test_hours_are_read_as_offices_write_them() -> None:
    assert Hours.parse("8:30-12:00,13:00-16:30") == Hours()
    assert Hours().minutes == 420


@given(st.floats(0, 30 * 420), st.integers(0, 30 * 24 * 60))
def test_moments_and_minutes_are_each_others_inverse(minutes: float, later: int) -> None:
    table = timetable()
    assert table.minutes(table.moment(minutes)) == pytest.approx(minutes, abs=1e-4)
    moment = at("2026-03-02 00:00") + timedelta(minutes=later)
    assert table.opening(moment) >= moment
    assert table.minutes(table.opening(moment)) == table.minutes(moment)
