"""Moments, messages and answers reach their case once; what fails again and again is not lost."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, inbound, queue
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import SERVICES, CaseStep
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.feel import Value

from . import waiting
from .situations import MORNING, act, actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patience")]


@pytest.fixture
def patience(demonstration: None) -> None:
    waiting.publish()


def verbs(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return [entry.verb for entry in journal.history(case.number)]


def test_a_timer_rings_once_however_often_its_job_runs() -> None:
    case = waiting.filed()
    for _ in range(3):
        waiting.ring(case, "overdue")
    assert verbs(case).count("timer.rang") == 1
    assert "review" not in waiting.open_items(case)


def test_a_cycle_rings_as_often_as_it_says_and_an_old_job_does_not_ring_for_the_next_turn() -> None:
    case = waiting.filed()
    first = waiting.timer(case, "remind")
    inbound.ring(case.pk, first.token, at=first.due)
    inbound.ring(case.pk, first.token, at=first.due)
    assert verbs(case).count("timer.rang") == 1
    waiting.ring(case, "remind")
    assert waiting.timer(case, "remind").closed_at is not None
    assert verbs(case).count("timer.rang") == 2
    assert waiting.open_items(case) == ["review"], "a reminder leaves the task where it is"


def test_a_message_brought_twice_with_the_same_number_is_taken_once() -> None:
    older, younger = waiting.at_the_gate(), waiting.at_the_gate(word="再等")
    for _ in range(2):
        inbound.deliver("message", "anyone", None, {}, at=MORNING, message="m-1")
    assert verbs(older).count("message.received") == 1
    assert "message.received" not in verbs(younger), "the second run found somebody else"
    inbound.deliver("message", "anyone", None, {}, at=MORNING, message="m-2")
    assert verbs(younger).count("message.received") == 1


def test_a_case_that_cannot_take_a_signal_keeps_it_from_nobody_and_takes_it_when_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sick, sound = waiting.at_the_gate(), waiting.at_the_gate(word="健")
    broken = breaking_letters(monkeypatch, sick.pk)
    job = queue.deliver("signal", "all", None, {}, "s-1")
    with pytest.raises(inbound.NotTaken) as problem:
        inbound.deliver("signal", "all", None, {}, at=MORNING, message="s-1")
    assert problem.value.cases == [sick.pk]
    assert verbs(sound).count("signal.received") == 1
    assert "signal.received" not in verbs(sick), "nothing of a step that failed stays"

    inbound.park_message(sick.pk, job, problem="打印机没纸", at=MORNING)
    supervisor = actor("duban")
    with acting_as(supervisor):
        [task] = cases.open_tasks(supervisor, sick)
        assert "打印机没纸" in task.hint.zh
    broken.clear()
    actions.complete_task(sick.pk, task.id, action="retry", actor=supervisor, at=MORNING)
    assert queued(queue.DELIVER)[-1]["message"] == "s-1"
    inbound.deliver("signal", "all", None, {}, at=MORNING, message="s-1")
    assert [verbs(case).count("signal.received") for case in (sick, sound)] == [1, 1]
    with acting_as(supervisor):
        assert cases.open_tasks(supervisor, sick) == []


def test_a_timer_whose_step_fails_is_parked_and_rings_when_mended() -> None:
    case = waiting.filed()
    overdue = waiting.timer(case, "overdue")
    job = queue.ring(case.pk, overdue.token, overdue.due)
    inbound.park_timer(case.pk, overdue.token, job, problem="磁盘已满", at=MORNING)
    supervisor = actor("duban")
    with acting_as(supervisor):
        [task] = cases.open_tasks(supervisor, case)
        assert task.hint.zh == "磁盘已满"
        assert "timer.parked" in verbs(case)
    actions.complete_task(case.pk, task.id, action="retry", actor=supervisor, at=MORNING)
    assert queued(queue.RING)[-1] == job["args"]
    inbound.ring(case.pk, overdue.token, at=overdue.due)
    assert verbs(case).count("timer.rang") == 1


@pytest.mark.parametrize("how", ["done by a person", "withdrawn"])
def test_what_is_parked_leaves_the_desk_with_what_it_was_for(how: str) -> None:
    case = waiting.filed()
    overdue = waiting.timer(case, "overdue")
    job = queue.ring(case.pk, overdue.token, overdue.due)
    inbound.park_timer(case.pk, overdue.token, job, problem="磁盘已满", at=MORNING)
    assert sorted(waiting.open_items(case)) == ["overdue", "review"]
    if how == "withdrawn":
        actions.withdraw_case(case.pk, actor=actor("wang"), at=MORNING)
        assert waiting.open_items(case) == []
    else:
        act("shencha", case, "agree")
        assert waiting.open_items(case) == []


def test_a_parked_call_leaves_the_desk_when_its_case_is_withdrawn() -> None:
    case = waiting.at_the_gate()
    inbound.park_service_call(waiting.call(case).pk, problem="超时", at=MORNING)
    assert waiting.open_items(case) == ["tax"]
    actions.withdraw_case(case.pk, actor=actor("wang"), at=MORNING)
    assert waiting.open_items(case) == []
    assert waiting.call(case).answered_at is not None


def test_a_call_that_was_answered_meanwhile_is_not_parked() -> None:
    case = waiting.at_the_gate()
    call = waiting.call(case)
    answer = {"reference": "R1", "completed_on": "2026-04-09"}
    inbound.complete_service_call(call.pk, answer, at=MORNING)
    inbound.park_service_call(call.pk, problem="超时", at=MORNING)
    with acting_as(SYSTEM):
        assert not WorkItem.objects.filter(case=case, closed_at=None).exists()


def breaking_letters(monkeypatch: pytest.MonkeyPatch, case_id: UUID) -> list[UUID]:
    """Letters of this case fail as long as the list that is returned names it."""
    broken, writes = [case_id], SERVICES["letter.send"]

    def send(step: CaseStep, wanted: object) -> Mapping[str, Value] | None:
        if step.case.pk in broken:
            raise RuntimeError("out of paper")
        return writes(step, wanted)  # type: ignore[arg-type]

    monkeypatch.setitem(SERVICES, "letter.send", send)
    return broken


def queued(task: str) -> list[dict[str, str]]:
    """The arguments of the jobs of a kind that wait, oldest first."""
    found = ProcrastinateJob.objects.filter(task_name=task, status="todo").order_by("id")
    return list(found.values_list("args", flat=True))
