"""Working hours: nights, lunch, weekends and holidays do not count."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.worktime import Calendar, Hours, NotCovered, is_weekday

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}
CALENDAR = Calendar(lambda day: is_weekday(day) and day not in HOLIDAYS, range(2000, 2100))
HOURS = Hours.parse("8:30-12:00,13:00-16:30")


def at(month, day, hour=0, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(11, 27, 9), 0, at(11, 27, 9)),
        (at(11, 27, 9), 2, at(11, 27, 11)),
        (at(11, 27, 9), 3, at(11, 27, 12)),
        (at(11, 27, 9), 4, at(11, 27, 14)),
        (at(11, 27, 16), 1, at(11, 30, 9)),
        (at(11, 27, 12, 30), 1, at(11, 27, 14)),
        (at(11, 28, 10), 7, at(11, 30, 16, 30)),
        (at(11, 27, 3), 0.5, at(11, 27, 9)),
        (at(9, 30, 16, 30), 1, at(10, 8, 9, 30)),
        (at(11, 2, 8, 30), 35, at(11, 6, 16, 30)),
    ],
)
def test_a_limit_in_working_hours_ends_when_they_are_worked(start, hours, end):
    assert HOURS.add(start, timedelta(hours=hours), CALENDAR) == end
    if hours:
        assert HOURS.between(start, end, CALENDAR) == timedelta(hours=hours)


def test_what_lies_outside_the_hours_counts_nothing():
    assert HOURS.between(at(11, 27, 16, 30), at(11, 30, 8, 30), CALENDAR) == timedelta(0)
    assert HOURS.between(at(11, 30, 9), at(11, 27, 16), CALENDAR) == -timedelta(hours=1)
    assert HOURS.between(at(11, 27, 11), at(11, 27, 11, 20), CALENDAR) == timedelta(minutes=20)


def test_time_is_not_worked_backwards_nor_in_years_nobody_entered():
    with pytest.raises(ValueError, match="backwards"):
        HOURS.add(at(11, 27), timedelta(hours=-1), CALENDAR)
    with pytest.raises(NotCovered):
        HOURS.add(at(12, 31, 16), timedelta(hours=5), Calendar(is_weekday, range(2026, 2027)))


def test_an_hour_is_an_hour_on_the_day_the_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    night = Hours(((time(0), time(6)),))
    every_day = Calendar(lambda day: True, range(2000, 2100))
    spring = datetime(2026, 3, 29, 0, 0, tzinfo=berlin)
    ended = night.add(spring, timedelta(hours=5), every_day)
    assert (ended.hour, ended.day) == (6, 29)  # of six hours by the clock there were five


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.integers(1, 200 * 60),
    st.integers(0, 200 * 60),
)
def test_what_is_added_in_two_parts_is_added_at_once(start, first, second):
    start = start.replace(tzinfo=SHANGHAI)
    one, other = (timedelta(minutes=minutes) for minutes in (first, second))
    whole = HOURS.add(start, one + other, CALENDAR)
    assert HOURS.add(HOURS.add(start, one, CALENDAR), other, CALENDAR) == whole
    assert HOURS.between(start, whole, CALENDAR) == one + other
