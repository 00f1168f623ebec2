"""Reads of payments: the orders of a case, one order, a day, and how the books agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.cases import inbound
from xiangyun.domain.cases.queries import Case
from xiangyun.domain.cases.rows import hanging
from xiangyun.domain.together import Rows

from .models import (
    Going,
    Order,
    Payment,
    Reconciliation,
    Refund,
    Standing,
    State,
    Unmatched,
    Why,
    key_of,
)
from .refunding import left, left_of

__all__ = [
    "Going",
    "Order",
    "Payment",
    "Reconciliation",
    "Refund",
    "Standing",
    "State",
    "Unmatched",
    "Why",
]
LISTED = 200
OF_CASE = Rows(Order, ("-id",))


def orders_of(actor: Actor, case_id: UUID) -> list[Order]:
    """The orders of a case that the actor sees, the newest first."""
    with acting_as(actor):
        return hanging(case_id, Order)


def to_pay(actor: Actor, cases: Sequence[Case], at: datetime) -> list[Order]:
    """What of some cases that go on the actor has to pay now, the oldest first."""
    with acting_as(actor):
        found = Order.objects.filter(
            case__in=[case.pk for case in cases], case__ended_at=None, state=State.WAITING
        )
        waiting = list(found.filter(due_at__gt=at).order_by("pk"))
    return [each for each in waiting if actor.speaks_for(each.payer, each.matter)]


def to_pay_in(actor: Actor, case: Case, at: datetime) -> list[Order]:
    """The same of one case, whose orders its page lists besides."""
    if case.ended_at is not None:
        return []
    waiting = (
        each
        for each in orders_of(actor, case.pk)
        if each.state == State.WAITING and each.due_at > at
    )
    found = [each for each in waiting if actor.speaks_for(each.payer, each.matter)]
    return found[::-1]


def mine(actor: Actor) -> list[Order]:
    """The fees of the party acted for, the newest first; those that wait before the others."""
    with acting_as(actor):
        found = list(Order.objects.filter(payer__in=actor.subjects).order_by("-pk")[:LISTED])
    own = [each for each in found if actor.speaks_for(each.payer, each.matter)]
    return sorted(own, key=lambda each: each.state != State.WAITING)


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The fees of the party acted for."""
    for found in mine(actor):
        told = {
            "case": found.case_number,
            "amount": found.amount,
            "state": found.state,
            "settled_at": found.settled_at,
        }
        yield f"fees/{found.number}.json", told


def is_awaited(order: Order) -> bool:
    """Whether the case of an order still waits for it."""
    return inbound.service_call(order.at_case, order.token) is not None


def order(actor: Actor, number: str) -> Order | None:
    """An order by its number, as far as the actor sees it."""
    with acting_as(actor):
        return Order.objects.filter(pk=key_of(number)).first()


def payments_of(actor: Actor, order: Order) -> list[Payment]:
    """The money that came for an order, the first one first."""
    with acting_as(actor):
        return list(order.payments.order_by("pk"))


def refunds_of(actor: Actor, order: Order) -> list[Refund]:
    """What goes back of an order, the first one first."""
    with acting_as(actor):
        return list(order.refunds.order_by("pk"))


def refundable(actor: Actor, order: Order) -> Decimal:
    """What may still be given back of an order."""
    with acting_as(actor):
        return left(order)


def strays(actor: Actor, order: Order) -> list[tuple[Payment, Decimal]]:
    """Money that came for an order and settled nothing, with what of it has not gone back."""
    with acting_as(actor):
        found = order.payments.filter(standing=Standing.WRONG_AMOUNT).order_by("pk")
        return [(each, rest) for each in found if (rest := left_of(each))]


def of_day(actor: Actor, day: date, most: int = LISTED) -> list[Order]:
    """The orders that were asked for, settled or refunded on a day; the newest `most` first."""
    begin, end = span(day)
    touched = (
        Q(asked_at__gte=begin, asked_at__lt=end)
        | Q(settled_at__gte=begin, settled_at__lt=end)
        | Q(refunds__done_at__gte=begin, refunds__done_at__lt=end)
    )
    with acting_as(actor):
        return list(Order.objects.filter(touched).distinct().order_by("-pk")[:most])


def declined(actor: Actor) -> list[Refund]:
    """Refunds that the provider declined, as far as the actor sees their orders."""
    with acting_as(actor):
        found = Refund.objects.filter(state=Going.DECLINED).select_related("order")
        return list(found.order_by("-pk")[:LISTED])


def reconciliation(actor: Actor, day: date) -> Reconciliation | None:
    """How the books of a day compared, by the newest statement; None for a day not reconciled."""
    with acting_as(actor):
        return Reconciliation.objects.filter(day=day).order_by("-at", "-pk").first()


def unmatched(actor: Actor, of: Reconciliation, at_most: int | None = None) -> list[Unmatched]:
    """What did not agree, as far as it is the actor's place; all of it, or the first so many."""
    with acting_as(actor):
        return list(of.unmatched.select_related("order").order_by("number", "pk")[:at_most])


def differing(actor: Actor, of: Reconciliation) -> int:
    """How many lines did not agree, as far as it is the actor's place."""
    with acting_as(actor):
        return of.unmatched.count()


def sums(orders: Iterable[Order]) -> Decimal:
    """What was paid for some orders, whatever went back."""
    paid = (each.amount for each in orders if each.state in (State.PAID, State.REFUNDED))
    return sum(paid, Decimal("0.00"))


def span(day: date) -> tuple[datetime, datetime]:
    """When a day begins and ends where the office is."""
    zone = timezone.get_default_timezone()
    begin = datetime.combine(day, time(), zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), zone)
