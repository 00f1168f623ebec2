"""Timers by the office's calendar: working days and hours, and an interval that a decision says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from xiangyun.kernel.bpmn import DecisionWanted, IncidentResolved, Started, TimerSet, check_process
from xiangyun.kernel.bpmn.commands import WorkCancelled
from xiangyun.kernel.bpmn.events import ServiceFailed
from xiangyun.kernel.bpmn.tests.drawn import bpmn, flows, node, start, timer, user
from xiangyun.kernel.bpmn.tests.walking import Case
from xiangyun.kernel.worktime import Calendar, Hours, is_weekday, office_zone

HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}
CALENDAR = Calendar(
    lambda day: is_weekday(day) and day not in HOLIDAYS,
    range(2026, 2029),
    Hours.parse("8:30-12:00,13:00-16:30"),
)


def office(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=office_zone())


def errors(text: str) -> list[str]:
    return [each.id for each in check_process(text) if each.severity == "error"]


def waiting(kind: str, time: str, extension: str = "") -> str:
    """A case that waits on its way."""
    return bpmn(
        start(),
        node("intermediateCatchEvent", "x", timer(kind, time), extension=extension),
        user("after"),
        flows("start > x > after"),
    )


def reminded(cycle: str, extension: str = "") -> str:
    """A task beside which something happens over and over."""
    return bpmn(
        start(),
        user("a"),
        node(
            "boundaryEvent",
            "x",
            timer("cycle", cycle),
            extension=extension,
            attachedToRef="a",
            cancelActivity="false",
        ),
        user("remind"),
        flows("start > a", "x > remind"),
    )


def begun(drawing: str, at: datetime, **data: object) -> Case:
    case = Case(drawing, Started(at), calendar=CALENDAR, **data)
    case.now = at
    return case


def rung(case: Case, times: int) -> list[datetime]:
    """When a timer rings, so many times on end."""
    found = []
    for _ in range(times):
        case.now = case.the(TimerSet).due
        found.append(case.now)
        case.rings("x")
    return found


@pytest.mark.parametrize(
    ("cycle", "days"),
    [
        ("every working day at 09:00", [(9, 30), (10, 8), (10, 9)]),
        ("every 2 working days at 09:00", [(9, 30), (10, 9), (10, 13)]),
        ("monthly on the last working day at 09:00", [(9, 30), (10, 30), (11, 30)]),
        ("monthly on working day 1 at 09:00", [(10, 8), (11, 2), (12, 1)]),
        ("monthly on day 3 or the next working day at 09:00", [(10, 8), (11, 3), (12, 3)]),
        ("0 9 * * 1-5", [(9, 30), (10, 1), (10, 2)]),
    ],
)
def test_a_timer_beside_a_task_recurs_by_the_calendar_of_the_office(cycle, days):
    assert errors(reminded(cycle)) == []
    case = begun(reminded(cycle), office(9, 28, 12))
    if not cycle.startswith("every 2"):
        case = begun(reminded(cycle), office(9, 29, 12))
    assert rung(case, 3) == [office(*day, 9) for day in days]


def test_it_ends_after_as_many_times_as_are_written():
    case = begun(reminded("R2/every working day at 09:00"), office(9, 29, 12))
    assert rung(case, 2) == [office(9, 30, 9), office(10, 8, 9)]
    assert case.state.waits == {}


@pytest.mark.parametrize(
    ("year", "due"), [(2026, office(2, 28, 9, year=2027)), (2028, office(2, 29, 9, year=2028))]
)
def test_yearly_on_29_february_is_the_last_of_february_in_other_years(year, due):
    begin = office(1, 5, year=year) if year == 2028 else office(3, 1, year=year)
    case = begun(waiting("cycle", "yearly on 02-29 at 09:00"), begin)
    assert case.the(TimerSet).due == due


def test_an_event_on_the_way_waits_for_the_next_time_and_goes_on_once():
    drawing = waiting("cycle", "monthly on the last working day at 15:00")
    assert errors(drawing) == []
    case = begun(drawing, office(10, 1))
    assert rung(case, 1) == [office(10, 30, 15)]
    assert case.open() == ["after"]
    assert case.state.waits == {}


@pytest.mark.parametrize("cycle", ["R3/0 9 * * *", "R/P1D", "0 9 L * *", "0 9 1 * 1", "@daily"])
def test_what_has_no_meaning_on_the_way_or_is_not_read_is_refused(cycle):
    assert errors(waiting("cycle", cycle)) == ["bpmn.E034"]


@pytest.mark.parametrize(
    ("span", "due"),
    [
        ("8 working hours", office(10, 8, 10, 30)),
        ("90 working minutes", office(9, 30, 11)),
        ("1 working hour", office(9, 30, 10, 30)),
        ("2 working days", office(10, 9, 9, 30)),
        ("PT8H", office(9, 30, 17, 30)),
    ],
)
def test_a_timer_counts_working_hours_and_days(span, due):
    assert errors(waiting("duration", span)) == []
    assert begun(waiting("duration", span), office(9, 30, 9, 30)).the(TimerSet).due == due
    case = begun(waiting("duration", "=how_long"), office(9, 30, 9, 30), how_long=span)
    assert case.the(TimerSet).due == due


def test_working_days_of_a_year_that_nobody_entered_hold_the_case_until_it_is():
    case = begun(waiting("duration", "3 working days"), office(12, 31, 9, year=2028))
    assert "2029" in case.incident.text.en
    case.calendar = Calendar(is_weekday, range(2026, 2030))
    case.happens(IncidentResolved(case.incident.id, case.now))
    assert case.the(TimerSet).due == office(1, 3, 9, year=2029)


def test_a_formula_may_give_only_how_long_it_is_until_the_next_time():
    case = begun(reminded("=duration(each)"), office(9, 1, 9), each="P30D")
    assert rung(case, 1) == [office(10, 1, 9)]
    case.data["each"] = "P1D"
    case.now = case.the(TimerSet).due
    assert case.rings("x").the(TimerSet).due == office(11, 1, 9)
    case = begun(reminded("=next"), office(9, 1, 9), next="2026-09-03")
    assert rung(case, 1) == [office(9, 3)]
    assert case.incident.element == "x"  # the day it says lies behind


ASKS = '<zeebe:calledDecision decisionId="interval" resultVariable="interval" />'


def test_a_decision_says_anew_each_round_when_a_timer_rings():
    drawing = reminded("=duration(interval)", ASKS)
    assert errors(drawing) == []
    case = begun(drawing, office(9, 1, 9), level=1)
    assert case.all(TimerSet) == []
    case.decides("x", "P30D")
    assert case.the(TimerSet).due == office(10, 1, 9)
    case.now = office(10, 1, 9)
    case.rings("x")
    assert case.the(DecisionWanted).decision == "interval"
    case.decides("x", "P7D")
    assert case.the(TimerSet).due == office(10, 8, 9)
    assert case.open() == ["a", "remind"]
    assert "interval" not in case.data  # what it said is the timer's, not the case's


def test_what_a_decision_asks_for_is_forgotten_with_its_task():
    case = begun(reminded("=duration(interval)", ASKS), office(9, 1, 9))
    asked = case.the(DecisionWanted)
    case.completes("a")
    assert WorkCancelled(asked.id, "x") in case.commands


def test_a_decision_that_fails_or_says_no_time_holds_the_timer_until_it_is_mended():
    case = begun(reminded("=interval", ASKS), office(9, 1, 9))
    case.happens(ServiceFailed(case.the(DecisionWanted).id, "feel.E004", "budget", case.now))
    assert case.incident.text.en == "budget"
    case.happens(IncidentResolved(case.incident.id, case.now)).decides("x", Decimal(3))
    assert "3" in case.incident.text.en
    case.happens(IncidentResolved(case.incident.id, case.now)).decides("x", "P3D")
    assert case.the(TimerSet).due == office(9, 4, 9)


def test_a_decision_of_a_timer_names_where_its_result_goes_and_has_a_formula():
    nameless = '<zeebe:calledDecision decisionId="interval" />'
    assert errors(reminded("=interval", nameless)) == ["bpmn.E031"]
    assert errors(reminded("0 9 * * 1-5", ASKS)) == ["bpmn.E034"]
