"""What operators do: send again what got stuck, or give it up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Text

from . import access, outbox, settling
from .models import Incoming, Outgoing, State, Taken


def send_again(message: UUID) -> None:
    """Send a dead letter again, as a supervisor of its case wants; others are on their way."""
    with acting_as(SYSTEM):
        row = Outgoing.objects.select_for_update(of=("self",)).filter(pk=message).first()
        if row is not None and row.state == State.DEAD:
            _wait_anew(row, timezone.now())
        elif row is not None and row.state == State.ANSWERED:
            outbox.send(row.pk)


def resend(message: UUID, *, actor: Actor, at: datetime) -> Outgoing:
    """Send a dead letter again, from the first attempt. Raises Forbidden, NotFound, Conflict."""
    return _operated(message, "exchange.resent", actor, at)


def drop(message: UUID, *, actor: Actor, at: datetime) -> Outgoing:
    """Give a dead letter up: what comes after it in its series may go; its case still waits."""
    return _operated(message, "exchange.dropped", actor, at)


def _operated(message: UUID, verb: str, actor: Actor, at: datetime) -> Outgoing:
    access.refuse_unless_operator(actor)
    with transaction.atomic(), acting_as(SYSTEM):
        row = Outgoing.objects.select_for_update(of=("self",)).filter(pk=message).first()
        if row is None:
            raise NotFound([_no_message()])
        if row.state != State.DEAD:
            raise Conflict([_not_dead()])
        if verb == "exchange.resent":
            _wait_anew(row, at)
        else:
            row.state = State.DROPPED
            row.save(update_fields=["state"])
            settling.wake_next(row)
        journal.record(
            journal.entry_of(
                verb=verb,
                subject=f"exchange/{row.pk}",
                division=row.division,
                owner=None,
                actor=actor.account,
                actor_name=actor.name,
                desk="",
                at=at,
                data={
                    "connector": row.connector,
                    "message": row.message,
                    "message_id": str(row.pk),
                },
                matter=row.matter,
            )
        )
        return row


def take_again(incoming: int, *, actor: Actor, at: datetime) -> None:
    """Have a message that came and failed dealt with again. Raises Forbidden and NotFound."""
    access.refuse_unless_operator(actor)
    with transaction.atomic(), acting_as(SYSTEM):
        row = Incoming.objects.filter(pk=incoming).first()
        if row is None:
            raise NotFound([_no_message()])
        if row.state != Taken.FAILED:
            raise Conflict([_not_dead()])
        outbox.take(row.pk)


def _wait_anew(row: Outgoing, at: datetime) -> None:
    row.state, row.attempts, row.due_at = State.WAITING, 0, at
    row.save(update_fields=["state", "attempts", "due_at"])
    outbox.send(row.pk)


def _no_message() -> Finding:
    return Finding("exchange.E040", "error", Text("没有这条报文。", "There is no such message."))


def _not_dead() -> Finding:
    return Finding(
        "exchange.E041",
        "error",
        Text("这条报文没有停下来。", "This message is not stuck."),
        hint=Text("请刷新页面。", "Load the page again."),
    )
