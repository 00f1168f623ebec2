"""A fee is asked for once, paid once, and its case goes on once, whatever the provider says."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from xiangyun.adapters.payments import NONCE, SIGNATURE, TIMESTAMP, simulated
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.tests.situations import act, actor
from xiangyun.domain.payments import queries, receiving, settling
from xiangyun.domain.payments.models import Going, Payment, Standing, State, Why
from xiangyun.domain.payments.tests.digging import (
    WHOLE,
    answer_to,
    asked,
    begun,
    brought,
    case_now,
    filed,
    given_back,
    order_of,
    paid,
    pay_there,
    payments_of,
    refunds_of,
    sent_back,
    take,
    verbs,
)
from xiangyun.kernel.findings import Conflict, Forbidden, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_a_paid_fee_carries_its_case_on() -> None:
    case = asked()
    order = order_of(case)
    assert (order.amount, order.state) == (WHOLE, State.WAITING)
    assert not answer_to(case)
    [pause] = case_now(case).pauses
    assert (pause["kind"], pause["to"]) == ("payment", None)
    headers, body = pay_there(order)
    assert receiving.receive(headers, body, at=timezone.now()).became == "taken"
    assert not answer_to(case), "the answer comes by a job"
    brought(case)
    assert answer_to(case)["state"] == "paid"
    assert case_now(case).pauses[0]["to"], "the clock goes on"
    assert answer_to(case)["amount"] == WHOLE
    assert verbs(case) == ["payment.asked", "payment.paid"]
    brought(case)
    act("zhuguan", case_now(case), "permit-digging", at=timezone.now())


def test_a_call_that_comes_twice_is_taken_once() -> None:
    case = asked()
    headers, body = pay_there(order_of(case))
    became = [receiving.receive(headers, body, at=timezone.now()).became for _ in range(3)]
    assert became == ["taken", "repeated", "repeated"]
    assert len(payments_of(case)) == 1
    assert verbs(case).count("payment.paid") == 1


def test_a_call_that_nobody_signed_books_nothing() -> None:
    case = asked()
    order = order_of(case)
    headers, body = pay_there(order)
    now = timezone.now()
    wrong = [
        ({}, body),
        ({**headers, SIGNATURE: "AAAA"}, body),
        ({**headers, SIGNATURE: "no base64 °"}, body),
        ({**headers, NONCE: "another"}, body),
        ({**headers, TIMESTAMP: str(int(headers[TIMESTAMP]) + 1)}, body),
        (headers, body.replace(b"860.00", b"1.00")),
        (headers, body + b" "),
    ]
    for given, said in wrong:
        with pytest.raises(Forbidden) as refused:
            receiving.receive(given, said, at=now)
        assert refused.value.findings[0].id == "payment.E020"
    with pytest.raises(Forbidden):
        receiving.receive(headers, body, at=now + timedelta(hours=1))
    assert not payments_of(case)
    assert order_of(case).state == State.WAITING


def test_a_signed_call_that_says_nonsense_is_refused() -> None:
    case = asked()
    told = paid(order_of(case))
    for changed in (
        paid(order_of(case), kind="stolen"),
        paid(order_of(case), amount=Decimal("0.00")),
        paid(order_of(case), number=""),
        paid(order_of(case), at=told.at.replace(tzinfo=None)),
    ):
        headers, body = simulated().signed_call(changed, timezone.now())
        with pytest.raises(Refused) as refused:
            receiving.receive(headers, body, at=timezone.now())
        assert refused.value.findings[0].id == "payment.E021"
    assert not payments_of(case)


@pytest.mark.parametrize("amount", ["1.00", "859.99", "860.01"])
def test_a_wrong_amount_pays_nothing_and_is_not_lost(amount: str) -> None:
    case = asked()
    order = order_of(case)
    assert take(paid(order, "T1", amount=Decimal(amount))).became == "wrong amount"
    assert order_of(case).state == State.WAITING
    assert [each.standing for each in payments_of(case)] == [Standing.WRONG_AMOUNT]
    assert take(paid(order, "T2")).became == "taken", "the right amount still may come"
    assert not refunds_of(case)


def test_a_transaction_that_is_said_to_be_another_changes_nothing() -> None:
    case, other = asked(), asked("li")
    take(paid(order_of(case), "T1"))
    transaction = payments_of(case)[0].transaction
    for told in (
        paid(order_of(case), transaction=transaction, amount=Decimal("5.00")),
        paid(order_of(other), transaction=transaction),
    ):
        with pytest.raises(Conflict) as refused:
            take(told)
        assert refused.value.findings[0].id == "payment.E022"
    assert order_of(other).state == State.WAITING


def test_a_call_that_comes_before_its_order_is_kept_and_taken_later() -> None:
    """As when the provider is faster than the step that asks is committed."""
    before = order_of(asked())
    number = f"JF{before.pk + 1:012}"
    early = paid(before, "T9", number=number)
    assert take(early).became == "unknown"
    assert not take(early).done, "the provider shall come again"
    case = asked("li")
    assert order_of(case).number == number
    settling.sweep(timezone.now())
    assert order_of(case).state == State.PAID
    assert take(early).became == "repeated"
    brought(case)
    assert answer_to(case)["state"] == "paid"


def test_payments_of_nobody_hold_up_none_that_came_early() -> None:
    before = order_of(asked())
    now, number = timezone.now(), f"JF{before.pk + 1:012}"
    strange = {"provider": "simulated", "amount": WHOLE, "at": now, "came_at": now}
    with acting_as(SYSTEM):
        Payment.objects.bulk_create(
            Payment(transaction=f"N{n}", number="nobody’s", standing=Standing.UNKNOWN, **strange)
            for n in range(300)
        )
    take(paid(before, "T9", number=number))
    case = asked("li")
    settling.sweep(timezone.now())
    assert order_of(case).state == State.PAID


def test_an_order_of_which_other_things_were_said_holds_up_no_other() -> None:
    denied, other, waiting = asked(), asked("li"), asked()
    pay_there(order_of(denied))
    [transaction] = (
        line.transaction
        for line in simulated().statement(timezone.localdate())
        if line.number == order_of(denied).number
    )
    take(paid(order_of(other), transaction=transaction))  # said before of another order
    settling.sweep(order_of(waiting).due_at)
    assert order_of(denied).state == State.WAITING
    assert order_of(waiting).state == State.EXPIRED


def test_a_number_that_is_none_finds_nothing() -> None:
    case = asked()
    for number in ("JF1", "TK000000000001", "X", "JF" + "9" * 12, "JF" + "９" * 12):
        assert take(paid(order_of(case), number, number=number)).became == "unknown"
    assert order_of(case).state == State.WAITING


def test_a_second_payment_goes_back() -> None:
    case = asked()
    order = order_of(case)
    assert take(paid(order, "T1")).became == "taken"
    assert take(paid(order, "T2")).became == "twice"
    [back] = refunds_of(case)
    assert (back.kind, back.amount, back.payment_id) == (
        Why.TWICE,
        WHOLE,
        payments_of(case)[1].pk,
    )
    assert order_of(case).state == State.PAID, "what settled it stays"


def test_a_fee_that_is_not_paid_expires_at_the_provider_first() -> None:
    case = asked()
    order = order_of(case)
    secret = begun(order)
    settling.sweep(order.due_at - timedelta(seconds=1))
    assert order_of(case).state == State.WAITING
    settling.sweep(order.due_at)
    assert order_of(case).state == State.EXPIRED
    assert simulated().pay(secret, order.due_at) is None, "no more money is taken"
    brought(case)
    assert answer_to(case)["state"] == "expired"
    assert case_now(case).outcome == "fee_lapsed"


def test_what_was_paid_in_time_is_found_when_its_call_was_lost() -> None:
    case = asked()
    order = order_of(case)
    pay_there(order)
    settling.sweep(order.due_at + timedelta(days=1))
    assert order_of(case).state == State.PAID
    brought(case)
    assert answer_to(case)["state"] == "paid"


def test_money_that_comes_after_the_end_goes_back() -> None:
    case = asked()
    order = order_of(case)
    settling.sweep(order.due_at)
    brought(case)
    assert take(paid(order)).became == "late"
    [back] = refunds_of(case)
    assert (back.kind, back.amount, back.state) == (Why.LATE, WHOLE, Going.ASKED)
    assert verbs(case)[-1] == "payment.late"


def test_a_case_withdrawn_while_it_is_paid_gets_its_money_back() -> None:
    case = asked()
    order = order_of(case)
    take(paid(order))  # the answer is on its way, and meanwhile:
    actions.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    brought(case)
    assert case_now(case).outcome == "digging_withdrawn"
    assert sum(each.amount for each in refunds_of(case)) == WHOLE, "once, and not twice"


def test_a_payment_for_a_case_that_was_withdrawn_before_goes_back() -> None:
    case = asked()
    order = order_of(case)
    pay_there(order)  # and the call has not come yet
    actions.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    assert not refunds_of(case)
    headers, body = pay_there(order)
    assert receiving.receive(headers, body, at=timezone.now()).done
    brought(case)
    assert [(each.kind, each.amount) for each in refunds_of(case)] == [(Why.LATE, WHOLE)]
    sent_back(case)
    assert [each.state for each in refunds_of(case)] == [Going.DONE]
    assert order_of(case).state == State.REFUNDED


def test_an_order_of_a_withdrawn_case_is_closed_everywhere() -> None:
    case = asked()
    order = order_of(case)
    secret = begun(order)
    actions.withdraw_case(case.pk, actor=actor("wang"), at=timezone.now())
    assert not queries.to_pay(actor("wang"), [case_now(case)], timezone.now())
    assert all(pause["to"] for pause in case_now(case).pauses), "nobody waits any more"
    settling.sweep(timezone.now())
    assert order_of(case).state == State.CANCELLED
    assert simulated().pay(secret, timezone.now()) is None
    assert take(paid(order)).became == "late"


def test_a_provider_that_gives_back_before_it_says_paid_is_understood() -> None:
    case = asked()
    order = order_of(case)
    assert take(given_back(order)).became == "taken"
    assert take(paid(order)).became == "taken", "in the wrong order"
    assert take(given_back(order)).became == "repeated"
    brought(case)
    assert answer_to(case)["state"] == "refunded"
    assert case_now(case).outcome == "fee_lapsed"


def test_a_part_that_the_provider_gave_back_leaves_the_fee_paid() -> None:
    case = asked()
    order = order_of(case)
    take(given_back(order, amount=Decimal("60.00")))
    assert order_of(case).state == State.WAITING
    take(paid(order))
    brought(case)
    assert answer_to(case)["state"] == "paid"
    with acting_as(SYSTEM):
        assert queries.refundable(SYSTEM, order_of(case)) == Decimal("800.00")


def test_nothing_is_asked_for_where_nothing_is_due() -> None:
    case = act("gongjian", filed(emergency="yes"), "accept-digging", at=timezone.now())
    with acting_as(SYSTEM):
        assert not queries.orders_of(SYSTEM, case.pk)
    assert answer_to(case)["state"] == "paid"
    assert verbs(case) == ["payment.free"]
