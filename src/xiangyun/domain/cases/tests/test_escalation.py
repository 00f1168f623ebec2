"""Overdue work comes before its overseer once, and not while a clock stands still."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.calendar import actions as workdays
from xiangyun.domain.cases import actions, deadlines, escalation, inbound, jobs, queue
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.catalogue import queries as catalogue

from .situations import MORNING, act, actor, as_owner, project, submitted
from .test_extension import answer, ask
from .test_time import HELD, after, now, on, open_item, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

FRIDAY, SATURDAY, MONDAY = date(2026, 4, 10), date(2026, 4, 11), date(2026, 4, 13)


def escalated(case: Case) -> list[str]:
    """What the history says of overdue work."""
    with acting_as(actor("wang")):
        lines = cases.history(now(case))
        return [line.what.en for line in lines if line.verb == "task.escalated"]


def before_the_overseer(day: date, login: str = "duban") -> list[cases.OverdueRow]:
    overseer = actor(login)
    with acting_as(overseer):
        return list(cases.overdue_work(overseer, today=day).rows)


def test_overdue_work_comes_before_its_overseer_with_who_has_it_and_since_when() -> None:
    case = submitted(actor("wang"))
    escalation.escalate(at=on(MONDAY))
    [row] = before_the_overseer(MONDAY)
    assert (row.case_id, row.due_on, row.days_over) == (case.id, FRIDAY, 1)
    assert (row.office, row.role.zh) == ("珲春市市场监督管理局 登记科（演示）", "审查")
    assert row.told_at == on(MONDAY)
    assert escalated(case) == [
        "“Review” was due on Friday, 10 April 2026 and is overdue; its overseer was told"
    ]
    with acting_as(actor("shencha")):
        [said] = cases.overdue_of(now(case), MONDAY)
    assert said.told.en == "supervisor"


def test_told_once_nobody_is_told_again() -> None:
    case = submitted(actor("wang"))
    escalation.escalate(at=on(MONDAY))
    first = now(case).revision
    escalation.escalate(at=on(MONDAY))
    escalation.escalate(at=on(MONDAY + timedelta(days=1)))
    assert (len(escalated(case)), now(case).revision) == (1, first)
    assert before_the_overseer(MONDAY + timedelta(days=1))[0].days_over == 2


def test_on_its_last_day_and_over_the_weekend_nobody_is_late() -> None:
    case = submitted(actor("wang"))
    for day in (FRIDAY, SATURDAY):
        escalation.escalate(at=on(day))
    assert escalated(case) == []


def test_what_is_done_leaves_the_overseers_page() -> None:
    case = submitted(actor("wang"))
    escalation.escalate(at=on(MONDAY))
    act("shencha", case, "agree", at=on(MONDAY))
    escalation.escalate(at=on(MONDAY))
    [row] = before_the_overseer(MONDAY)
    assert row.step.en == "Decide"
    act("jueding", case, "approve", at=on(MONDAY))
    assert before_the_overseer(MONDAY) == []


def test_an_overseer_sees_the_own_divisions_and_others_nothing() -> None:
    submitted(actor("wang"))
    escalation.escalate(at=on(MONDAY))
    assert (
        before_the_overseer(MONDAY, "gongzhuling") == before_the_overseer(MONDAY, "jueding") == []
    )
    assert cases.oversees(actor("duban"))
    assert not cases.oversees(actor("shencha"))
    assert not cases.oversees(actor("wang"))


def test_while_a_clock_stands_still_nobody_is_late() -> None:
    case = reviewed(project(actor("wang")))
    act("zhuguan", case, "hearing", note="邻近居民有异议", at=on(after(4)))
    late = on(after(40))
    assert open_item(case, "land_hearing").due_on > late.date(), "no deadline runs meanwhile"
    with acting_as(SYSTEM):
        assert not escalation.overdue(late.date(), None).filter(case=case).exists()
    escalation.escalate(at=late)
    assert escalated(case) == []
    act("zhuguan", case, "held", note="已听取意见", at=late, answers=HELD)
    escalation.escalate(at=on(after(50)))
    assert len(escalated(case)) == 1


def test_an_applicants_own_time_is_nobodys_delay() -> None:
    case = submitted(actor("wang"), brand="样祥")
    act("shouli", case, "correct", note="请换一个字号")
    escalation.escalate(at=on(after(60)))
    assert escalated(case) == []


def test_an_extension_takes_the_stamp_away_and_a_new_deadline_may_be_missed_again() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    with acting_as(SYSTEM), as_owner():  # as if it had been due before today
        WorkItem.objects.filter(case=case, element="review").update(due_on=date(2026, 4, 8))
    escalation.escalate(at=MORNING)
    assert [row.step.en for row in before_the_overseer(MORNING.date())] == ["Review"]
    answer("jueding", case, "grant")
    assert before_the_overseer(MORNING.date()) == []
    assert open_item(case, "review").escalated_at is None
    escalation.escalate(at=on(date(2026, 4, 16)))
    assert len(escalated(case)) == 2


def test_a_calendar_that_changes_takes_the_stamp_away_where_it_makes_time() -> None:
    made, kept = submitted(actor("wang")), submitted(actor("li"), on(date(2026, 4, 7)))
    escalation.escalate(at=on(MONDAY))
    workdays.set_day(FRIDAY, False, reason="暴雪停工（虚构）", actor=SYSTEM, at=on(MONDAY))
    deadlines.recount(date(2026, 4, 1), at=on(MONDAY))
    assert open_item(made, "review").due_on == MONDAY
    assert [row.case_id for row in before_the_overseer(MONDAY)] == [kept.id]


def test_what_is_parked_before_a_supervisor_too_long_is_overdue_as_well() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    with acting_as(SYSTEM):
        call = case.service_calls.earliest("pk")
    inbound.park_service_call(call.pk, problem="连接被拒绝", at=MORNING)
    escalation.escalate(at=on(MONDAY))
    [row] = before_the_overseer(MONDAY)
    assert row.role.en == "supervisor"


def test_rounds_are_small_and_go_on_where_they_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "AT_A_TIME", 2)
    for login in ("wang", "li", "wang"):
        submitted(actor(login))
    key = escalation.escalate(at=on(MONDAY))
    assert key is not None
    assert len(before_the_overseer(MONDAY)) == 2
    assert escalation.escalate(after=key, at=on(MONDAY)) is None
    assert len(before_the_overseer(MONDAY)) == 3


def test_the_hourly_job_begins_and_another_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "AT_A_TIME", 1)
    for login in ("wang", "li"):
        submitted(actor(login))
    jobs.escalate_overdue(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [queue.ESCALATE])
        [[args]] = cursor.fetchall()
    going_on = json.loads(args)
    assert going_on["due_on"] == FRIDAY.isoformat()
    jobs.escalate(**going_on)
    assert len(before_the_overseer(MONDAY)) == 2


def test_a_case_that_cannot_be_stepped_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = submitted(actor("wang")), submitted(actor("li"))
    stepping = actions.stepping

    def failing(case_id, step, **given):
        if case_id == broken.id:
            raise LookupError("no such figure")
        return stepping(case_id, step, **given)

    monkeypatch.setattr(actions, "stepping", failing)
    escalation.escalate(at=on(MONDAY))
    assert str(broken.id) in caplog.text
    assert [row.case_id for row in before_the_overseer(MONDAY)] == [whole.id]
    monkeypatch.undo()
    escalation.escalate(at=on(MONDAY))
    assert len(before_the_overseer(MONDAY)) == 2


def test_pages_of_overdue_work_are_found_by_key() -> None:
    for login in ("wang", "li", "wang"):
        submitted(actor(login))
    escalation.escalate(at=on(MONDAY))
    overseer, seen, key = actor("duban"), [], ""
    with acting_as(overseer):
        for _ in range(2):
            page = cases.overdue_work(overseer, today=MONDAY, after=key, limit=2)
            seen += [row.case_id for row in page.rows]
            key = page.next
        assert (len(set(seen)), key) == (3, "")
        with pytest.raises(ValueError, match="nonsense"):
            cases.overdue_work(overseer, today=MONDAY, after="nonsense")


# -- as many as there may be -----------------------------------------------------------------------

MANY = """
INSERT INTO cases_workitem (case_id, token, element, name, groups, headers, inputs, division,
    service, role, county, place, opened_at, due_on, amber_on, own_due, action, note, by_name,
    by_desk, escalated_at)
SELECT case_id, 'copy' || n, element, name,
    CASE WHEN n %% 3 = 0 THEN ARRAY['applicant'] ELSE groups END, headers, inputs, division,
    service, role, county, place, opened_at,
    due_on + CASE WHEN n %% 3 = 1 THEN 400 ELSE 0 END, amber_on, true, '', '', '', '',
    CASE WHEN n %% 3 = 2 THEN opened_at END
FROM cases_workitem, generate_series(1, 6000) n WHERE case_id = %s AND element = 'review'
"""


def test_of_many_open_tasks_only_those_that_nobody_was_told_of_are_touched() -> None:
    case, other = submitted(actor("wang")), submitted(actor("li"))
    with acting_as(SYSTEM), connection.cursor() as cursor:
        with as_owner():
            cursor.execute(MANY, [case.id])
        cursor.execute("SET LOCAL enable_seqscan = off")  # nothing is analysed in a transaction
        query, given = escalation.overdue(MONDAY, None)[:100].query.sql_with_params()
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", given)
        [[told]] = cursor.fetchall()
        found = list(escalation.overdue(MONDAY, None))
    assert {each[2] for each in found} == {case.id, other.id}
    plan = json.loads(told) if isinstance(told, str) else told
    scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Index Name") == "untold_work"]
    assert [scan["Actual Rows"] for scan in scans] == [2]
    assert all(scan.get("Rows Removed by Filter", 0) == 0 for scan in scans)


def nodes(plan: dict) -> list[dict]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in nodes(below))]


def test_who_oversees_is_known_without_a_pack_being_compiled(monkeypatch) -> None:
    monkeypatch.setattr(catalogue, "pack", lambda _: pytest.fail("a pack was compiled"))
    assert ("supervisor", "market_supervision") in catalogue.overseers()
    assert cases.oversees(actor("duban"))
    assert not cases.oversees(actor("shencha"))
