"""Moments come in any zone and are read on the clock of the office; a step knows its moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from xiangyun.kernel.bpmn import IncidentRaised, Started, TaskOpened, TimerFired, TimerSet
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    mapping,
    node,
    script,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import Case
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.worktime import office_time, office_zone

# 02:30 on 16 April in China, still the 15th in UTC.
NIGHT = datetime(2026, 4, 15, 18, 30, tzinfo=UTC)
BESIDE = {"cancelActivity": "false"}
ZONES = [NIGHT, office_time(NIGHT), NIGHT.astimezone(timezone(timedelta(hours=-7)))]


def waiting(kind: str, value: str) -> str:
    return bpmn(
        start(),
        node("intermediateCatchEvent", "wait", timer(kind, value)),
        end(),
        flows("start > wait > end"),
    )


@pytest.mark.parametrize("at", ZONES, ids=["UTC", "office", "elsewhere"])
@pytest.mark.parametrize(
    ("kind", "value", "due"),
    [
        ("Date", '=due + duration("P1D")', "2026-04-17T00:00+08:00"),
        ("Date", "=due", "2026-04-16T00:00+08:00"),
        ("Date", "2026-04-20", "2026-04-20T00:00+08:00"),
        ("Date", '=date and time("2026-04-16T09:00:00")', "2026-04-16T09:00+08:00"),
        ("Date", "2026-04-16T09:00:00", "2026-04-16T09:00+08:00"),
        ("Date", "2026-04-16T01:00:00Z", "2026-04-16T09:00+08:00"),
        ("Date", '=date and time("2026-04-16T09:00:00@Asia/Tokyo")', "2026-04-16T08:00+08:00"),
        ("Date", '=date and time(today(), time("09:00:00"))', "2026-04-16T09:00+08:00"),
        ("Date", '=today() + duration("P1D")', "2026-04-17T00:00+08:00"),
        ("Date", '=now() + duration("PT1H")', "2026-04-16T03:30+08:00"),
        ("Duration", "P1M", "2026-05-16T02:30+08:00"),
        ("Duration", '=duration("P1D")', "2026-04-17T02:30+08:00"),
    ],
)
def test_a_timer_rings_by_the_clock_of_the_office(at, kind, value, due):
    case = Case(waiting(kind, value), Started(at), due=from_json(date(2026, 4, 16)))
    set_ = case.the(TimerSet).due
    assert set_ == datetime.fromisoformat(due)
    assert set_.utcoffset() == timedelta(hours=8)


def test_a_month_is_counted_where_the_office_is():
    # 1 March 01:00 in China: a month on is 1 April, not what a month after 28 February would be.
    case = Case(waiting("Duration", "P1M"), Started(datetime(2026, 2, 28, 17, tzinfo=UTC)))
    assert case.the(TimerSet).due == datetime(2026, 4, 1, 1, tzinfo=office_zone())


def test_a_cycle_counts_months_by_the_clock_of_the_office():
    drawing = bpmn(
        start(),
        user("review"),
        node("boundaryEvent", "edge", timer("Cycle", "R3/P1M"), attachedToRef="review", **BESIDE),
        end("late"),
        end(),
        flows("start > review > end", "edge > late"),
    )
    case = Case(drawing, Started(datetime(2026, 2, 28, 17, tzinfo=UTC)))
    first = case.the(TimerSet)
    assert first.due == datetime(2026, 4, 1, 1, tzinfo=office_zone())
    case.happens(TimerFired(first.id, first.due.astimezone(UTC)))
    assert case.the(TimerSet).due == datetime(2026, 5, 1, 1, tzinfo=office_zone())


@pytest.mark.parametrize("at", ZONES, ids=["UTC", "office", "elsewhere"])
@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        ("=due", date(2026, 4, 16)),
        ("=today()", date(2026, 4, 16)),
        ("2026-04-16T23:00:00Z", datetime(2026, 4, 17, 7, tzinfo=office_zone())),
        (
            '=date and time("2026-04-16T09:00:00")',
            datetime(2026, 4, 16, 9, tzinfo=office_zone()),
        ),
    ],
)
def test_a_task_is_due_by_the_clock_of_the_office(at, due, wanted):
    schedule = f'<zeebe:taskSchedule dueDate="{due.replace(chr(34), "&quot;")}" />'
    drawing = bpmn(
        start(), user("review", extension=schedule), end(), flows("start > review > end")
    )
    found = Case(drawing, Started(at), due=from_json(date(2026, 4, 16))).the(TaskOpened).due
    assert found == wanted
    assert isinstance(found, datetime) is isinstance(wanted, datetime)
    if isinstance(found, datetime):
        assert found.date() == wanted.date()


@pytest.mark.parametrize("at", ZONES, ids=["UTC", "office", "elsewhere"])
def test_today_and_now_are_the_moment_of_the_step_in_scripts_mappings_and_conditions(at):
    drawing = bpmn(
        start(),
        script("stamp", "={day: today(), at: string(now())}", "stamp"),
        gate("exclusive", "which", default="f_which_late_2"),
        user("early", extension=mapping({"since": "=today()"})),
        end("late"),
        end(),
        flows(
            "start > stamp > which",
            'which > early: =today() = date("2026-04-16")',
            "which > late",
            "early > end",
        ),
    )
    case = Case(drawing, Started(at))
    assert case.data["stamp"] == {"day": date(2026, 4, 16), "at": "2026-04-16T02:30:00+08:00"}
    assert case.open() == ["early"]
    assert case.the(TaskOpened).inputs == {"since": date(2026, 4, 16)}


def test_a_formula_that_uses_up_its_budget_holds_the_token_instead_of_counting_as_null():
    drawing = bpmn(
        start(),
        script("count", "=count(for i in 1..1000000000 return i)", "found"),
        end(),
        flows("start > count > end"),
    )
    case = Case(drawing)
    assert "steps" in case.the(IncidentRaised).text.en
    assert "found" not in case.data
