"""Money is sent back: the provider is asked, and what it says to that is taken like any call."""

from __future__ import annotations

from datetime import datetime

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.findings import Text

from . import ports, receiving, recording
from .models import Going, Order, Refund, State
from .refunding import given_back


def send(refund: int, *, at: datetime) -> None:
    """Ask the provider to give money back, and take what it says to that.

    Asked again under the same number it gives nothing twice. Raises `ports.Unreachable`.
    """
    with acting_as(SYSTEM):
        row = Refund.objects.select_related("order", "payment").filter(pk=refund).first()
    if row is None or row.state != Going.ASKED:
        return
    transaction = row.payment.transaction if row.payment else ""
    try:
        told = ports.provider().refund(row.order.number, transaction, row.number, row.amount)
    except ports.Declined as declined:
        _declined(refund, declined.why, at)
        return
    receiving.take(told, at=at)


def _declined(refund: int, why: Text, at: datetime) -> None:
    """The provider will not: an official sees it, and may have it tried again."""
    with acting_as(SYSTEM):
        which = Refund.objects.filter(pk=refund).values("order")
        order = Order.objects.select_for_update().get(pk__in=which)
        row = Refund.objects.get(pk=refund)
        if row.state != Going.ASKED:
            return
        row.state, row.problem = Going.DECLINED, why.to_json()
        row.save(update_fields=["state", "problem"])
        if order.state == State.REFUNDED and given_back(order) < order.amount:
            order.state = State.PAID
            order.save(update_fields=["state"])
        recording.note("payment.refund_declined", order, row.amount, at, refund=row.number)
