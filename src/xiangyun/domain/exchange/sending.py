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

from . import bundlesending, outbox, partners, ports, queries, settling
from .models import Line, Outgoing, Partner, State
from .ports import Outbound, Replied, Unreachable

MARGIN = timedelta(seconds=30)
_NO_ADDRESS_WAIT = timedelta(minutes=10)
DELIVERED = (State.SENT, State.ANSWERED, State.DONE)
UNDER_WAY = (State.WAITING, State.SENDING, State.DEAD)


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
            settling.failed(row.pk, connector, unreachable(problem), at=at)
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
    if row.series and in_series(row).filter(serial__lt=row.serial, state__in=UNDER_WAY).exists():
        return None  # whoever settles the one before wakes this one
    sent = allowed(row, connector, at)
    if connector is None or sent is None:
        return None
    partner = Partner.objects.filter(pk=row.organisation).first()
    address = partner.address if partner else ""
    if not address and connector.without_address == "waits":
        postpone(row, at + _NO_ADDRESS_WAIT, _no_address(row))
        return None
    if address and (later := _busy(row, connector, at)) is not None:
        postpone(row, later)
        return None
    row.state, row.leased_until = State.SENDING, at + connector.limits.timeout + MARGIN
    row.attempts, row.simulated = row.attempts + 1, not address
    if address and not row.leaf:
        rule = connector.right(row.organisation, row.message, timezone.localdate(at))
        row.leaf = settling.record("exchange.sent", row, at, rule=rule.basis if rule else "")
    row.save(update_fields=["state", "leased_until", "attempts", "simulated", "leaf"])
    if not address:
        return Claimed(row, connector, sent, None)
    keys = partners.keys_of(row.organisation, at) if partner and partner.signs_answers else {}
    return Claimed(row, connector, sent, _outbound(row, connector, sent, address, keys, at))


def allowed(row: Outgoing, connector: Connector | None, at: datetime) -> Sent | None:
    """What is declared of a message that may go today; one that may not is given up: None."""
    sent = connector.sends.get(row.message) if connector else None
    if connector is None or sent is None:
        settling.gave_up(row, _not_published(row), at)
        return None
    if not connector.allows(row.organisation, row.message, timezone.localdate(at)):
        settling.gave_up(row, _no_right(row), at)
        return None
    return sent


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
        before = in_series(row).filter(serial__lt=row.serial, state__in=DELIVERED)
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
    free, later = room(row, connector, at, 1)
    return None if free else later


def room(row: Outgoing, connector: Connector, at: datetime, wanted: int) -> tuple[int, datetime]:
    """How many of these messages may go on this line now, in one request, and when the others may;
    those that may are counted."""
    Line.objects.get_or_create(pk=settling.line_of(row))
    line = Line.objects.select_for_update().get(pk=settling.line_of(row))
    if line.closed_until is not None and line.closed_until > at:
        return 0, line.closed_until
    minute = at.replace(second=0, microsecond=0)
    if line.minute != minute:
        line.minute, line.sent = minute, 0
    # Messages that went together have one lease, and are one request.
    under_way = (
        Outgoing.objects.filter(
            connector=row.connector,
            organisation=row.organisation,
            state=State.SENDING,
            leased_until__gt=at,
        )
        .values("leased_until")
        .distinct()
        .count()
    )
    # After a rest one message alone finds out whether the other system is there again.
    trying = line.failures >= connector.breaker.after
    if under_way >= (1 if trying else connector.limits.at_once):
        return 0, at + timedelta(seconds=1)
    free = max(min(wanted, connector.limits.per_minute - line.sent, 1 if trying else wanted), 0)
    line.sent += free
    line.save(update_fields=["minute", "sent"])
    return free, at + timedelta(seconds=1) if trying else minute + timedelta(minutes=1)


def postpone(row: Outgoing, until: datetime, problem: Finding | None = None) -> None:
    """Let a message wait until a moment, and have it sent then."""
    row.due_at, row.state = until, State.WAITING
    row.problem = settling.stored(problem) if problem else row.problem
    row.save(update_fields=["due_at", "state", "problem"])
    outbox.send(row.pk, until)


def in_series(row: Outgoing) -> Any:
    """The messages that are in order with this one."""
    return Outgoing.objects.filter(
        connector=row.connector, organisation=row.organisation, series=row.series
    )


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


def unreachable(problem: Unreachable) -> Finding:
    """Why a message could not be delivered this time."""
    return Finding("exchange.E033", "error", problem.why, hint=_LATER)


def _not_published(row: Outgoing) -> Finding:
    return Finding(
        "exchange.E030",
        "error",
        Text(
            "没有发布连接器“{code}”，或者它不发“{name}”。",
            "No connector “{code}” is published, or it sends no “{name}”.",
            code=row.connector,
            name=row.message,
        ),
        hint=Text("请发布声明它的包，再重发。", "Publish the pack that declares it, then resend."),
    )


def _no_right(row: Outgoing) -> Finding:
    return Finding(
        "exchange.E031",
        "error",
        Text(
            "今天没有授权可以向 {organisation} 发“{name}”。",
            "On this day no right allows to send “{name}” to {organisation}.",
            organisation=row.organisation or "—",
            name=row.message,
        ),
        hint=Text(
            "依据和起止日期写在连接器的 rights 里。",
            "Basis and days stand in `rights` of the connector.",
        ),
    )


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


_LATER = Text("稍后自动再发。", "It is tried again later by itself.")
