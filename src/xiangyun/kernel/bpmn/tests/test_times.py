from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from xiangyun.kernel.bpmn.times import (
    FOREVER,
    Cycle,
    Duration,
    as_moment,
    due,
    next_due,
    parse_cycle,
    parse_duration,
)
from xiangyun.kernel.feel import parse_expression

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("P5D", NOON + timedelta(days=5)),
        ("PT36H", NOON + timedelta(hours=36)),
        ("P1W", NOON + timedelta(weeks=1)),
        ("P1M", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        ("P1Y1M", datetime(2027, 2, 28, 12, tzinfo=UTC)),
        ("P1DT1H1M1.5S", NOON + timedelta(days=1, hours=1, minutes=1, seconds=1.5)),
        ("-P1D", NOON - timedelta(days=1)),
    ],
)
def test_a_duration_counts_months_by_the_calendar(text: str, after: datetime):
    assert parse_duration(text).after(NOON) == after


@pytest.mark.parametrize("text", ["", "P", "PT", "P1", "5D", "P1DT", "P1H", "five days"])
def test_what_is_no_duration_is_none(text: str):
    assert parse_duration(text) is None


def test_a_cycle_is_a_number_of_times_or_for_ever():
    hour = Duration(0, timedelta(hours=1))
    assert parse_cycle("R3/PT1H") == Cycle(3, hour)
    assert parse_cycle("R/PT1H") == Cycle(FOREVER, hour)
    assert parse_cycle("0 0 9 * * *") is None
    assert due("cycle", "R1/PT1H", NOON) == (NOON + timedelta(hours=1), 0)
    assert due("cycle", "R0/PT1H", NOON) is None


@pytest.mark.parametrize(
    "feel",
    [
        'date and time("2026-05-01T09:00:00@Asia/Shanghai")',
        'date and time("2026-05-01T09:00:00+08:00")',
        '"2026-05-01T01:00:00Z"',
        'date and time("2026-05-01T01:00:00")',
    ],
)
def test_a_moment_may_be_written_with_a_zone_an_offset_or_none(feel: str):
    value = parse_expression(feel).evaluate({})
    assert as_moment(value, NOON) == datetime(2026, 5, 1, 1, tzinfo=UTC)


def test_a_day_is_due_at_its_beginning_where_the_case_is():
    assert due("date", date(2026, 5, 1), NOON) == (datetime(2026, 5, 1, tzinfo=UTC), 0)
    assert due("date", "2026-02-31", NOON) is None
    assert due("date", None, NOON) is None
    assert due("date", "2026-05-01T09:00:00@Nowhere/Town", NOON) is None


def test_a_cycle_may_be_a_recurrence_of_the_clock():
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert due("cycle", "0 9 * * 1-5", friday) == (monday, FOREVER)
    assert due("cycle", "R3/0 9 * * 1-5", friday) == (monday, 2)
    assert next_due("monthly on the last day at 09:00", friday) == monday
    assert next_due("0 0 29 2 *", friday) == datetime(2028, 2, 29, tzinfo=UTC)
    assert next_due("0 9 * * 1-5", datetime(9999, 12, 31, 9, 0, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "text", ["0 9 L * *", "@daily", "0 9 1 * 1", "every work day at 09:00", "R0/0 9 * * *"]
)
def test_a_cycle_that_is_not_read_is_none(text: str):
    assert parse_cycle(text) is None
    assert due("cycle", text, datetime(2026, 11, 27, tzinfo=UTC)) is None
