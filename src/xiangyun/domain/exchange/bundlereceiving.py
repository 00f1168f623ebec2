"""Many messages that came in one signed request: checked once, taken in one transaction.

Each is refused or taken as if it had come alone, in the order in which they stand; what is refused
undoes nothing of the others. Rows and leaves of the journal are written together at the end.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault import sealing as vault
from xiangyun.kernel.connector.httpsignature import Signable
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.pack.kind import Declaration

from . import bundles, enclosures, envelopes, partners, queries, receiving, targets
from .bundles import Bundle, Member
from .models import Incoming, Taken
from .receiving import Letter, Reply

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Ready:
    """A message that may come and fits, with the row that will say what became of it."""

    letter: Letter
    came: targets.Came
    row: Incoming


def receive_signed(message: Signable, body: bytes, at: datetime) -> tuple[Reply, Bundle | None]:
    """A bundle with a signature of HTTP: the answer to the whole, and the tree over the answers."""
    name = message.headers.get(envelopes.ID, "").strip().strip('"')
    whole = Letter(bundles.PATH, "", name, body)
    try:
        known, genuine = receiving.proven(message, whole, at)
        bundle = bundles.read_bundle(body, message.headers.get(envelopes.BUNDLE, ""))
    except Refused as refused:
        return receiving.unbelieved(refused), None
    letters = [
        _letter(each, bundle.part(index, genuine)) for index, each in enumerate(bundle.members)
    ]
    replies = receive(letters, known, at)
    answered = bundles.bundle([_answered(each, replies[each.message_id]) for each in letters])
    return Reply(200, answered.written()), answered


def _letter(member: Member, genuine: envelopes.Genuine) -> Letter:
    connector, _, name = member.path.partition("/")
    place = (member.series[:100], member.serial, member.follows)
    return Letter(connector, name, member.id, member.body, *place, genuine)


def _answered(letter: Letter, reply: Reply) -> Member:
    wait = max(1, round(reply.wait.total_seconds())) if reply.wait is not None else 0
    return Member(letter.message_id, reply.body, reply.leaf, status=reply.status, wait=wait)


def receive(letters: list[Letter], known: partners.Known, at: datetime) -> dict[str, Reply]:
    """Take many messages of an organisation; what is answered to each, by its number.

    Where another request holds the same messages at this moment, this one is done again after it.
    """
    for attempt in range(3):
        try:
            with vault.opening(), transaction.atomic(), acting_as(SYSTEM):
                return _received(letters, known, at)
        except (IntegrityError, OperationalError):
            if attempt == 2 or transaction.get_connection().in_atomic_block:
                raise
    raise AssertionError("the last attempt returns or raises")


def _received(letters: list[Letter], known: partners.Known, at: datetime) -> dict[str, Reply]:
    organisation, key_id = known.organisation, known.key.key_id
    replies: dict[str, Reply] = {}
    ready = []
    for letter, came in _understood(letters, known, at, replies):
        digest = hashlib.sha256(letter.body).hexdigest()
        row = receiving.new_row(letter, organisation, key_id, digest, at)
        ready.append(_Ready(letter, came, row))
    known_rows = _known_rows(organisation, [each.letter.message_id for each in ready])
    lately = {c: receiving.lately(organisation, c, at) for c in {e.letter.connector for e in ready}}
    read = targets.take_reads(each.came for each in ready)
    taken: list[tuple[_Ready, journal.NewEntry]] = []
    for each in ready:
        number = each.letter.message_id
        try:
            before = known_rows.get(number)
            if before is not None:
                receiving.refuse_another(before, each.letter, each.row.digest)
                if before.state == Taken.DONE:
                    replies[number] = Reply(200, before.answer.encode(), leaf=before.leaf)
                    continue
                each.row = before
            else:
                lately[each.letter.connector] += 1
                most = each.came.connector.limits.per_minute
                receiving.refuse_too_many(lately[each.letter.connector], most)
            taken.append((each, _take(each, read.get(number), key_id)))
        except Refused as refused:
            replies[number] = receiving.refused_as(refused, each.letter, organisation, key_id, at)
    leaves = journal.record_all(entry for _, entry in taken)
    for (each, _), leaf in zip(taken, leaves, strict=True):
        each.row.leaf = leaf.hex()
        replies[each.letter.message_id] = Reply(200, each.row.answer.encode(), leaf=each.row.leaf)
    _write([each.row for each, _ in taken])
    return replies


def _understood(
    letters: list[Letter], known: partners.Known, at: datetime, replies: dict[str, Reply]
) -> list[tuple[Letter, targets.Came]]:
    """The messages that may come and fit; `replies` gets why the others are refused."""
    declared: dict[str, Declaration | None] = {}
    found = []
    for letter in letters:
        if letter.connector not in declared:
            declared[letter.connector] = queries.declaration(letter.connector)
        organisation, there = known.organisation, declared[letter.connector]
        try:
            found.append((letter, receiving.understood(letter, organisation, at, there)))
        except Refused as refused:
            replies[letter.message_id] = receiving.refused_as(
                refused, letter, organisation, known.key.key_id, at
            )
    return found


def _known_rows(organisation: str, numbers: list[str]) -> dict[str, Incoming]:
    """Rows of messages that came before, locked in one order for all."""
    rows = Incoming.objects.select_for_update().order_by("message_id")
    found = rows.filter(organisation=organisation, message_id__in=numbers)
    return {row.message_id: row for row in found}


def _take(each: _Ready, read: targets.Done | None, key_id: str) -> journal.NewEntry:
    """Do what a message is for; what the journal will say. Raises Refused, and then nothing of it
    has happened."""
    try:
        writes = read is None or each.came.received.number is not None or each.letter.series
        with transaction.atomic() if writes else nullcontext():
            receiving.in_turn(each.letter, each.came)
            done = read if read is not None else targets.take(each.came)
            answer = receiving.answer_to(each.came, done)
            enclosures.await_files(each.came, done)
    except (Refused, IntegrityError, OperationalError):
        raise
    except Exception:
        _LOG.exception("a message of a bundle could not be dealt with")
        raise _Fault([_FAULT]) from None
    row = each.row
    row.state, row.answer, row.number, row.body = Taken.DONE, answer.decode(), done.number, ""
    row.problem = None
    return receiving.taken_entry(each.letter, each.came, done, key_id, row.digest)


def _write(rows: list[Incoming]) -> None:
    """New rows in one statement, in one order for all who write; those that were there, each."""
    new = sorted((row for row in rows if row.pk is None), key=lambda row: row.message_id)
    before = [row for row in rows if row.pk is not None]
    Incoming.objects.bulk_create(new)
    for row in before:
        row.save(update_fields=["state", "answer", "number", "body", "problem", "leaf"])


class _Fault(Conflict):
    """The fault is on this side: it is kept, and others of the bundle go on."""


_FAULT = Finding(
    "exchange.E081",
    "error",
    Text("处理这条报文时本方出错。", "Dealing with the message failed on this side."),
    hint=Text(
        "由本方运维处理：错误写在服务的日志里。",
        "The operator on this side looks into it: the error stands in the server’s log.",
    ),
)
