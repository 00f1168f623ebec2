"""Cases that ran on real PostgreSQL, replayed by their own version and by the next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, inbound, pastcases, ports
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, ServiceCall, Timer
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.cli import story
from xiangyun.kernel.simulation import Replayed, replay

from .situations import MORNING, act, actor, submitted
from .test_migration import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def registered(brand: str = "样一") -> Case:
    """A case from the application to the last department."""
    case = submitted(actor("wang"), brand=brand)
    act("shencha", case, "agree")
    act("jueding", case, "approve", at=MORNING + timedelta(hours=1))
    return answered(case)


def answered(case: Case) -> Case:
    with acting_as(SYSTEM):
        calls = list(ServiceCall.objects.filter(case=case, answered_at=None))
    for done, call in enumerate(reversed(calls)):
        answer = {"reference": f"R{done}", "completed_on": "2026-04-09"}
        inbound.complete_service_call(call.pk, answer, at=MORNING + timedelta(hours=2))
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk)


def corrected() -> Case:
    """A name that was taken, corrected after two days."""
    wang = actor("wang")
    case = submitted(wang, brand="样祥")
    act("shouli", case, "correct")
    with acting_as(wang):
        [task] = cases.open_tasks(wang, Case.objects.get(pk=case.pk))
        later = MORNING + timedelta(days=2)
        actions.correct_answers(case.id, task.id, {"brand": "样新"}, actor=wang, at=later)
    act("shencha", case, "agree", at=MORNING + timedelta(days=3))
    act("jueding", case, "approve", at=MORNING + timedelta(days=3))
    return answered(case)


def withdrawn() -> Case:
    wang = actor("wang")
    case = submitted(wang, brand="样回")
    with acting_as(wang):
        return actions.withdraw_case(case.id, actor=wang, at=MORNING, note="改天再报")


def lapsed() -> Case:
    case = submitted(actor("wang"), brand="样祥")
    act("shouli", case, "correct")
    with acting_as(SYSTEM):
        timer = Timer.objects.get(case=case, closed_at=None)
    inbound.ring(timer.case_id, timer.token, at=timer.due)
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk)


def by_version(case: Case, number: int) -> Replayed:
    with acting_as(SYSTEM):
        old = catalogue.version_pack(story.SERVICE, 1)
        new = catalogue.version_pack(story.SERVICE, number)
        record = pastcases.record_of(case, old)
        look_up = pastcases.registers_without(case.number)
        return replay(old, new, record, ports.counting_calendar(), look_up)


@pytest.mark.parametrize("run", [registered, corrected, withdrawn, lapsed])
def test_what_the_journal_keeps_is_enough_to_walk_the_case_again(run) -> None:  # type: ignore[no-untyped-def]
    case = run()
    assert case.outcome
    done = by_version(case, 1)
    assert done.reproduced, done.old
    assert done.old.outcome == case.outcome
    assert done.recorded.exact
    assert done.parted is None


def test_the_application_is_the_one_that_was_first_handed_in() -> None:
    case = corrected()
    with acting_as(SYSTEM):
        record = pastcases.record_of(case, catalogue.version_pack(story.SERVICE, 1))
    assert record.application["brand"] == "样祥"
    assert record.recorded_events[1].result["application"]["brand"] == "样新"
    assert record.application["premises_proof"]


def test_a_shorter_deadline_in_a_new_version_is_seen_on_the_past_case() -> None:
    case = corrected()
    number = published(("parameters.yaml", "value: 30\n", "value: 1\n"))
    done = by_version(case, number)
    assert done.differs
    assert (done.old.outcome, done.new.outcome) == ("issued", "lapsed")


def test_ended_cases_of_one_version_are_found_and_running_ones_are_not() -> None:
    ended = withdrawn()
    submitted(actor("wang"), brand="样跑")
    with acting_as(SYSTEM):
        assert [c.pk for c in pastcases.ended_cases(story.SERVICE, 1, 10)] == [ended.pk]
        assert pastcases.ended_cases(story.SERVICE, 2, 10) == []
        assert 1 in catalogue.numbers(story.SERVICE)


def test_a_register_is_asked_as_it_was_and_without_what_the_case_entered() -> None:
    case = registered("样录")
    with acting_as(SYSTEM):
        own, others = pastcases.registers_without(case.number), pastcases.registers_without("")
        day = date(2026, 4, 9)
        assert own("company", "brand", "样录", day) == []
        assert len(others("company", "brand", "样录", day)) == 1
        assert others("company", "brand", "样录", day - timedelta(days=1)) == []
