"""What follows a payment: its answer to the case; and the end of fees that nobody pays."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import inbound
from xiangyun.kernel.feel import to_stored
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.service.payables import Paid
from xiangyun.kernel.service.tasks import payment_ask

from . import outbox, ports, receiving, recording, refunding
from .models import Going, Order, Refund, State, Why

_log = logging.getLogger(__name__)
_AGO = timedelta(minutes=2)
_AT_ONCE = 500


def bring(order: int, *, at: datetime) -> None:
    """Bring what became of an order to its case; where the case waits no longer, money goes back.

    Killed anywhere in between it finds, when it runs again, what it has done before.
    """
    with acting_as(SYSTEM):
        found = Order.objects.filter(pk=order).first()
    if found is None or found.brought_at is not None or found.state not in _ANSWERS:
        return
    call = inbound.service_call(found.at_case, found.token)
    if call is not None:
        paid = Paid(found.state, found.amount, found.settled_at or at, found.number)
        result = {
            name: value.isoformat() if isinstance(value, date) else to_stored(value)
            for name, value in payment_ask.answer_of(paid).items()
        }
        inbound.complete_service_call(call.pk, result, at=at)
    wanted = inbound.took_answer(found.at_case, found.token)
    with acting_as(SYSTEM):
        row = Order.objects.select_for_update().get(pk=order)
        if row.brought_at is not None:
            return
        row.brought_at = at
        row.save(update_fields=["brought_at"])
        if not wanted and (rest := refunding.left(row)):
            recording.note("payment.late", row, rest, at)
            refunding.open_refund(row, rest, Why.LATE, at=at)


_ANSWERS = (State.PAID, State.EXPIRED, State.REFUNDED)


def end(order: int, *, at: datetime) -> bool:
    """Let a fee expire, or cancel one that no case waits for; whether it is over.

    The provider is asked to take no more money first: what had been paid is taken. One that does
    not answer is asked again, and the fee stays open.
    """
    with acting_as(SYSTEM):
        found = Order.objects.filter(pk=order, state=State.WAITING).first()
    if found is None:
        return True
    cancelled = inbound.service_call(found.at_case, found.token) is None
    if not cancelled and found.due_at > at:
        return False
    try:
        paid = ports.provider().close(found.number)
    except ports.Unreachable:
        return False
    with acting_as(SYSTEM):
        row = Order.objects.select_for_update().get(pk=order)
        if row.state == State.WAITING and (cancelled or paid is None):
            row.state = State.CANCELLED if cancelled else State.EXPIRED
            row.settled_at = row.due_at if row.due_at < at else at
            row.save(update_fields=["state", "settled_at"])
            verb = "payment.cancelled" if cancelled else "payment.expired"
            recording.note(verb, row, row.amount, at)
            if not cancelled:
                outbox.bring(row.pk)
    if paid is not None:
        receiving.take(paid, at=at)
    return True


def sweep(at: datetime) -> None:
    """End what is to end, and queue again what no job looks after. A net: nothing falls through.

    An order whose provider says other than it said before holds up no other; it stands in the log.
    """
    receiving.settle_unknown(at)
    for order in _to_end(at):
        try:
            end(order, at=at)
        except Refused:
            _log.exception("order %s does not end", order)
    ago = at - _AGO
    with acting_as(SYSTEM):
        unbrought = Order.objects.filter(brought_at=None, state__in=_ANSWERS, settled_at__lt=ago)
        for order in _unattended(unbrought, outbox.BRING):
            outbox.bring(order)
        unsent = Refund.objects.filter(state=Going.ASKED, asked_at__lt=ago)
        for refund in _unattended(unsent, outbox.REFUND):
            outbox.refund(refund)


def _to_end(at: datetime) -> list[int]:
    """Open orders that are due or that no case waits for, the soonest due first."""
    with acting_as(SYSTEM):
        open_ = Order.objects.filter(state=State.WAITING).order_by("due_at", "pk")
        rows = list(open_.values_list("pk", "case_id", "token", "due_at"))
    awaited = inbound.awaited((case_id, token) for _, case_id, token, _ in rows)
    ending = [pk for pk, *call, due_at in rows if due_at <= at or tuple(call) not in awaited]
    return ending[:_AT_ONCE]


def _unattended(rows: QuerySet[Any], job: str) -> list[int]:
    """The keys of rows that no job looks after."""
    found = rows.exclude(pk__in=outbox.waiting(job)).values_list("pk", flat=True)
    return list(found[:_AT_ONCE])
