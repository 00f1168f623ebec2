"""Limits in hours: those of the office, and all of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.worktime import Calendar, Extension, HourClock, Hours, Pause, office_zone

OFF = {date(2026, 9, 25)}
HOURS = Hours.parse("8:30-12:00,13:00-16:30")
CALENDAR = Calendar(lambda day: day.weekday() < 5 and day not in OFF, range(2026, 2028), HOURS)
WHY = Text("补交照片。", "A photo is wanting.")


def at(day: int, clock: str) -> datetime:
    """A moment of September 2026; the 24th is a Thursday, the 25th a holiday."""
    return datetime.combine(date(2026, 9, day), time.fromisoformat(clock), office_zone())


def office(hours: int, begun: datetime, **more) -> HourClock:
    return HourClock(begun, hours, "working_hour", CALENDAR, **more)


def test_working_hours_end_in_office_hours_over_breaks_nights_and_holidays() -> None:
    assert office(2, at(24, "11:00")).due == at(24, "14:00")
    assert office(7, at(24, "15:30")).due == at(28, "15:30")
    assert office(1, at(26, "03:00")).due == at(28, "09:30")
    assert office(0, at(24, "11:07")).due == at(24, "11:07")


def test_hours_go_on_through_the_night_and_end_on_a_day_off() -> None:
    clock = HourClock(at(24, "15:30"), 24, "hour", CALENDAR)
    assert clock.due == at(25, "15:30")
    assert (clock.used(at(25, "15:29")), clock.left(at(25, "15:29"))) == (23, 0)
    assert clock.left(at(25, "15:31")) == -1


def test_a_pause_takes_its_time_out_to_the_minute_and_an_open_one_leaves_the_end_open() -> None:
    pauses = (Pause("correction", WHY, at(24, "10:00"), at(24, "14:10")),)
    clock = office(4, at(24, "09:00"), pauses=pauses)
    assert clock.due == at(28, "09:10")
    standing = office(4, at(24, "09:00"), pauses=(Pause("correction", WHY, at(24, "10:00")),))
    assert standing.due is None
    assert (standing.used(at(28, "16:00")), standing.pause(at(28, "16:00"))) == (
        1,
        standing.pauses[0],
    )


def test_pauses_that_overlap_are_taken_out_once() -> None:
    pauses = (
        Pause("hearing", WHY, at(24, "10:00"), at(24, "11:00")),
        Pause("correction", WHY, at(24, "10:30"), at(24, "11:30")),
    )
    assert office(1, at(24, "09:30"), pauses=pauses).due == at(24, "12:00")


def test_the_light_is_red_from_the_minute_after_the_end_and_amber_in_the_last_fifth() -> None:
    clock = office(5, at(24, "08:30"), amber=1)
    lights = [clock.light(at(24, each)) for each in ("08:40", "13:30", "14:30", "14:31")]
    assert lights == ["green", "amber", "amber", "red"]
    assert clock.amber_from == at(24, "13:30")
    stopped = office(5, at(24, "08:30"), stopped=at(24, "14:00"))
    assert stopped.light(at(28, "10:00")) == "green"


def test_an_extension_before_the_end_moves_it_and_one_after_it_is_refused() -> None:
    clock = office(2, at(24, "09:00"))
    more = Extension(3, "局长", at(24, "10:59"), WHY)
    assert clock.extend(more).due == at(24, "15:00")
    with pytest.raises(Refused, match=r"work\.E002"):
        clock.extend(Extension(3, "局长", at(24, "11:01"), WHY))


def test_a_clock_explains_its_hours_with_moments() -> None:
    pauses = (Pause("correction", WHY, at(24, "10:00"), at(24, "14:10")),)
    clock = office(4, at(24, "09:00"), pauses=pauses)
    assert [line.zh for line in clock.explain(at(24, "15:10"))] == [
        "办理时限 4 个工作小时，自2026年9月24日（星期四）09:00起算。",
        "2026年9月25日（星期五）至2026年9月27日（星期日）放假，不计。",
        "补正材料：2026年9月24日（星期四）10:00暂停，2026年9月24日（星期四）14:10恢复，"
        "其间 3 个工作小时不计，随即续计。补交照片。",
        "已用 2 个工作小时，还剩 2 个工作小时，2026年9月28日（星期一）09:10到期。",
    ]
    assert clock.explain(at(28, "09:11"))[-1].en == (
        "4 working hours used, 1 working hour late, due on Monday, 28 September 2026, 09:10."
    )


def test_a_day_given_to_a_clock_of_hours_means_its_end() -> None:
    clock = HourClock(date(2026, 9, 24), 2, "hour", CALENDAR)
    assert clock.due == at(25, "02:00")
    with pytest.raises(ValueError, match="no limit"):
        HourClock(at(24, "09:00"), 2, "working", CALENDAR)


MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 8, 1)).map(
    lambda found: found.replace(tzinfo=office_zone())
)


@given(MOMENTS, st.integers(0, 90), st.integers(0, 4000), st.integers(0, 4000))
def test_what_is_used_at_the_end_is_the_limit_and_nothing_is_left(begun, hours, apart, lasting):
    pause = Pause(
        "hearing",
        WHY,
        begun + timedelta(minutes=apart),
        begun + timedelta(minutes=apart + lasting),
    )
    for unit in ("hour", "working_hour"):
        clock = HourClock(begun, hours, unit, CALENDAR, pauses=(pause,))
        due = clock.due
        assert due is not None
        assert (clock.used(due), clock.left(due)) == (hours, 0)
        if unit == "hour":
            assert clock.left(due + timedelta(minutes=1)) == (-1 if not pause.holds(due) else 0)
