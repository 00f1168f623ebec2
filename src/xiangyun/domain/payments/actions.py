"""Verbs of payments: go and pay, give back by right, have a refund tried again."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import inbound
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Stale, Text
from xiangyun.kernel.pack.paid import too_much
from xiangyun.kernel.payment import shown_amount

from . import access, outbox, ports, queries, recording, refunding
from .models import Going, Order, Payment, Refund, Standing, State, Why, key_of

MOST_WORDS = 500


def begin(number: str, *, actor: Actor, back: str, payee: str, at: datetime) -> str:
    """The address of the provider's page on which an order is paid.

    `back`: where the payer comes back to; `payee`: the authority. Raises NotFound `payment.E030`,
    Conflict `payment.E032` where nothing is to be paid any more, `E033` where the provider does not
    answer.
    """
    order = queries.order(actor, number)
    if order is None or not access.pays(actor, order):
        raise NotFound([NOT_HERE])
    waits = inbound.service_call(order.at_case, order.token) is not None
    if order.state != State.WAITING or order.due_at <= at or not waits:
        raise Conflict([_NOT_TO_BE_PAID])
    name = Text.from_json(order.name)
    asked = ports.Asked(order.number, order.amount, name, payee, back)
    try:
        return ports.provider().begin(asked)
    except (ports.Unreachable, ports.Declined) as problem:
        raise Conflict([_NO_PROVIDER]) from problem


def refund(
    number: str,
    amount: Decimal,
    why: str,
    *,
    actor: Actor,
    at: datetime,
    payment: int = 0,
    seen: Decimal | None = None,
) -> Refund:
    """Give back a part of what was paid for an order, or all of it; by right, with a reason.

    `payment`: the money of one payment that did not settle the order, such as a wrong amount.
    `seen`: what could still be given back when the actor looked; so a form that is sent twice gives
    back once. Raises NotFound `payment.E030`, Forbidden `E031`, Conflict `E004`, Stale `E035` where
    less or more is left than was seen, Refused `E034` without a reason or an amount.
    """
    found = queries.order(actor, number)
    if found is None:
        raise NotFound([NOT_HERE])
    access.refuse_unless_may_refund(actor, found)
    why = why.replace("\0", "").strip()[:MOST_WORDS]
    if not why or amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise Refused([_SAY_WHY])
    with transaction.atomic(), acting_as(SYSTEM):
        order = Order.objects.select_for_update().get(pk=found.pk)
        of = order.payments.filter(pk=payment).first() if payment else None
        if payment and of is None:
            raise NotFound([NOT_HERE])
        left = refunding.left(order) if of is None else _stray(of)
        if seen is not None and seen != left:
            raise Stale([_changed(seen, left)])
        if amount > left:
            raise Conflict([too_much(amount, left)])
        made = refunding.open_refund(
            order, amount, Why.OFFICIAL, at=at, payment=of, actor=actor, why=why
        )
        more = {"refund": made.number}
        recording.note("payment.refund_asked", order, amount, at, actor=actor, why=why, **more)
    return made


def _stray(payment: Payment) -> Decimal:
    """What an official may give back of money that settled nothing."""
    settled = payment.standing == Standing.TAKEN
    return Decimal("0.00") if settled else refunding.left_of(payment)


def again(number: str, *, actor: Actor, at: datetime) -> None:
    """Have a refund tried again that the provider declined. Raises NotFound, Forbidden,
    Conflict."""
    with acting_as(actor):
        seen = Refund.objects.select_related("order").filter(pk=key_of(number, "TK")).first()
    if seen is None:
        raise NotFound([NOT_HERE])
    access.refuse_unless_may_refund(actor, seen.order)
    with transaction.atomic(), acting_as(SYSTEM):
        order = Order.objects.select_for_update().get(pk=seen.order_id)
        row = Refund.objects.get(pk=seen.pk)
        if row.state != Going.DECLINED:
            return
        left = refunding.left_of(row.payment) if row.payment else refunding.left(order)
        if row.amount > left:
            raise Conflict([too_much(row.amount, left)])
        row.state, row.problem = Going.ASKED, None
        row.save(update_fields=["state", "problem"])
        if order.state == State.PAID and refunding.given_back(order) >= order.amount:
            order.state = State.REFUNDED
            order.save(update_fields=["state"])
        recording.note(
            "payment.refund_asked", order, row.amount, at, actor=actor, refund=row.number
        )
        outbox.refund(row.pk)


def _changed(seen: Decimal, left: Decimal) -> Finding:
    return Finding(
        "payment.E035",
        "error",
        Text(
            "可退的已不是 {seen} 元，现在是 {left} 元。没有退费。",
            "No longer {seen} yuan can be refunded, but {left}. Nothing was refunded.",
            seen=shown_amount(seen),
            left=shown_amount(left),
        ),
        hint=Text("请核对已经退的，再退。", "Look at what was refunded, and do it again."),
    )


NOT_HERE = Finding(
    "payment.E030",
    "error",
    Text("这里没有您可以查看的这个缴费单。", "There is no such order here for you."),
    hint=Text("请核对单号，或者换用办件人的账号。", "Check the number, or log in as the payer."),
)
_NOT_TO_BE_PAID = Finding(
    "payment.E032",
    "error",
    Text("这笔费用现在不用缴。", "This fee is not to be paid now."),
    hint=Text("请回到办件查看它现在的状态。", "Go back to the case and see how it stands."),
)
_NO_PROVIDER = Finding(
    "payment.E033",
    "error",
    Text("付款机构没有答复，没有收钱。", "The provider does not answer; no money was taken."),
    hint=Text("请过几分钟再试。", "Try again in a few minutes."),
)
_SAY_WHY = Finding(
    "payment.E034",
    "error",
    Text("请写明退多少元和理由。", "Say how much is refunded, and why."),
    hint=Text("金额写到分，例如 20.50。", "The amount has two decimals, such as 20.50."),
)
