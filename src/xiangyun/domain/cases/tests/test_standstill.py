"""What stands still is seen by a supervisor, who has it tried again; messages find their case."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import access, actions, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, ServiceCall, WorkItem

from .situations import MORNING, act, actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def issued(demonstration: None) -> Case:
    """A case whose licence is issued and whose departments have not answered yet."""
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    return act("jueding", case, "approve")


def test_a_department_that_never_answers_comes_before_the_supervisor(issued: Case) -> None:
    supervisor = actor("duban")
    with acting_as(supervisor):
        call = ServiceCall.objects.filter(case=issued).earliest("pk")
    inbound.park_service_call(call.pk, problem="连接被拒绝", at=MORNING)
    with acting_as(supervisor):
        [row] = cases.queue(supervisor, today=MORNING.date()).rows
        assert row.case_id == issued.pk
        [task] = cases.open_tasks(supervisor, issued)
        assert "连接被拒绝" in task.hint.zh
        assert [button.action for button in task.buttons] == ["retry"]
        actions.complete_task(issued.pk, task.id, action="retry", actor=supervisor, at=MORNING)
        assert cases.open_tasks(supervisor, issued) == []
        assert "督办后再试" in [line.what.zh for line in cases.history(issued)]


def test_a_late_answer_takes_the_parked_call_off_the_supervisors_desk(issued: Case) -> None:
    supervisor = actor("duban")
    with acting_as(supervisor):
        call = ServiceCall.objects.filter(case=issued).earliest("pk")
    inbound.park_service_call(call.pk, problem="超时", at=MORNING)
    answer = {"reference": "R1", "completed_on": "2026-04-09"}
    inbound.complete_service_call(call.pk, answer, at=MORNING)
    with acting_as(supervisor):
        assert not WorkItem.objects.filter(case=issued, closed_at=None).exists()


def test_officials_without_the_role_do_not_see_what_stands_still(issued: Case) -> None:
    reviewer = actor("shencha")
    with acting_as(reviewer):
        call = ServiceCall.objects.filter(case=issued).earliest("pk")
    inbound.park_service_call(call.pk, problem="超时", at=MORNING)
    with acting_as(reviewer):
        assert cases.open_tasks(reviewer, issued) == []


def test_a_message_finds_the_case_that_waits_for_it_and_no_other() -> None:
    wang = actor("wang")
    first, second = submitted(wang), submitted(wang, brand="样二")
    taken = inbound.deliver("message", "withdraw", second.number, {"note": ""}, at=MORNING)
    assert taken == 1
    with acting_as(wang):
        assert access.case_for(wang, first.pk).outcome == ""
        assert access.case_for(wang, second.pk).outcome == "withdrawn"


def test_a_message_nobody_waits_for_changes_nothing() -> None:
    wang = actor("wang")
    case = submitted(wang)
    assert inbound.deliver("message", "withdraw", "no such number", {}, at=MORNING) == 0
    assert inbound.deliver("signal", "withdraw", None, {}, at=MORNING) == 0
    with acting_as(wang):
        assert access.case_for(wang, case.pk).outcome == ""
