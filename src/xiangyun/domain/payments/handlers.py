"""Answers to the service tasks that ask for a fee and give it back.

Orders and refunds are written in the transaction of the step: nothing is asked for by a step that
did not happen, and no money goes back for one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.domain.cases.handlers.carrying import Call, carried
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, from_json, to_stored
from xiangyun.kernel.findings import Conflict, NotFound
from xiangyun.kernel.pack.paid import too_much
from xiangyun.kernel.payment import FeeItem
from xiangyun.kernel.service.model import AGENT, APPLICANT
from xiangyun.kernel.service.payables import Paid
from xiangyun.kernel.service.tasks import payment_ask, payment_refund

from . import outbox, refunding
from .models import Order, Why


@service(payment_ask.TYPE.name)
def ask(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value] | None:
    """Write the order; what becomes of it comes later. A fee of 0 is paid.

    Raises Refused for an amount that is none.
    """
    item, context = _item(step, wanted), step.context
    now = from_json(step.local)
    amount = item.amount_of(context, now)
    if not amount:
        step.record_platform(payment_ask.FREE.id, payment_ask.said(item, amount))
        return payment_ask.answer_of(Paid("paid", amount, step.at, ""))
    with acting_as(SYSTEM):
        Order.objects.get_or_create(
            case_id=step.case.pk,
            token=wanted.id,
            defaults={
                "case_number": step.case.number,
                "division": step.case.division,
                "matter": step.case.matter,
                "need": step.case.need,
                "fee": item.code,
                "name": item.name.to_json(),
                "payer": _payer(step, item),
                "amount": amount,
                "asked_at": step.at,
                "due_at": item.due(step.at, context, now),
            },
        )
    step.writes.asked.append(
        {
            "token": wanted.id,
            "element": wanted.element,
            "type": wanted.type,
            "headers": dict(wanted.headers),
            "inputs": to_stored(dict(wanted.inputs or {})),
            "asked_at": step.at,
        }
    )
    step.record_platform(payment_ask.ASKED.id, payment_ask.said(item, amount))
    return None


@carried(payment_ask.TYPE.name)
def again(asked: Call) -> None:
    """A supervisor has the answer brought again."""
    with acting_as(SYSTEM):
        found = Order.objects.filter(case=asked.case_id, token=asked.token).first()
        if found is not None:
            outbox.bring(found.pk)


@service(payment_refund.TYPE.name)
def refund(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Open the refund of what the case has paid of a fee, all of it or a part.

    Raises Conflict `payment.E004` for more than is left.
    """
    item = _item(step, wanted)
    asked = payment_refund.wanted_amount(item, wanted.inputs or {})
    with acting_as(SYSTEM):
        orders = list(
            Order.objects.select_for_update()
            .filter(case=step.case.pk, fee=item.code)
            .order_by("-pk")
        )
        left = {order.pk: refunding.left(order) for order in orders}
        whole = sum(left.values(), Decimal("0.00"))
        amount = whole if asked is None else asked
        if amount > whole:
            raise Conflict([too_much(amount, whole)])
        rest = amount
        for order in orders:
            part = min(rest, left[order.pk])
            if part:
                refunding.open_refund(order, part, Why.RULE, at=step.at)
                rest -= part
    step.record_platform(payment_refund.OPENED.id, payment_ask.said(item, amount))
    return {"amount": amount}


def _item(step: CaseStep, wanted: ServiceWanted) -> FeeItem:
    found = step.pack.service.fee_item(wanted.headers["fee"])
    if found is None:
        raise NotFound([payment_ask.no_fee(wanted.headers["fee"])])
    return found


def _payer(step: CaseStep, item: FeeItem) -> UUID | None:
    """The party that pays: the applicant, whoever acts for it, or one in the role declared."""
    if item.payer in (APPLICANT, AGENT):
        return step.case.owner
    with acting_as(SYSTEM):
        found = (each.party for each in cases.parties_in(step.case) if each.role == item.payer)
        return next(found, step.case.owner)
