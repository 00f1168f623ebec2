"""The clocks of a construction project: four stages, a hearing, a calendar that changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.calendar import actions as workdays
from xiangyun.domain.calendar import queries as calendars
from xiangyun.domain.cases import access, actions, deadlines
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, WorkItem

from .situations import MORNING, act, actor, add_file, project, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


HELD = {"held_on": date(2026, 4, 20), "attended": Decimal(12)}
"""What the form asks about a hearing."""


def after(days: int) -> date:
    """So many working days after the morning on which the cases here are filed."""
    return calendars.calendar().add_working_days(MORNING.date(), days)


def on(day: date) -> datetime:
    return MORNING.replace(year=day.year, month=day.month, day=day.day)


def open_item(case: Case, element: str) -> WorkItem:
    with acting_as(SYSTEM):
        return WorkItem.objects.get(case=case, element=element, closed_at=None)


def now(case: Case) -> Case:
    with acting_as(SYSTEM) as system:
        return access.case_for(system, case.id)


def reviewed(case: Case, at: datetime = MORNING) -> Case:
    """Every department agrees."""
    while True:
        with acting_as(SYSTEM):
            if not WorkItem.objects.filter(case=case, element__endswith="_review", closed_at=None):
                return now(case)
        act("lianshen", case, "agree", at=at)


def clock(case: Case, name: str):
    with acting_as(actor("wang")):
        return next(each for each in cases.clocks_of(now(case)) if each.name.zh.startswith(name))


def test_a_project_is_promised_by_its_type_and_its_stage_by_the_type_too() -> None:
    general = project(actor("wang"))
    small = project(actor("wang"), floor_area=3000)
    assert (general.due_on, small.due_on) == (after(57), after(20))
    assert general.statutory_on == small.statutory_on == after(120)
    assert clock(general, "“立项用地规划许可”").limit == 10
    assert clock(small, "“立项用地规划许可”").limit == 5


def test_a_task_without_a_deadline_of_its_own_is_due_with_its_stage() -> None:
    case = reviewed(project(actor("wang")))
    decide = open_item(case, "land_decide")
    assert (decide.due_on, decide.amber_on, decide.own_due) == (after(10), after(8), False)


def test_a_hearing_inside_a_stage_moves_the_stage_and_the_case_by_its_days() -> None:
    case = reviewed(project(actor("wang")))
    act("zhuguan", case, "hearing", note="邻近居民有异议", at=on(after(4)))
    act("zhuguan", case, "held", note="已听取意见", at=on(after(9)), answers=HELD)
    assert open_item(case, "land_decide").due_on == after(15)
    assert now(case).due_on == after(62)
    for name in ("承诺时限", "法定时限", "“立项用地规划许可”"):
        said = [line.zh for line in clock(case, name).explain(after(9))]
        assert any(line.startswith("听证：") for line in said), said


def test_what_stands_still_is_counted_for_itself_and_lies_behind_all_other_work() -> None:
    other = reviewed(project(actor("wang")))
    case = reviewed(project(actor("wang")))
    act("zhuguan", case, "hearing", note="邻近居民有异议", at=on(after(4)))
    standing = queue_on(after(30))
    assert {light: count.number for light, count in standing.counts.items()} == {
        "red": 1,
        "amber": 0,
        "green": 0,
        "paused": 1,
    }
    assert [(row.case_id, row.light) for row in standing.rows] == [
        (other.id, "red"),
        (case.id, "paused"),
    ]
    assert (standing.rows[-1].due_on, standing.rows[-1].days_left) == (None, None)
    with acting_as(actor("zhuguan")) as official:
        found = cases.queue(official, today=after(30), light="paused")
        assert [row.case_id for row in found.rows] == [case.id]
        assert cases.due_of(now(case), after(30)) is None
        assert cases.due_of(now(other), after(30)) == other.due_on


def test_what_goes_on_again_has_a_deadline_again() -> None:
    case = reviewed(project(actor("wang")))
    act("zhuguan", case, "hearing", note="邻近居民有异议", at=on(after(4)))
    act("zhuguan", case, "held", note="已听取意见", at=on(after(9)), answers=HELD)
    again = queue_on(after(9))
    assert [(row.light, row.due_on) for row in again.rows] == [("green", after(15))]
    assert again.counts["paused"].number == 0


def queue_on(day: date) -> cases.Queue:
    with acting_as(actor("zhuguan")) as official:
        return cases.queue(official, today=day)


def at_stage_two() -> tuple[Case, datetime]:
    """Stage 1 took four working days; the applicant took thirty to apply for stage 2."""
    wang = actor("wang")
    case = reviewed(project(wang))
    act("zhuguan", case, "approve", at=on(after(4)))
    at = on(after(34))
    with acting_as(wang):
        add_file(case.id, "design_plan", wang, at)
        (task,) = cases.open_tasks(wang, now(case))
        actions.correct_answers(case.id, task.id, {}, actor=wang, at=at)
    return now(case), at


def test_the_next_stage_has_a_clock_of_its_own_and_the_applicants_time_counts_for_nobody() -> None:
    case, at = at_stage_two()
    case = reviewed(case, at)
    assert open_item(case, "planning_decide").due_on == after(54)
    assert case.due_on == after(87)
    assert clock(case, "“工程建设许可”").used(after(36)) == 2
    done = clock(case, "“立项用地规划许可”")
    assert done.explain(at.date())[-1].zh.startswith("2026年4月15日（星期三）办结，用时 4 个工作日")


def test_each_stage_says_where_it_stands_and_the_case_says_it_for_the_law_too() -> None:
    case, at = at_stage_two()
    late = at.date() + timedelta(days=60)
    with acting_as(actor("wang")):
        stages = {stage.key: stage for stage in cases.stages_of(now(case))}
        lights = [each.light(late) for each in cases.clocks_of(now(case))]
    assert stages["land"].clock is not None
    assert stages["land"].clock.stopped == after(4)
    assert stages["planning"].clock.light(late) == "red"
    assert stages["construction"].clock is None
    assert lights == ["green", "green", "green", "red"]


def test_a_service_without_stages_keeps_its_one_deadline() -> None:
    case = submitted(actor("wang"))
    assert open_item(case, "review").due_on == case.due_on == date(2026, 4, 10)
    with acting_as(actor("wang")):
        assert [each.name.zh for each in cases.clocks_of(now(case))] == ["承诺时限", "法定时限"]


def test_a_task_is_done_in_two_statements_whatever_clocks_it_moves() -> None:
    case = reviewed(project(actor("wang")))
    official = actor("zhuguan")
    token = open_item(case, "land_decide").token
    at = on(after(2))
    with CaptureQueriesContext(connection) as told:
        actions.complete_task(case.id, token, action="hearing", note="异议", actor=official, at=at)
    assert len(told.captured_queries) == 2, [each["sql"][:80] for each in told.captured_queries]


# -- a calendar that changes -----------------------------------------------------------------------

EVE = MORNING.replace(month=12, day=28)
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知（测试用，虚构）"
YEAR_2027 = {
    date(2027, 1, 1): False,
    date(2027, 1, 3): True,
    **{date(2027, 2, day): False for day in range(5, 13)},
}


def test_a_provisional_deadline_is_counted_anew_when_its_year_is_entered() -> None:
    wang = actor("wang")
    case = reviewed(project(wang, EVE), EVE)
    decide = open_item(case, "land_decide")
    assert decide.due_on == date(2027, 1, 11)
    with acting_as(wang):
        assert "2027 年的节假日安排尚未录入" in cases.time_explained(now(case), EVE.date())[-1].zh
    workdays.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=EVE)
    assert deadlines.recount(date(2027, 1, 1), at=EVE) is None
    assert open_item(case, "land_decide").due_on == date(2027, 1, 11)  # one off, one worked
    assert (case.due_on, now(case).due_on) == (date(2027, 3, 17), date(2027, 3, 25))
    with acting_as(wang):
        assert "尚未录入" not in cases.time_explained(now(case), EVE.date())[-1].zh
        last = cases.history(now(case))[-1]
        assert (last.verb, last.what.zh) == ("deadline.moved", "日历有变，期限重新计算")


def test_counting_anew_twice_changes_nothing_the_second_time() -> None:
    case = project(actor("wang"), EVE)
    workdays.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=EVE)
    deadlines.recount(date(2027, 1, 1), at=EVE)
    first = now(case)
    deadlines.recount(date(2027, 1, 1), at=EVE)
    assert (now(case).revision, now(case).due_on) == (first.revision, first.due_on)


def test_counting_anew_goes_on_where_it_stopped_and_leaves_cases_that_end_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deadlines, "AT_A_TIME", 1)
    before = submitted(actor("wang"))
    one, two = project(actor("wang"), EVE), project(actor("li"), EVE)
    workdays.enter_year(2027, YEAR_2027, reason=NOTICE, actor=SYSTEM, at=EVE)
    last, rounds = None, 0
    while rounds == 0 or last is not None:
        last, rounds = deadlines.recount(date(2027, 1, 1), after=last, at=EVE), rounds + 1
    assert rounds == 3
    assert now(one).due_on > one.due_on
    assert now(two).due_on > two.due_on
    assert now(before).revision == before.revision


def test_a_case_that_is_worked_on_meanwhile_is_counted_by_the_calendar_that_stands() -> None:
    case = reviewed(project(actor("wang")))
    act("zhuguan", case, "hearing", note="异议", at=on(after(2)))
    frost = after(6)
    workdays.set_day(frost, False, reason="暴雪停工（虚构）", actor=SYSTEM, at=MORNING)
    act("zhuguan", case, "held", note="已听取意见", at=on(after(4)), answers=HELD)
    assert open_item(case, "land_decide").due_on == after(12)
    assert not calendars.calendar().works(frost)
