"""What a provider says: taken once, whatever comes twice, too late, or in the wrong order.

The order's row is locked first, so that two calls at once are one after the other. What is about an
order that we do not know (yet) is kept and looked at again; its provider is told to come back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.payment import shown_amount

from . import outbox, ports, recording, refunding
from .models import Going, Order, Payment, Refund, Standing, State, Why, key_of

Became = Literal["taken", "repeated", "unknown", "late", "twice", "wrong amount"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to a call: whether it is dealt with, so that it need not come again."""

    became: Became

    @property
    def done(self) -> bool:
        return self.became != "unknown"


def receive(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Reply:
    """Take a call of the provider.

    Raises Forbidden for one that it has not signed, Refused for one that is not understood,
    Conflict `payment.E022` for one that says other than it said before.
    """
    return take(ports.provider().verify(headers, body, at), at=at)


def take(told: ports.Told, *, at: datetime) -> Reply:
    """Take what a provider says. Raises Conflict `payment.E022` where it said otherwise before."""
    with transaction.atomic(), acting_as(SYSTEM):
        order = Order.objects.select_for_update().filter(pk=key_of(told.number)).first()
        became = _paid(told, order, at) if told.kind == "paid" else _refunded(told, order, at)
        return Reply(became)


def _paid(told: ports.Told, order: Order | None, at: datetime) -> Became:
    payment, new = Payment.objects.get_or_create(
        provider=told.provider,
        transaction=told.transaction,
        defaults={
            "number": told.number,
            "amount": told.amount,
            "at": told.at,
            "came_at": at,
            "standing": Standing.UNKNOWN,
        },
    )
    if (payment.number, payment.amount) != (told.number, told.amount):
        raise Conflict([_said_otherwise(told)])
    if order is None:
        return "unknown"
    if not new and payment.standing != Standing.UNKNOWN:
        return "repeated"
    return _stands(payment, order, at)


def _stands(payment: Payment, order: Order, at: datetime) -> Became:
    """What money that has just come is to its order, and what follows."""
    standing = _standing(payment, order)
    payment.order, payment.standing = order, standing
    payment.save(update_fields=["order", "standing"])
    match standing:
        case Standing.TAKEN:
            if order.state == State.WAITING:
                order.state, order.settled_at = State.PAID, payment.at
                order.save(update_fields=["state", "settled_at"])
            recording.note("payment.paid", order, payment.amount, at)
            outbox.bring(order.pk)
            return "taken"
        case Standing.LATE:
            recording.note("payment.late", order, payment.amount, at)
            refunding.open_refund(order, payment.amount, Why.LATE, at=at, payment=payment)
            return "late"
        case Standing.TWICE:
            recording.note("payment.twice", order, payment.amount, at)
            refunding.open_refund(order, payment.amount, Why.TWICE, at=at, payment=payment)
            return "twice"
        case _:
            recording.note("payment.wrong_amount", order, payment.amount, at)
            return "wrong amount"


def _standing(payment: Payment, order: Order) -> Standing:
    if payment.amount != order.amount:
        return Standing.WRONG_AMOUNT
    if order.payments.filter(standing=Standing.TAKEN).exists():
        return Standing.TWICE
    if order.state in (State.EXPIRED, State.CANCELLED):
        return Standing.LATE
    return Standing.TAKEN  # also of one whose refund was told of before


def _refunded(told: ports.Told, order: Order | None, at: datetime) -> Became:
    if order is None:
        return "unknown"
    own = order.refunds.select_for_update().filter(pk=key_of(told.refund, "TK")).first()
    if own is None:
        return _refunded_there(told, order, at)
    if own.amount != told.amount:
        raise Conflict([_said_otherwise(told)])
    if own.state == Going.DONE:
        return "repeated"
    own.state, own.done_at, own.transaction = Going.DONE, told.at, told.transaction
    own.problem = None
    own.save(update_fields=["state", "done_at", "transaction", "problem"])
    _count(order, told.at)
    recording.note("payment.refunded", order, own.amount, at, refund=own.number)
    return "taken"


def _refunded_there(told: ports.Told, order: Order, at: datetime) -> Became:
    """The provider gave money back by itself; perhaps before it said that it came."""
    taken = order.payments.filter(standing=Standing.TAKEN).first()
    made, new = Refund.objects.get_or_create(
        provider=told.provider,
        transaction=told.transaction,
        defaults={
            "order": order,
            "payment": taken,
            "amount": told.amount,
            "kind": Why.PROVIDER,
            "state": Going.DONE,
            "asked_at": at,
            "done_at": told.at,
        },
    )
    if (made.order_id, made.amount) != (order.pk, told.amount):
        raise Conflict([_said_otherwise(told)])
    if not new:
        return "repeated"
    _count(order, told.at)
    recording.note("payment.refunded", order, made.amount, at, refund=made.number)
    return "taken"


def _count(order: Order, at: datetime) -> None:
    """An order of which all has gone back is refunded; if the case still waits, it is told."""
    if order.state not in (State.WAITING, State.PAID):
        return
    if refunding.given_back(order) < order.amount:
        return
    order.state, order.settled_at = State.REFUNDED, order.settled_at or at
    order.save(update_fields=["state", "settled_at"])
    outbox.bring(order.pk)


def settle_unknown(at: datetime) -> int:
    """Give payments whose order came after them to it; how many."""
    settled = 0
    with acting_as(SYSTEM):
        unknown = Payment.objects.filter(standing=Standing.UNKNOWN).order_by("pk")
        keys = {pk: key_of(number) for pk, number in unknown.values_list("pk", "number")}
        known = set(Order.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
    for pk, key in keys.items():
        if key not in known:
            continue
        with acting_as(SYSTEM):
            order = Order.objects.select_for_update().get(pk=key)
            payment = Payment.objects.filter(pk=pk, standing=Standing.UNKNOWN).first()
            if payment is not None:
                _stands(payment, order, at)
                settled += 1
    return settled


def _said_otherwise(told: ports.Told) -> Finding:
    return Finding(
        "payment.E022",
        "error",
        Text(
            "流水 {transaction}（{number}，{amount} 元）与以前说的不同。",
            "Of transaction {transaction} ({number}, {amount} yuan) other things were said before.",
            transaction=told.transaction,
            number=told.number,
            amount=shown_amount(told.amount),
        ),
        hint=Text("没有记账，请与付款机构核对。", "Nothing was booked; ask the provider."),
    )
