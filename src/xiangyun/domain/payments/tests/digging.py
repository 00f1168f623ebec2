"""Cases of the shipped service “road digging” that wait for their fee, and what a provider says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from xiangyun.adapters.payments import SimulatedProvider, simulated
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import act, actor
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.payments import receiving, sending, settling
from xiangyun.domain.payments.models import Order, Payment, Refund
from xiangyun.domain.payments.ports import Asked, Told
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.findings import Text

CODE = "construction/road-digging"
WHOLE = Decimal("860.00")
ANSWERS: Mapping[str, object] = {
    "applicant_name": "王样云",
    "site": "222404001001",
    "street": "样祥路 12 号门前",
    "surface": "asphalt",
    "area": Decimal(5),
    "emergency": "no",
    "promise": True,
}


def filed(login: str = "wang", **changed: object) -> Case:
    """An application that waits to be accepted."""
    who, now = actor(login), timezone.now()
    with acting_as(who):
        draft = drafts.start_draft(CODE, actor=who, at=now)
        drafts.keep_answers(draft.id, {**ANSWERS, **changed}, actor=who, at=now)
        return actions.submit_case(draft.id, actor=who, at=now)


def asked(login: str = "wang", **changed: object) -> Case:
    """A case that waits for its fee."""
    return act("gongjian", filed(login, **changed), "accept-digging", at=timezone.now())


def order_of(case: Case) -> Order:
    """The one order of a case, as it is now."""
    with acting_as(SYSTEM):
        return Order.objects.get(case=case)


def last_order(case: Case) -> Order:
    """The order of a case that was asked for last."""
    with acting_as(SYSTEM):
        return Order.objects.filter(case=case).latest("pk")


def payments_of(case: Case) -> list[Payment]:
    with acting_as(SYSTEM):
        return list(Payment.objects.filter(order__case=case).order_by("pk"))


def refunds_of(case: Case) -> list[Refund]:
    with acting_as(SYSTEM):
        return list(Refund.objects.filter(order__case=case).order_by("pk"))


def case_now(case: Case) -> Case:
    with acting_as(SYSTEM):
        return Case.objects.get(pk=case.pk)


def answer_to(case: Case) -> Mapping[str, Any]:
    """What the case knows of its payment; empty while it waits."""
    found: Mapping[str, Any] = from_stored(case_now(case).variables).get("payment") or {}
    return found


def verbs(case: Case) -> list[str]:
    """What happened to the fee, by the journal."""
    with acting_as(SYSTEM):
        every = [entry.verb for entry in journal.history(case.number)]
    return [verb for verb in every if verb.startswith("payment.")]


def paid(order: Order, serial: str = "T1", **changed: Any) -> Told:
    """What a provider says when an order is paid."""
    now = timezone.now().replace(microsecond=0)
    told = Told("paid", "simulated", order.number, f"{order.pk}-{serial}", order.amount, now)
    return replace(told, **changed)


def given_back(order: Order, refund: str = "", serial: str = "R1", **changed: Any) -> Told:
    """What a provider says when money went back."""
    return replace(paid(order, serial), **{"kind": "refunded", "refund": refund, **changed})


def take(told: Told) -> receiving.Reply:
    return receiving.take(told, at=timezone.now())


def brought(case: Case) -> None:
    """Let the job run that brings the answer."""
    settling.bring(order_of(case).pk, at=timezone.now())


def sent_back(case: Case) -> None:
    """Let the jobs run that send money back."""
    for row in refunds_of(case):
        sending.send(row.pk, at=timezone.now())


def begun(order: Order, provider: SimulatedProvider | None = None) -> str:
    """The secret of the provider's page, once it knows of an order."""
    made = Asked(order.number, order.amount, Text.from_json(order.name), "收款人", "/")
    return (provider or simulated()).begin(made).rstrip("/").rpartition("/")[2]


def pay_there(order: Order, at: datetime | None = None) -> tuple[Mapping[str, str], bytes]:
    """Pay at the simulated provider: the signed call that it makes."""
    call = simulated().pay(begun(order), at or timezone.now())
    assert call is not None
    return call
