"""What was paid goes back: whole, in part, by rule and by official, and never more than came."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from xiangyun.adapters.payments import SimulatedProvider, simulated
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import access
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import queries as tasks
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import act, actor
from xiangyun.domain.payments import actions, ports, queries, receiving, sending, settling
from xiangyun.domain.payments.models import Going, Order, Payment, Refund, State, Why
from xiangyun.domain.payments.tests.digging import (
    WHOLE,
    asked,
    brought,
    case_now,
    given_back,
    order_of,
    paid,
    pay_there,
    refunds_of,
    sent_back,
    take,
    verbs,
)
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused, Stale, Text
from xiangyun.kernel.pack.taskforms import ANSWERS

GONGZHULING = 220184000000
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def officer(login: str = "shoufei", division: int = demonstration.HUNCHUN) -> Actor:
    """Somebody who looks after fees in a place."""
    with acting_as(SYSTEM):
        account: UUID = accounts.open_account(
            login=login, password=demonstration.PASSWORD, name="费样管", kind="official"
        )
        accounts.give_mandate(account, role="fee_officer", division=division, desk="收费（演示）")
    return actor(login)


def paid_case(login: str = "wang", **changed: object) -> Case:
    """A case whose fee is paid at the provider, and which has gone on."""
    case = asked(login, **changed)
    headers, body = pay_there(order_of(case))
    receiving.receive(headers, body, at=timezone.now())
    brought(case)
    return case_now(case)


def dug(case: Case, area: str) -> Case:
    """The works are permitted, and measured."""
    act("zhuguan", case, "permit-digging", at=timezone.now())
    who, now = actor("gongjian"), timezone.now()
    with acting_as(who):
        [task] = tasks.open_tasks(who, access.case_for(who, case.pk))
        answers = {"area": Decimal(area)}
        cases.complete_task(
            case.pk, task.id, action="record-measured-area", actor=who, at=now,
            fields={ANSWERS: answers},
        )  # fmt: skip
    return case_now(case)


def test_a_withdrawn_case_gets_all_of_it_back_by_rule() -> None:
    case = paid_case()
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    [back] = refunds_of(case)
    assert (back.kind, back.amount, back.state) == (Why.RULE, WHOLE, Going.ASKED)
    sent_back(case)
    [back] = refunds_of(case)
    assert back.state == Going.DONE
    assert back.transaction
    assert order_of(case).state == State.REFUNDED
    assert verbs(case)[-2:] == ["payment.refund_by_rule", "payment.refunded"]
    sent_back(case)
    assert verbs(case).count("payment.refunded") == 1


def test_a_case_withdrawn_before_anything_was_paid_gets_nothing_back() -> None:
    case = asked()
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    assert not refunds_of(case)
    assert case_now(case).outcome == "digging_withdrawn"


def test_an_official_gives_a_part_back_and_then_the_rest_and_no_more() -> None:
    case, who, now = paid_case(), officer(), timezone.now()
    number = order_of(case).number
    actions.refund(number, Decimal("60.50"), "少挖了。", actor=who, at=now)
    sent_back(case)
    assert queries.refundable(who, order_of(case)) == Decimal("799.50")
    with pytest.raises(Conflict) as refused:
        actions.refund(number, Decimal("799.51"), "再退。", actor=who, at=now)
    assert refused.value.findings[0].id == "payment.E004"
    actions.refund(number, Decimal("799.50"), "再退。", actor=who, at=now)
    assert order_of(case).state == State.REFUNDED
    with pytest.raises(Conflict):
        actions.refund(number, Decimal("0.01"), "再退。", actor=who, at=now)
    assert [each.by_name for each in refunds_of(case)] == ["费样管", "费样管"]
    assert verbs(case).count("payment.refund_asked") == 2


@pytest.mark.parametrize(
    ("amount", "why"), [("0.00", "x"), ("-1.00", "x"), ("1.001", "x"), ("1.00", " ")]
)
def test_a_refund_has_an_amount_and_a_reason(amount: str, why: str) -> None:
    case, who = paid_case(), officer()
    with pytest.raises(Refused) as refused:
        actions.refund(order_of(case).number, Decimal(amount), why, actor=who, at=timezone.now())
    assert refused.value.findings[0].id == "payment.E034"
    assert not refunds_of(case)


def test_nobody_else_gives_anything_back() -> None:
    case = paid_case()
    number, now = order_of(case).number, timezone.now()
    elsewhere = officer("shoufei2", GONGZHULING)
    for login in ("wang", "zhuguan", "gongjian"):
        with pytest.raises(Forbidden):
            actions.refund(number, Decimal("1.00"), "x", actor=actor(login), at=now)
    for who in (actor("li"), actor("shencha"), elsewhere):
        with pytest.raises(NotFound):
            actions.refund(number, Decimal("1.00"), "x", actor=who, at=now)
    assert not refunds_of(case)


def test_a_provider_that_declines_leaves_the_money_with_us_until_it_is_tried_again() -> None:
    case = asked()
    order, who = order_of(case), officer()
    take(paid(order))  # which the simulated provider does not know of
    brought(case)
    made = actions.refund(order.number, WHOLE, "x", actor=who, at=timezone.now())
    sent_back(case)
    [back] = refunds_of(case)
    assert back.state == Going.DECLINED
    assert order_of(case).state == State.PAID
    assert [each.pk for each in queries.declined(who)] == [made.pk]
    actions.again(made.number, actor=who, at=timezone.now())
    actions.again(made.number, actor=who, at=timezone.now())
    assert [each.state for each in refunds_of(case)] == [Going.ASKED]
    assert order_of(case).state == State.REFUNDED
    with pytest.raises(Forbidden):
        actions.again(made.number, actor=actor("zhuguan"), at=timezone.now())


def test_an_answer_that_was_lost_gives_nothing_back_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    case = paid_case()
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    [back] = refunds_of(case)
    genuine = SimulatedProvider.refund

    def lost(self: SimulatedProvider, *args: str) -> ports.Told:
        genuine(self, *args)  # type: ignore[arg-type]
        raise ports.Unreachable

    with monkeypatch.context() as patched:
        patched.setattr(SimulatedProvider, "refund", lost)
        with pytest.raises(ports.Unreachable):
            sending.send(back.pk, at=timezone.now())
    sent_back(case)
    went = [line for line in simulated().statement(timezone.localdate()) if line.kind == "refund"]
    assert [line.amount for line in went if line.number == back.number] == [WHOLE]


def test_a_refund_is_told_of_before_its_own_answer_and_twice() -> None:
    case = paid_case()
    order = order_of(case)
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    [back] = refunds_of(case)
    with pytest.raises(Conflict):
        take(given_back(order, back.number, amount=Decimal("1.00")))
    assert take(given_back(order, back.number)).became == "taken"
    assert take(given_back(order, back.number)).became == "repeated"
    assert [each.state for each in refunds_of(case)] == [Going.DONE]


def test_a_wrong_amount_goes_back_by_an_official() -> None:
    case, who = asked(), officer()
    order = order_of(case)
    take(paid(order, amount=Decimal("86.00")))
    [(stray, rest)] = queries.strays(who, order)
    assert rest == Decimal("86.00")
    made = actions.refund(
        order.number, rest, "金额不符。", actor=who, at=timezone.now(), payment=stray.pk
    )
    assert made.payment_id == stray.pk
    assert order_of(case).state == State.WAITING
    assert not queries.strays(who, order)
    take(paid(order, "T2"))
    assert queries.refundable(who, order_of(case)) == WHOLE, "the stray is another's business"


def test_what_was_paid_too_much_goes_back_by_the_table() -> None:
    case = dug(paid_case(), "3.84")
    [back] = refunds_of(case)
    assert (back.kind, back.amount) == (Why.RULE, Decimal("199.52"))
    assert case.outcome == "road_dug"
    assert order_of(case).state == State.PAID


def test_the_sweep_sends_what_no_job_looks_after() -> None:
    case = paid_case()
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    [back] = refunds_of(case)
    later = timezone.now() + settling._AGO * 2

    def queued() -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM procrastinate_jobs"
                " WHERE task_name = 'payments.refund' AND (args->>'refund')::bigint = %s",
                [back.pk],
            )
            return int(cursor.fetchone()[0])

    for at in (timezone.now(), later, later):
        settling.sweep(at)
        assert queued() == 1, "its job waits: while a provider is away jobs do not pile up"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    settling.sweep(timezone.now())
    assert queued() == 0
    for _ in range(2):
        settling.sweep(later)
        assert queued() == 1


def test_a_refund_that_is_sent_twice_gives_back_once() -> None:
    case, who, now = paid_case(), officer(), timezone.now()
    number, part = order_of(case).number, Decimal("60.50")
    actions.refund(number, part, "少挖了。", actor=who, at=now, seen=WHOLE)
    with pytest.raises(Stale) as refused:
        actions.refund(number, part, "少挖了。", actor=who, at=now, seen=WHOLE)
    assert refused.value.findings[0].id == "payment.E035"
    assert [each.amount for each in refunds_of(case)] == [part]
    actions.refund(number, part, "再退。", actor=who, at=now, seen=WHOLE - part)
    assert [each.amount for each in refunds_of(case)] == [part, part]


# -- who sees it ----------------------------------------------------------------------------------


@pytest.fixture
def seen() -> tuple[Case, Order]:
    case = paid_case()
    cases.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    return case, order_of(case)


def test_an_order_is_seen_by_its_payer_its_office_and_its_fee_officer(
    seen: tuple[Case, Order],
) -> None:
    _, order = seen
    for who in (actor("wang"), actor("zhuguan"), officer()):
        assert queries.order(who, order.number) is not None, who.name
        assert len(queries.payments_of(who, order)) == 1
        assert len(queries.refunds_of(who, order)) == 1


def test_nobody_else_sees_an_order_or_its_money(seen: tuple[Case, Order]) -> None:
    _, order = seen
    for who in (actor("li"), actor("shencha"), officer("shoufei3", GONGZHULING)):
        assert queries.order(who, order.number) is None, who.name
        with acting_as(who):
            assert not Payment.objects.exists()
            assert not Refund.objects.exists()


def test_nobody_but_the_platform_writes(seen: tuple[Case, Order]) -> None:
    _, order = seen
    with acting_as(officer()):
        assert not Order.objects.filter(pk=order.pk).update(state=State.PAID)
    assert Text.from_json(order.name).en
