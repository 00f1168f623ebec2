"""Money that goes back: how much may, and opening it in the transaction that wants it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from xiangyun.domain.accounts.access import SYSTEM, Actor

from . import outbox, ports
from .models import Going, Order, Payment, Refund, Standing, State, Why

_ZERO = Decimal("0.00")


def given_back(order: Order) -> Decimal:
    """What of the payment that settled an order goes back or has gone back."""
    found = order.refunds.exclude(state=Going.DECLINED).exclude(
        payment__standing__in=(Standing.LATE, Standing.TWICE, Standing.WRONG_AMOUNT)
    )
    return found.aggregate(whole=Sum("amount"))["whole"] or _ZERO


def left(order: Order) -> Decimal:
    """What may still be given back of an order; nothing where it is not paid."""
    return order.amount - given_back(order) if order.state == State.PAID else _ZERO


def left_of(payment: Payment) -> Decimal:
    """What may still be given back of one payment, whatever it was to its order."""
    given = payment.refunds.exclude(state=Going.DECLINED).aggregate(whole=Sum("amount"))["whole"]
    return payment.amount - (given or _ZERO)


def open_refund(
    order: Order,
    amount: Decimal,
    kind: Why,
    *,
    at: datetime,
    payment: Payment | None = None,
    actor: Actor = SYSTEM,
    why: str = "",
) -> Refund:
    """Write a refund and have it sent; the order's row is locked by the caller.

    Without a payment it is of the one that settled the order.
    """
    payment = payment or order.payments.filter(standing=Standing.TAKEN).first()
    made = Refund.objects.create(
        order=order,
        payment=payment,
        amount=amount,
        kind=kind,
        why=why,
        by=actor.account,
        by_name=actor.name,
        asked_at=at,
        provider=payment.provider if payment else ports.provider().name,
    )
    if given_back(order) >= order.amount and order.state == State.PAID:
        order.state = State.REFUNDED
        order.save(update_fields=["state"])
    outbox.refund(made.pk)
    return made
