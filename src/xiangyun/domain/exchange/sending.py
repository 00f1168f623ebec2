"""One message to one system: claimed, sent outside of any transaction, and settled.

Killed anywhere in between, the job that goes on finds the message claimed, waits until the claim
has run out, and sends it again under the same number: whoever got it answers as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.connector.mapping import doubled
from xiangyun.kernel.connector.model import Connector, Sent
from xiangyun.kernel.findings import Finding, Text

from . import bundlesending, outbox, partners, ports, queries, settling, turns
from .models import Outgoing, Partner, State
from .ports import Outbound, Replied, Unreachable

_NO_ADDRESS_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is this job's to send; `outbound` is None where the test double answers."""

    row: Outgoing
    connector: Connector
    sent: Sent
    outbound: Outbound | None


def send(message: UUID, *, at: datetime) -> None:
    """Send a message if it is its turn, and bring the answer to where it is waited for.

    To a partner that takes bundles, all that is due goes with it.
    """
    if organisation := bundlesending.partner_of(message):
        bundlesending.send_due(organisation, at=at)
        return
    with acting_as(SYSTEM):
        claimed = _claim(message, at)
    if claimed is None:
        return
    row, connector = claimed.row, claimed.connector
    if row.state != State.ANSWERED:
        begun = monotonic()
        try:
            replied = _replied(claimed, at)
        except Unreachable as problem:
            settling.failed(row.pk, connector, turns.unreachable(problem), at=at)
            return
        if claimed.outbound is not None:
            at += timedelta(seconds=monotonic() - begun)
        if not settling.answered(row.pk, connector, replied, at=at):
            return
    settling.bring(row.pk, at=at)


def _claim(message: UUID, at: datetime) -> Claimed | None:
    """Take the message, or say when to come again; None where there is nothing to do now."""
    row = (
        Outgoing.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=message)
        .first()
    )
    if row is None or row.state not in (State.WAITING, State.SENDING, State.ANSWERED):
        return None
    connector = queries.connector(row.connector)
    if row.state == State.ANSWERED and connector is not None and row.message in connector.sends:
        return Claimed(row, connector, connector.sends[row.message], None)
    if row.state == State.SENDING and row.leased_until is not None and row.leased_until > at:
        outbox.send(row.pk, row.leased_until)
        return None
    if row.due_at > at:
        outbox.send(row.pk, row.due_at)
        return None
    if (
        row.series
        and turns.in_series(row).filter(serial__lt=row.serial, state__in=turns.UNDER_WAY).exists()
    ):
        return None  # whoever settles the one before wakes this one
    sent = turns.allowed(row, connector, at)
    if connector is None or sent is None:
        return None
    partner = Partner.objects.filter(pk=row.organisation).first()
    address = partner.address if partner else ""
    if not address and connector.without_address == "waits":
        turns.postpone(row, at + _NO_ADDRESS_WAIT, _no_address(row))
        return None
    if address and (later := _busy(row, connector, at)) is not None:
        turns.postpone(row, later)
        return None
    row.state, row.leased_until = State.SENDING, at + connector.limits.timeout + turns.MARGIN
    row.attempts, row.simulated = row.attempts + 1, not address
    if address and not row.leaf:
        rule = connector.right(row.organisation, row.message, timezone.localdate(at))
        row.leaf = settling.record("exchange.sent", row, at, rule=rule.basis if rule else "")
    row.save(update_fields=["state", "leased_until", "attempts", "simulated", "leaf"])
    if not address:
        return Claimed(row, connector, sent, None)
    keys = partners.keys_of(row.organisation, at) if partner and partner.signs_answers else {}
    return Claimed(row, connector, sent, _outbound(row, connector, sent, address, keys, at))


def _outbound(
    row: Outgoing,
    connector: Connector,
    sent: Sent,
    address: str,
    keys: dict[str, str],
    at: datetime,
) -> Outbound:
    follows = 0
    if row.series:
        before = turns.in_series(row).filter(serial__lt=row.serial, state__in=turns.DELIVERED)
        follows = before.aggregate(last=Max("serial"))["last"] or 0
    return Outbound(
        address=address,
        path=sent.path or f"{connector.code}/{sent.name}",
        id=row.pk,
        body=row.body.encode(),
        series=row.series,
        serial=row.serial,
        follows=follows,
        timeout=connector.limits.timeout,
        most_bytes=connector.limits.most_bytes,
        keys=keys,
        at=at,
        leaf=row.leaf,
    )


def _replied(claimed: Claimed, at: datetime) -> Replied | None:
    """The answer of the other system, or of its test double. Raises Unreachable."""
    if claimed.outbound is not None:
        by_mail = claimed.outbound.address.startswith("mailto:")
        way = ports.transport("mail" if by_mail else claimed.connector.transport)
        return way.send(claimed.outbound, ports.signer())
    row, body = claimed.row, read_body(claimed.row.body.encode())
    today = timezone.localdate(at)
    answer: Any = doubled(claimed.connector, claimed.sent, body, key=str(row.pk), today=today)
    return Replied(200, write_body(answer))


def _busy(row: Outgoing, connector: Connector, at: datetime) -> datetime | None:
    """When to come again, where the breaker is open or enough is sent; else it is counted."""
    free, later = turns.room(row, connector, at, 1)
    return None if free else later


def sweep(at: datetime) -> int:
    """Queue again what no job looks after any more; how many. A net: nothing falls through it."""
    forgotten = at - timedelta(minutes=2)
    with transaction.atomic(), acting_as(SYSTEM):
        found = Outgoing.objects.filter(
            due_at__lt=forgotten, state__in=(State.WAITING, State.SENDING, State.ANSWERED)
        ).exclude(leased_until__gt=forgotten)
        left = list(found.order_by("due_at").values_list("pk", flat=True)[:1000])
        for message in left:
            outbox.send(message)
    return len(left)


def _no_address(row: Outgoing) -> Finding:
    return Finding(
        "exchange.E034",
        "error",
        Text(
            "没有 {organisation} 的地址。",
            "There is no address of {organisation}.",
            organisation=row.organisation or "—",
        ),
        hint=Text(
            "请运行 xiangyun exchange partner … --address …，随后自行发出。",
            "Run `xiangyun exchange partner … --address …`; then it leaves by itself.",
        ),
    )
