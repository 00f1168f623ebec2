"""What follows an attempt: an answer is kept and brought to its case, or the message waits or is
put before a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import inbound
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault.sealing import Seal
from xiangyun.kernel.connector.bodies import read_body
from xiangyun.kernel.connector.mapping import result_of
from xiangyun.kernel.connector.model import Connector
from xiangyun.kernel.feel import Value, to_stored
from xiangyun.kernel.findings import Finding, Refused, Text

from . import outbox, queries
from .models import Line, Outgoing, State
from .ports import Replied

_SEALED = 2
_MOST_SAID, _LONGEST_ID = 500, 40


def answered(message: UUID, connector: Connector, replied: Replied | None, *, at: datetime) -> bool:
    """Keep what the other system said; whether there is an answer to bring to the case."""
    if replied is not None and not replied.taken:
        problem = refused_there(replied)
        wait, final = replied.wait, not replied.worth_another_try
        at_work = replied.at_work
        if at_work:
            with acting_as(SYSTEM):
                goes_well(Outgoing.objects.get(pk=message))
        failed(message, connector, problem, at=at, wait=wait, final=final, counts=not at_work)
        return False
    with acting_as(SYSTEM):
        row = Outgoing.objects.select_for_update(of=("self",)).get(pk=message)
        if row.state != State.SENDING:  # another job was faster, or its answer came by itself
            return row.state == State.ANSWERED
        goes_well(row)
        if replied is not None and replied.signed:
            seen = {"leaf": row.leaf, "their_leaf": replied.leaf, "signed": dict(replied.signed)}
            record("exchange.delivered", row, at, **seen)
        sent = connector.sends[row.message]
        if replied is None or replied.status == 202 or sent.comes == "later":
            row.state, row.leased_until, row.problem = State.SENT, None, None
            row.save(update_fields=["state", "leased_until", "problem"])
            wake_next(row)
            return False
        return keep_answer(row, connector, replied.body, at=at)


def keep_answer(row: Outgoing, connector: Connector, body: bytes, *, at: datetime) -> bool:
    """Keep an answer that fits its schema; one that does not is put before a person."""
    try:
        answer = read_body(body)
        result(row, connector, answer, at)
    except ValueError:
        gave_up(row, no_json(), at)
        return False
    except Refused as refused:
        gave_up(row, refused.findings[0], at)
        return False
    row.answer = stored_answer(row, body.decode())
    row.state, row.answered_at, row.leased_until = State.ANSWERED, at, None
    row.due_at, row.problem = at, None
    row.save(update_fields=["answer", "state", "answered_at", "leased_until", "due_at", "problem"])
    record("exchange.answered", row, at)
    wake_next(row)
    return True


def result(row: Outgoing, connector: Connector, answer: Any, at: datetime) -> Value:
    """What the task gets of an answer. Raises Refused."""
    sent = connector.sends[row.message]
    body = read_body(row.body.encode())
    day = timezone.localdate(at)
    return result_of(sent, body, answer, key=str(row.pk), today=day)


def bring(message: UUID, *, at: datetime) -> None:
    """Bring a kept answer to the case that waits for it; done again it changes nothing."""
    with acting_as(SYSTEM):
        row = Outgoing.objects.filter(pk=message, state=State.ANSWERED).first()
        connector = queries.connector(row.connector) if row else None
        if row is None or connector is None or row.answered_at is None:
            return
        found = result(row, connector, read_body(str(row.answer).encode()), row.answered_at)
    call = inbound.service_call(row.case_id, row.token) if row.case_id else None
    if call is not None:
        said = {"message_id": str(row.pk), "simulated": row.simulated}
        stored = {"answer": to_stored(found)}
        inbound.complete_service_call(call.pk, stored, at=at, said=said)
    with acting_as(SYSTEM):
        Outgoing.objects.filter(pk=message, state=State.ANSWERED).update(state=State.DONE)


def failed(
    message: UUID,
    connector: Connector,
    problem: Finding,
    *,
    at: datetime,
    wait: timedelta | None = None,
    final: bool = False,
    counts: bool = True,
) -> None:
    """An attempt failed: the message waits for the next, or a person looks after it.

    `counts`: for the circuit breaker, once for messages that failed together, and not where the
    other system is at work and refuses this message.
    """
    with acting_as(SYSTEM):
        row = Outgoing.objects.select_for_update(of=("self",)).get(pk=message)
        if row.state != State.SENDING:
            return
        if counts:
            _goes_badly(row, connector, at)
        if final or row.attempts >= connector.retry.attempts:
            gave_up(row, problem, at)
            return
        row.due_at = at + max(connector.retry.wait(row.attempts), wait or timedelta())
        row.state, row.leased_until, row.problem = State.WAITING, None, stored(problem)
        row.save(update_fields=["due_at", "state", "leased_until", "problem"])
        outbox.send(row.pk, row.due_at)


def gave_up(row: Outgoing, problem: Finding, at: datetime) -> None:
    """A dead letter: an operator sees it, and a supervisor of its case does."""
    row.state, row.leased_until, row.problem = State.DEAD, None, stored(problem)
    row.save(update_fields=["state", "leased_until", "problem"])
    record("exchange.parked", row, at, problem=problem.id)
    if row.case_id is None:
        return
    call = inbound.service_call(row.case_id, row.token)
    if call is not None:
        number, why = call.pk, problem.message.zh
        transaction.on_commit(lambda: inbound.park_service_call(number, problem=why, at=at))


def goes_well(row: Outgoing) -> None:
    """Its line is as good as new."""
    Line.objects.filter(pk=line_of(row)).update(failures=0, closed_until=None)


def _goes_badly(row: Outgoing, connector: Connector, at: datetime) -> None:
    line = Line.objects.select_for_update().filter(pk=line_of(row)).first()
    if line is None:
        return
    line.failures += 1
    if line.failures >= connector.breaker.after:
        line.closed_until = at + connector.breaker.rest
    line.save(update_fields=["failures", "closed_until"])


def wake_next(row: Outgoing) -> None:
    """The message after this one in its series may go now."""
    if not row.series:
        return
    following = Outgoing.objects.filter(
        connector=row.connector,
        organisation=row.organisation,
        series=row.series,
        serial__gt=row.serial,
        state=State.WAITING,
    ).order_by("serial")
    if (message := following.values_list("pk", flat=True).first()) is not None:
        outbox.send(message)


def line_of(row: Outgoing) -> str:
    """What tells one partner by one connector from all others."""
    return f"{row.connector}@{row.organisation}"


def stored(problem: Finding) -> dict[str, str]:
    """A finding as a row keeps it."""
    return {"id": problem.id, **problem.message.to_json()}


def record(verb: str, row: Outgoing, at: datetime, **more: object) -> str:
    """Write down what became of a message; its leaf, in hex."""
    return bytes(journal.record(entry(verb, row, at, **more)).leaf).hex()


def entry(verb: str, row: Outgoing, at: datetime, **more: object) -> journal.NewEntry:
    """What became of a message, for the journal; what it says stays with its case."""
    data: Mapping[str, object] = {
        "connector": row.connector,
        "message": row.message,
        "organisation": row.organisation,
        "message_id": str(row.pk),
        "sha256": row.digest,
        **more,
    }
    return journal.entry_of(
        verb=verb,
        subject=f"exchange/{row.pk}",
        division=row.division,
        owner=None,
        actor=SYSTEM.account,
        actor_name=SYSTEM.name,
        desk="",
        at=at,
        data=data,
        matter=row.matter,
    )


def stored_answer(row: Outgoing, text: str) -> Any:
    """An answer as its row keeps it: encrypted where the case is sealed."""
    if row.need != _SEALED:
        return text
    return Seal(row.seal_scope).value(text, f"{Outgoing._meta.db_table}.answer")


def refused_there(replied: Replied) -> Finding:
    """What the other system says against a message."""
    return Finding(
        "exchange.E035",
        "error",
        Text(
            "对方没有收下（{status}）：{said}",
            "The other system did not take it ({status}): {said}",
            status=replied.status,
            said=said_there(replied.body, replied.said),
        ),
        hint=Text("请与对方运维核对。", "Ask the operator of the other side."),
    )


def said_there(body: bytes, otherwise: str) -> Text | str:
    """Why another system refuses, in its own words: its finding or title, if it answers with
    problem details (RFC 9457), else the beginning of what it said."""
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    problem = told if isinstance(told, dict) else {}
    title = str(problem.get("title") or otherwise)
    match problem.get("findings"):
        case [{"id": str(id_), "message": {"zh": str(zh), "en": str(en)}}, *_]:
            id_ = id_[:_LONGEST_ID]  # by it both sides speak of the same
            return Text.given(f"{zh[:_MOST_SAID]}（{id_}）", f"{en[:_MOST_SAID]} ({id_})")
    return Text.given(title[:_MOST_SAID], title[:_MOST_SAID]) if title else "—"


def no_json() -> Finding:
    """That an answer is none."""
    return Finding(
        "exchange.E036",
        "error",
        Text("对方的答复不是 JSON。", "The answer of the other system is no JSON."),
        hint=Text("请与对方运维核对，再重发。", "Ask the operator of the other side, then resend."),
    )
