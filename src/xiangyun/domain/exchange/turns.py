"""Whether it is a message's turn to leave: its right, the order of its series, room on its line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from xiangyun.kernel.connector.model import Connector, Sent
from xiangyun.kernel.findings import Finding, Text

from . import outbox, settling
from .models import Line, Outgoing, State
from .ports import Unreachable

MARGIN = timedelta(seconds=30)
DELIVERED = (State.SENT, State.ANSWERED, State.DONE)
UNDER_WAY = (State.WAITING, State.SENDING, State.DEAD)


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


_LATER = Text("稍后自动再发。", "It is tried again later by itself.")
