"""The books of a day: ours compared with the provider's statement, all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.payment import Difference, Line, compare, read_statement

from . import queries
from .models import Going, Order, Payment, Reconciliation, Refund, Unmatched, key_of

PROVINCE = 220000000000


def reconcile(
    text: str,
    *,
    provider: str,
    actor: Actor,
    at: datetime,
    day: date | None = None,
    name: str = "",
) -> Reconciliation:
    """Compare a statement with our books of its day, and keep each difference by its name.

    `day` is that of its lines unless said. The same statement again changes nothing while our books
    are as they were; once they have moved on, it is compared anew. Raises Refused for a statement
    that cannot be read (`payment.E010`, `E011`) or is not of one day (`E012`): nothing is kept.
    """
    theirs = read_statement(text, name)
    on = _day(theirs, day)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with acting_as(SYSTEM):
        compared = compare(our_books(provider, on), theirs)
        before = Reconciliation.objects.filter(provider=provider, day=on).order_by("-at", "-pk")
        last = before.first()
        made = Reconciliation(
            provider=provider,
            day=on,
            digest=digest,
            name=name,
            at=at,
            by_name=actor.name,
            agreed=compared.agreed,
            paid_here=compared.paid_here,
            paid_there=compared.paid_there,
            refunded_here=compared.refunded_here,
            refunded_there=compared.refunded_there,
        )
        unmatched = list(_rows(made, compared.differences))
        if last is not None and last.digest == digest and _same(last, made, unmatched):
            return last
        made.save(force_insert=True)
        Unmatched.objects.bulk_create(unmatched)
        journal.record(
            journal.entry_of(
                verb="payment.reconciled",
                subject=f"payments/{provider}/{on.isoformat()}",
                division=PROVINCE,
                owner=None,
                actor=actor.account,
                actor_name=actor.name,
                desk=actor.desk_in(PROVINCE),
                at=at,
                data={
                    "day": on.isoformat(),
                    "provider": provider,
                    "sha256": digest,
                    "agreed": compared.agreed,
                    "differences": len(unmatched),
                },
            )
        )
        return made


def our_books(provider: str, day: date) -> list[Line]:
    """What we have of a provider on a day by its clock: money that came, and that has gone back."""
    begin, end = queries.span(day)
    came = Payment.objects.filter(provider=provider, at__gte=begin, at__lt=end)
    went = Refund.objects.filter(
        provider=provider, state=Going.DONE, done_at__gte=begin, done_at__lt=end
    )
    lines = [
        Line("payment", each.number, each.transaction, each.amount, each.at)
        for each in came.order_by("pk")
    ]
    for each in went.order_by("pk"):
        assert each.done_at is not None
        # One that the provider began itself has no number of ours there: its transaction is it.
        number = each.transaction if each.kind == "provider" else each.number
        lines.append(Line("refund", number, each.transaction, each.amount, each.done_at))
    return lines


def _day(theirs: Iterable[Line], day: date | None) -> date:
    """The one day of a statement."""
    days = {timezone.localdate(line.at) for line in theirs}
    if day is not None:
        days.add(day)
    if len(days) != 1:
        raise Refused([_not_one_day(days)])
    return days.pop()


def _rows(of: Reconciliation, differences: Iterable[Difference]) -> Iterable[Unmatched]:
    orders = _orders(differences)
    for each in differences:
        line = each.line
        order = orders.get((line.kind, line.number))
        yield Unmatched(
            reconciliation=of,
            what=each.what,
            kind=line.kind,
            number=line.number,
            order=order,
            division=order.division if order is not None else PROVINCE,
            our_transaction=each.ours.transaction if each.ours else "",
            their_transaction=each.theirs.transaction if each.theirs else "",
            our_amount=each.ours.amount if each.ours else None,
            their_amount=each.theirs.amount if each.theirs else None,
        )


def _orders(differences: Iterable[Difference]) -> dict[tuple[str, str], Order]:
    """The orders that some lines are about, by kind and number of the line."""
    numbers = {(each.line.kind, each.line.number) for each in differences}
    of_orders = {key_of(number): number for kind, number in numbers if kind == "payment"}
    of_refunds = {key_of(number, "TK"): number for kind, number in numbers if kind == "refund"}
    found = {
        ("payment", of_orders[order.pk]): order for order in Order.objects.filter(pk__in=of_orders)
    }
    for refund in Refund.objects.select_related("order").filter(pk__in=of_refunds):
        found["refund", of_refunds[refund.pk]] = refund.order
    return found


def _same(last: Reconciliation, made: Reconciliation, unmatched: list[Unmatched]) -> bool:
    """Whether a comparison came out as the last one did."""
    kept = [_key(each) for each in last.unmatched.order_by("pk")]
    same = (last.agreed, last.paid_here, last.refunded_here) == (
        made.agreed,
        made.paid_here,
        made.refunded_here,
    )
    return same and kept == [_key(each) for each in unmatched]


def _key(row: Unmatched) -> tuple[object, ...]:
    return (
        *(row.what, row.kind, row.number, row.our_transaction, row.their_transaction),
        *(row.our_amount, row.their_amount),
    )


def _not_one_day(days: set[date]) -> Finding:
    return Finding(
        "payment.E012",
        "error",
        Text(
            "对账单不是一天的：{days}。",
            "The statement is not of one day: {days}.",
            days=", ".join(sorted(map(str, days))) or "—",
        ),
        hint=Text(
            "请按天导出；没有一笔的，用 --day 写明日期。",
            "Export day by day; of a day without a line, say which with --day.",
        ),
    )
