"""A case whose process calls others goes through them on real PostgreSQL as in a rehearsal."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, inbound, queue
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Decision, Letter, ServiceCall, WorkItem
from xiangyun.domain.journal import queries as journal

from . import calling
from .calling import do
from .situations import MORNING, actor
from .waiting import case_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inspection")]


@pytest.fixture
def inspection(demonstration: None) -> None:
    calling.publish()


def verbs(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return [entry.verb for entry in journal.history(case.number)]


def test_a_task_of_a_called_process_carries_the_number_of_its_process() -> None:
    case = calling.visited()
    assert calling.tokens(case) == ["1/inspect~1"]
    assert calling.open_timers(case) == {
        "visit_late": "visit_late~5",
        "inspect_reminder": "1/inspect_reminder~2",
    }
    row = case_now(case.pk)
    assert row.parts is not None
    assert row.parts[""] == {"calls": 1}
    assert {k: row.parts["1"][k] for k in ("process", "call", "through", "calls")} == {
        "process": "site_visit",
        "call": "visit~4",
        "through": True,
        "calls": 0,
    }


def test_a_called_process_brings_back_what_it_set() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    assert "inspected" not in case_now(case.pk).variables, "until it ends, it is its own"
    case = calling.answered(calling.report(case))
    assert case.variables["inspected"] == {"action": "pass", "by": "朴样查"}
    assert case.variables["report"] == "合格"
    assert case.variables["lab_reference"] == "LAB-1", "from the process that it called itself"
    assert case.variables["risk"] == "厂:pass"
    assert case.variables["reviewed"]["action"] == "agree"


def test_rules_in_a_called_process_see_what_it_sees() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    with acting_as(SYSTEM):
        decision = Decision.objects.get(case=case)
    assert (decision.element, decision.value) == ("judge", "厂:pass")


def test_a_process_called_by_a_called_one_has_a_number_below_it() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    case = calling.report(case)
    with acting_as(SYSTEM):
        call = ServiceCall.objects.get(case=case)
    assert call.token == "1-1/test~1"
    assert case.parts is not None
    assert sorted(case.parts) == ["", "1", "1-1"]
    case = calling.answered(case)
    assert sorted(case.parts or {}) == ["", "2", "3"], "the opinions are called next"


def test_each_of_several_calls_is_a_process_of_its_own_and_their_results_come_in_order() -> None:
    case = calling.visited()
    do(case, "inspect", "no_access")
    assert calling.tokens(case) == ["2/opine~1", "3/opine~1"]
    with acting_as(SYSTEM):
        inputs = [item.inputs for item in calling.items(case)]
    assert inputs == [{"department": "land"}, {"department": "water"}]
    do(case, "opine", "object", token="3/opine~1")
    do(case, "opine", "agree", token="2/opine~1")
    assert case_now(case.pk).variables["opinions"] == [
        {"department": "land", "action": "agree"},
        {"department": "water", "action": "object"},
    ]


def test_an_error_of_a_called_process_is_caught_at_the_call() -> None:
    case = calling.visited()
    do(case, "inspect", "no_access")
    with acting_as(SYSTEM):
        assert Letter.objects.get(case=case).kind == "unreachable"
    assert "visit_late" not in calling.open_timers(case)
    assert "inspected" not in case_now(case.pk).variables, "what failed brings nothing back"
    assert "call.failed" in verbs(case)


def test_an_escalation_of_a_called_process_reaches_the_caller_and_the_visit_goes_on() -> None:
    case = calling.visited()
    do(case, "inspect", "doubt")
    with acting_as(SYSTEM):
        letter = Letter.objects.get(case=case)
    assert letter.body["zh"] == "现场有疑点：厂。"
    assert calling.tokens(case) == ["1/explain~3"]


def test_answers_corrected_in_a_called_process_are_those_of_the_whole_case() -> None:
    case = calling.visited()
    do(case, "inspect", "doubt")
    wang = actor("wang")
    with acting_as(wang):
        [task] = cases.open_tasks(wang, case)
        actions.correct_answers(case.pk, task.id, {"word": "厂房"}, actor=wang, at=MORNING)
    case = case_now(case.pk)
    assert case.variables["application"]["word"] == "厂房"
    assert case.parts is not None
    assert "application" not in case.parts["1"]["variables"]


def test_a_visit_that_is_overdue_is_dropped_with_all_that_is_open_in_it() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    case = calling.report(case)  # now the laboratory is waited for, two calls deep
    inbound.park_service_call(_call(case), problem="超时", at=MORNING)
    assert [item.element for item in calling.items(case)] == ["test"]
    case = calling.ring(case, "visit_late")
    assert calling.tokens(case) == ["2/opine~1", "3/opine~1"]
    assert calling.open_timers(case) == {}
    assert list(case.awaiting) == ["withdrawn~2"]
    with acting_as(SYSTEM):
        assert ServiceCall.objects.get(case=case).answered_at is not None
    assert sorted(case.parts or {}) == ["", "2", "3"]


def test_an_answer_to_a_process_that_was_dropped_changes_nothing() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    case = calling.report(case)
    call = _call(case)
    case = calling.ring(case, "visit_late")
    before = case.revision
    inbound.complete_service_call(call, {"reference": "LAB-9"}, at=MORNING)
    assert case_now(case.pk).revision == before


def test_a_withdrawal_ends_the_case_and_what_it_called() -> None:
    case = calling.visited()
    wang = actor("wang")
    with acting_as(wang):
        case = actions.withdraw_case(case.pk, actor=wang, at=MORNING)
    assert case.outcome == "withdrawn"
    assert calling.tokens(case) == []
    assert calling.open_timers(case) == {}
    with acting_as(SYSTEM):
        closed = WorkItem.objects.get(case=case, element="inspect")
    assert closed.action == "interrupted"
    assert case_now(case.pk).parts == {"": {"calls": 1}}


def test_a_timer_of_a_called_process_rings_there() -> None:
    case = calling.ring(calling.visited(), "inspect_reminder")
    assert calling.tokens(case) == ["1/inspect~1"], "a reminder leaves the task where it is"
    assert verbs(case).count("timer.rang") == 1
    do(case, "inspect", "pass")
    case = calling.ring(case, "report_late")
    assert "1-1" in (case.parts or {})


def test_a_message_finds_the_called_process_that_waits_for_it_once() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    for _ in range(2):
        case = calling.report(case, number="m-1")
    assert verbs(case).count("message.received") == 1
    assert "1-1" in (case.parts or {})


def test_a_signal_reaches_called_processes_of_every_case() -> None:
    both = [calling.visited(word) for word in ("厂", "店")]
    for case in both:
        do(case, "inspect", "pass")
    assert inbound.deliver("signal", "cleared", None, {}, at=MORNING, message="s-1") == 2
    assert all("1-1" in (case_now(case.pk).parts or {}) for case in both)


def test_a_message_that_a_called_process_cannot_take_is_parked_at_its_step() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    job = queue.deliver("message", "report", case.number, {}, "m-1")
    inbound.park_message(case.pk, job, problem="打印机没纸", at=MORNING)
    assert [item.element for item in calling.items(case)] == ["reported"]


def test_whoever_did_a_step_in_a_called_process_does_not_decide() -> None:
    case = calling.visited()
    do(case, "inspect", "no_access")
    case = calling.with_opinions(case)
    with acting_as(SYSTEM):
        hands = dict(WorkItem.objects.filter(case=case).values_list("element", "by"))
    assert hands["inspect"] is not None
    assert calling.items(case, "decide")[0].headers["not_by"] == "review,inspect"


def test_what_a_call_did_can_be_undone_when_the_case_is_refused() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    case = calling.with_opinions(calling.answered(calling.report(case)))
    do(case, "decide", "refuse")
    assert [item.element for item in calling.items(case)] == ["file_away"]
    case = do(case, "file_away", "done")
    assert case.outcome == "refused"
    assert case_now(case.pk).ended_at is not None


def test_the_end_of_a_called_process_is_no_end_of_the_case() -> None:
    case = calling.visited()
    do(case, "inspect", "pass")
    case = calling.answered(calling.report(case))
    assert case.ended_at is None
    assert "site_end" in case.passed
    assert "case.ended" not in verbs(case)
    assert verbs(case).count("call.completed") == 2


def _call(case: Case) -> int:
    with acting_as(SYSTEM):
        return ServiceCall.objects.get(case=case).pk
