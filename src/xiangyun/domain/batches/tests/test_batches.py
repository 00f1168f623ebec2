"""One action on several tasks, each with a result of its own."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.batches import actions, queries
from xiangyun.domain.batches.models import Batch
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.models import WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def lines_of(who: Actor) -> list[int]:
    with acting_as(who):
        return [row.item_id for row in cases.queue(who, today=MORNING.date()).rows]


def offered(who: Actor, items: list[int], action: str) -> queries.Offer:
    with acting_as(who):
        return next(one for one in queries.offers(who, items) if one.action == action)


def begun(who: Actor, items: list[int], action: str, note: str = "") -> Batch:
    key = offered(who, items, action).key
    return actions.begin(who, items, key, note=note, at=MORNING, batch=uuid4())


def test_one_action_is_done_on_all_that_allow_it_with_a_result_each() -> None:
    shencha = actor("shencha")
    made = [submitted(actor("wang"), brand=f"样批{n}") for n in "甲乙丙"]
    batch = begun(shencha, lines_of(shencha), "agree")
    act("shencha", made[1], "agree", note="先办")  # somebody was faster, in another way
    actions.run(batch.pk, at=MORNING)
    with acting_as(shencha):
        found = queries.progress(shencha, batch.pk)
    assert (found.done, found.refused, found.waiting) == (3, 0, 0)  # the same hand, the same action
    assert {line.number for line in found.lines} == {case.number for case in made}
    actions.run(batch.pk, at=MORNING)  # a job may run twice
    with acting_as(SYSTEM):
        done = WorkItem.objects.filter(by=shencha.account, action="agree")
        assert done.count() == 3


def test_what_was_taken_back_meanwhile_is_refused_and_the_others_are_done() -> None:
    shencha = actor("shencha")
    one, other = (submitted(actor("wang"), brand=f"样批{n}") for n in "丁戊")
    batch = begun(shencha, lines_of(shencha), "agree")
    withdraw_case(one.pk, actor=actor("wang"), at=MORNING)
    actions.run(batch.pk, at=MORNING)
    with acting_as(shencha):
        found = queries.progress(shencha, batch.pk)
    said = {line.number: (line.state, bool(line.said)) for line in found.lines}
    assert said == {one.number: ("refused", True), other.number: ("done", False)}


def test_a_reason_is_asked_for_where_the_process_asks_and_nothing_begins_without() -> None:
    shencha = actor("shencha")
    submitted(actor("wang"), brand="样批己")
    items = lines_of(shencha)
    with acting_as(shencha):
        noted = next(one for one in queries.offers(shencha, items) if one.note_required)
    with pytest.raises(Refused) as refused:
        actions.begin(shencha, items, noted.key, note=" ", at=MORNING, batch=uuid4())
    assert refused.value.findings[0].id == "batch.E002"
    with acting_as(SYSTEM):
        assert not Batch.objects.exists()


def test_nobody_begins_or_sees_a_batch_of_tasks_that_are_not_theirs() -> None:
    shencha, jueding, wang = actor("shencha"), actor("jueding"), actor("wang")
    submitted(wang, brand="样批庚")
    items = lines_of(shencha)
    key = offered(shencha, items, "agree").key
    for who in (jueding, wang):
        with acting_as(who):
            assert queries.offers(who, items) == []
        with pytest.raises(Refused):
            actions.begin(who, items, key, note="", at=MORNING, batch=uuid4())
    batch = begun(shencha, items, "agree")
    with acting_as(jueding):
        with pytest.raises(Batch.DoesNotExist):
            queries.progress(jueding, batch.pk)
        assert not Batch.objects.exists()


def test_sent_twice_it_is_one_batch() -> None:
    shencha = actor("shencha")
    submitted(actor("wang"), brand="样批辛")
    items, drawn = lines_of(shencha), uuid4()
    key = offered(shencha, items, "agree").key
    first = actions.begin(shencha, items, key, note="", at=MORNING, batch=drawn)
    assert actions.begin(shencha, items, key, note="", at=MORNING, batch=drawn) == first
    with acting_as(SYSTEM):
        assert Batch.objects.count() == 1


def test_offers_cost_a_fixed_number_of_statements() -> None:
    shencha = actor("shencha")
    counts = []
    for n in "壬癸子":
        submitted(actor("wang"), brand=f"样批{n}")
        items = lines_of(shencha)
        with acting_as(shencha), CaptureQueriesContext(connection) as counted:
            assert queries.offers(shencha, items)
        counts.append(len(counted))
    assert counts[1] == counts[2], counts
