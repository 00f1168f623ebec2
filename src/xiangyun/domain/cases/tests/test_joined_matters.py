"""Complaints about one matter are answered once; one that is joined too late goes its own way."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, act, actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
SERVICE = "government/complaint"
MATTER = {"kind": "complain", "topic": "consumer", "home": "222404001001", "story": "过期奶粉。"}


def complaint(login: str) -> Case:
    who = actor(login)
    with acting_as(who):
        draft = drafts.start_draft(SERVICE, actor=who, at=MORNING)
        drafts.keep_answers(draft.id, MATTER, actor=who, at=MORNING)
        return actions.submit_case(draft.id, actor=who, at=MORNING)


def outcome(case: Case) -> str:
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk).outcome


def answer(case: Case) -> None:
    """The department answers, and the queue brings the answer to a case that waits for it."""
    act("jueding", case, "answer_citizen", "已责令下架。")
    inbound.deliver("message", "matter_answered", case.number, {"answer": "已下架。"}, at=MORNING)


def test_a_matter_that_is_joined_is_answered_with_the_first() -> None:
    first, second = complaint("wang"), complaint("li")
    act("rexian", second, "join_matter")
    assert outcome(second) == ""
    answer(first)
    assert [outcome(each) for each in (first, second)] == ["answered_matter"] * 2


def test_a_matter_that_ended_before_another_was_joined_to_it_leaves_nobody_waiting() -> None:
    first, second = complaint("wang"), complaint("li")
    answer(first)
    act("rexian", second, "join_matter")
    assert outcome(second) == ""
    with acting_as(actor("jueding")) as who:
        (task,) = cases.open_tasks(who, Case.objects.get(pk=second.pk))
    assert task.element == "handle"
    answer(second)
    assert outcome(second) == "answered_matter"
