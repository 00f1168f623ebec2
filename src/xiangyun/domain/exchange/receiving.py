"""One message that came: who sent it, may he, is it new, is it its turn; then it is done, once.

The row that says so, and all that the message does, are one transaction: killed anywhere in
between, nothing has happened, and the sender's next attempt does it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault import sealing as vault
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.connector.check import CASE, RECORD, RESULT
from xiangyun.kernel.connector.httpsignature import Signable, read_inputs
from xiangyun.kernel.connector.mapping import refuse_message, text_of
from xiangyun.kernel.connector.model import Connector, ToRead, ToRegister
from xiangyun.kernel.feel import to_json
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, NotFound, Refused, Text
from xiangyun.kernel.pack.kind import Declaration

from . import enclosures, envelopes, partners, queries, targets
from .models import Incoming, Series, Taken
from .settling import stored

SOON = timedelta(seconds=5)
_MOST_ID = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it came, before anything of it is believed.

    `series`, `serial`, `follows`: its place among others, where the sender counts them. `genuine`:
    its signature, once it was found to hold.
    """

    connector: str
    name: str
    message_id: str
    body: bytes
    series: str = ""
    serial: int = 0
    follows: int = 0
    genuine: envelopes.Genuine | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a status of HTTP and JSON; `wait`: when the same may come again; `leaf`: of
    the journal, which says that the message came."""

    status: int
    body: bytes
    wait: timedelta | None = None
    leaf: str = ""


class Early(Conflict):
    """The message came before the one that it follows, or too many came at once."""


def receive_signed(message: Signable, letter: Letter, at: datetime) -> Reply:
    """A message with a signature of HTTP; the answer says by which finding it is refused."""
    try:
        known, genuine = proven(message, letter, at)
    except Refused as refused:
        return unbelieved(refused)
    letter = replace(letter, genuine=genuine)
    return receive(letter, known.organisation, known.key.key_id, at)


_ON_THE_WAY = frozenset({"exchange.E005", "exchange.E007", "exchange.E008", "exchange.E080"})


def unbelieved(refused: Refused) -> Reply:
    """What is answered where nobody has signed rightly. What may have been altered or held up on
    its way may come again: the sender signs it anew each time."""
    again = refused.findings[0].id in _ON_THE_WAY
    return refusal(refused, SOON if again else None)


def proven(
    message: Signable, letter: Letter, at: datetime
) -> tuple[partners.Known, envelopes.Genuine]:
    """Who has signed a message. Raises Refused for nobody who may, and notes it."""
    claimed = _claimed(message)
    try:
        keys = {known.key.key_id: known.key.pem for known in claimed}
        genuine = envelopes.verify_request(message, letter.body, keys, at)
        known = next(each for each in claimed if each.key.key_id == genuine.key_id)
        partners.refuse_unless_good(known, at)
    except Refused as refused:
        for each in claimed[:1]:  # whoever it was, it bore the name of this partner's key
            _note_refusal(letter, each.organisation, each.key.key_id, refused.findings[0], at)
        raise
    return known, genuine


def _claimed(message: Signable) -> list[partners.Known]:
    """Whose keys it says that it is signed with, as far as they are known."""
    try:
        inputs = read_inputs(message.headers.get("signature-input", ""))
    except ValueError:
        return []
    named = [str(each.parameters.get("keyid", "")) for each in inputs.values()]
    return [known for key in named if key and (known := partners.known_key(key)) is not None]


def receive(letter: Letter, organisation: str, key_id: str, at: datetime) -> Reply:
    """A message of an organisation whose signature holds."""
    try:
        with vault.opening():
            return _receive(letter, organisation, key_id, at)
    except Refused as refused:
        return refused_as(refused, letter, organisation, key_id, at)


def refused_as(
    refused: Refused, letter: Letter, organisation: str, key_id: str, at: datetime
) -> Reply:
    """What is answered where a message is refused; it is written down, or kept, as its kind is."""
    match refused:
        case Early():
            return refusal(refused, SOON)
        case Forbidden() | NotFound() | Invalid():
            _note_refusal(letter, organisation, key_id, refused.findings[0], at)
            return refusal(refused)
    _keep_failed(letter, organisation, key_id, refused.findings[0], at)
    return refusal(refused, SOON if isinstance(refused, targets.NotYet) else None)


class Invalid(Refused):
    """What the sender has to change: nobody here can do anything about it."""


def understood(
    letter: Letter, organisation: str, at: datetime, declared: Declaration | None
) -> targets.Came:
    """What a message says, where it may come and fits; reads nothing. Raises Refused."""
    connector: Connector | None = declared.value if declared is not None else None
    received = connector.receives.get(letter.name) if connector is not None else None
    if declared is None or connector is None or received is None:
        raise NotFound([_unknown(letter)])
    if not connector.allows(organisation, letter.name, timezone.localdate(at)):
        raise Forbidden([_no_right(letter, organisation)])
    if not letter.message_id or len(letter.message_id) > _MOST_ID:
        raise Invalid([_no_number()])
    if len(letter.body) > connector.limits.most_bytes:
        raise Invalid([_too_long(letter, connector.limits.most_bytes)])
    try:
        body = read_body(letter.body)
    except ValueError:
        raise Invalid([_no_json()]) from None
    try:
        refuse_message(received, body)
    except Refused as refused:
        raise Invalid(list(refused.findings)) from None
    return targets.Came(
        connector, received, declared.pack, organisation, letter.message_id, body, at
    )


def _receive(letter: Letter, organisation: str, key_id: str, at: datetime) -> Reply:
    came = understood(letter, organisation, at, queries.declaration(letter.connector))
    connector, digest = came.connector, hashlib.sha256(letter.body).hexdigest()
    with transaction.atomic(), acting_as(SYSTEM):
        row = _noted(letter, organisation, key_id, digest, at, connector.limits.per_minute)
        if row.state == Taken.DONE:
            return Reply(200, row.answer.encode(), leaf=row.leaf)
        in_turn(letter, came)
        done = targets.take(came)
        answer = answer_to(came, done)
        enclosures.await_files(came, done)
        row.state, row.answer, row.number, row.body = Taken.DONE, answer.decode(), done.number, ""
        row.problem = None
        entry = journal.record(taken_entry(letter, came, done, key_id, digest))
        row.leaf = bytes(entry.leaf).hex()
        row.save(update_fields=["state", "answer", "number", "body", "problem", "leaf"])
        return Reply(200, answer, leaf=row.leaf)


def taken_entry(
    letter: Letter, came: targets.Came, done: targets.Done, key_id: str, digest: str
) -> journal.NewEntry:
    """What the journal says of a message that was taken, with the proof that it was sent.

    Of one that reads or writes a record it belongs to the party that the record is about, who finds
    it by `passing`.
    """
    rule = came.connector.right(came.organisation, letter.name, timezone.localdate(came.at))
    said = {"sha256": digest, "rule": rule.basis if rule else "", **_evidence(letter)}
    match came.received.to:
        case ToRead(register=register):
            said |= {"register": register, "did": "read"}
        case ToRegister(register=register):
            said |= {"register": register, "did": "recorded"}
    entry = _entry("exchange.received", letter, came.organisation, key_id, came.at, **said)
    entry.owner, entry.matter = done.about, done.matter
    return entry


def new_row(letter: Letter, organisation: str, key_id: str, digest: str, at: datetime) -> Incoming:
    """The row of a message; it counts as failed until it is done."""
    return Incoming(
        organisation=organisation,
        message_id=letter.message_id,
        connector=letter.connector,
        message=letter.name,
        key_id=key_id,
        digest=digest,
        series=letter.series,
        serial=letter.serial,
        follows=letter.follows,
        came_at=at,
        state=Taken.FAILED,
    )


def refuse_another(row: Incoming, letter: Letter, digest: str) -> None:
    """Raises Invalid where a number was used for another message, Conflict for one given up."""
    if (row.digest, row.connector, row.message) != (digest, letter.connector, letter.name):
        raise Invalid([_same_number()])
    if row.state == Taken.DROPPED:
        raise Conflict([_dropped()])


def lately(organisation: str, connector: str, at: datetime) -> int:
    """How many messages came from somebody by a connector within a minute."""
    since = at - timedelta(minutes=1)
    return Incoming.objects.filter(
        organisation=organisation, connector=connector, came_at__gt=since
    ).count()


def refuse_too_many(came: int, per_minute: int) -> None:
    """Raises Early where more came within a minute than the connector allows."""
    if came > per_minute:
        raise Early([_too_many(per_minute)])


def _noted(
    letter: Letter, organisation: str, key_id: str, digest: str, at: datetime, per_minute: int
) -> Incoming:
    """The row of the message, locked; a new one counts as failed until it is done.

    Two at once: the second waits here until the first is over, and finds what it did.
    """
    new = new_row(letter, organisation, key_id, digest, at)
    Incoming.objects.bulk_create([new], ignore_conflicts=True)
    rows = Incoming.objects.select_for_update()
    row = rows.get(organisation=organisation, message_id=letter.message_id)
    refuse_another(row, letter, digest)
    if row.state == Taken.FAILED and row.came_at == at:
        refuse_too_many(lately(organisation, letter.connector, at), per_minute)
    return row


def in_turn(letter: Letter, came: targets.Came) -> None:
    """Move the series on to this message. Raises Early where the one before has not come, and
    Refused where a later one has."""
    series, serial, follows = letter.series, letter.serial, letter.follows
    if came.received.number is not None:
        number = to_json(came.received.number.value(came.context))
        if not isinstance(number, int):
            raise Invalid([_no_place()])
        series, serial = text_of(came.received.series, came.context) or "-", number
        follows = number - 1
    if not series:
        return
    code = f"{letter.connector}@{came.organisation}:{series}"
    Series.objects.bulk_create([Series(code=code, serial=0)], ignore_conflicts=True)
    last = Series.objects.select_for_update().get(pk=code)
    if serial <= last.serial:
        raise Invalid([_late(serial, last.serial)])
    if follows > last.serial:
        raise Early([_early(serial, last.serial)])
    last.serial = serial
    last.save(update_fields=["serial"])


def answer_to(came: targets.Came, done: targets.Done) -> bytes:
    """What is answered to a message that was taken."""
    formula = came.received.answer
    if formula is None:
        return write_body({"received": came.message_id})
    context = {**came.context, RESULT: done.result, CASE: done.number or None}
    context[RECORD] = done.read
    return write_body(to_json(formula.value(context)))


def _keep_failed(
    letter: Letter, organisation: str, key_id: str, problem: Finding, at: datetime
) -> None:
    """A message that could not be dealt with stays, for whoever looks after it."""
    with acting_as(SYSTEM):
        row, new = Incoming.objects.get_or_create(
            organisation=organisation,
            message_id=letter.message_id,
            defaults={
                "connector": letter.connector,
                "message": letter.name,
                "key_id": key_id,
                "digest": hashlib.sha256(letter.body).hexdigest(),
                "body": letter.body.decode(),
                "series": letter.series,
                "serial": letter.serial,
                "follows": letter.follows,
                "came_at": at,
                "state": Taken.FAILED,
                "problem": stored(problem),
            },
        )
        if not new and row.state == Taken.FAILED:
            row.problem = stored(problem)
            row.save(update_fields=["problem"])
        if new:
            said = {"problem": problem.id, **_evidence(letter)}
            _record("exchange.refused", letter, organisation, key_id, at, **said)


def take_waiting(incoming: int, *, at: datetime) -> None:
    """Deal again with a message that came and failed, as an operator wants."""
    with acting_as(SYSTEM):
        row = Incoming.objects.filter(pk=incoming, state=Taken.FAILED).first()
    if row is None or not row.body:
        return
    letter = Letter(
        row.connector,
        row.message,
        row.message_id,
        row.body.encode(),
        row.series,
        row.serial,
        row.follows,
    )
    receive(letter, row.organisation, row.key_id, at)


def _note_refusal(
    letter: Letter, organisation: str, key_id: str, problem: Finding, at: datetime
) -> None:
    """Once an hour for one reason and kind of message, so that nobody fills the journal."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with acting_as(SYSTEM):
        kind = Letter(letter.connector[:_MOST_ID], letter.name[:_MOST_ID], "", b"")
        entry = _entry("exchange.refused", kind, organisation, key_id, at, problem=problem.id)
        journal.record_once(entry, hour)


def _record(
    verb: str, letter: Letter, organisation: str, key_id: str, at: datetime, **more: object
) -> str:
    entry = journal.record(_entry(verb, letter, organisation, key_id, at, **more))
    return bytes(entry.leaf).hex()


def _evidence(letter: Letter) -> dict[str, object]:
    """By what the journal proves that the sender sent it, and which leaf of his says so."""
    if letter.genuine is None:
        return {}
    return {"their_leaf": letter.genuine.leaf, "signed": letter.genuine.evidence()}


def _entry(
    verb: str, letter: Letter, organisation: str, key_id: str, at: datetime, **more: object
) -> journal.NewEntry:
    data = {
        "connector": letter.connector,
        "message": letter.name,
        "organisation": organisation,
        "message_id": letter.message_id[:_MOST_ID],
        "key": key_id,
        **more,
    }
    return journal.entry_of(
        verb=verb,
        subject=f"partner/{organisation}",
        division=0,
        owner=None,
        actor=SYSTEM.account,
        actor_name=SYSTEM.name,
        desk="",
        at=at,
        data=data,
    )


_STATUS = {"not found": 404, "forbidden": 403, "invalid": 422, "stale": 409, "conflict": 409}


def refusal(refused: Refused, wait: timedelta | None = None) -> Reply:
    """A refusal as problem details (RFC 9457), with the findings by their ids."""
    first = refused.findings[0]
    status = 429 if first.id == "exchange.E061" else _STATUS[refused.kind]
    body = {
        "type": "about:blank",
        "title": first.message.en,
        "status": status,
        "findings": [{"id": f.id, "message": f.message.to_json()} for f in refused.findings],
    }
    return Reply(status, write_body(body), wait)


def _unknown(letter: Letter) -> Finding:
    return Finding(
        "exchange.E050",
        "error",
        Text(
            "没有连接器“{code}”，或者它不收“{name}”。",
            "There is no connector “{code}”, or it takes no “{name}”.",
            code=letter.connector[:80],
            name=letter.name[:80],
        ),
        hint=Text("请核对地址。", "Check the address."),
    )


def _no_right(letter: Letter, organisation: str) -> Finding:
    return Finding(
        "exchange.E051",
        "error",
        Text(
            "今天没有授权让 {organisation} 发“{name}”。",
            "On this day no right allows {organisation} to send “{name}”.",
            organisation=organisation,
            name=letter.name,
        ),
        hint=Text(
            "依据和起止日期写在连接器的 rights 里。",
            "Basis and days stand in `rights` of the connector.",
        ),
    )


def _no_number() -> Finding:
    return Finding(
        "exchange.E052",
        "error",
        Text("没有 Idempotency-Key，或者太长。", "There is no Idempotency-Key, or it is too long."),
        hint=Text(
            "每条报文一个编号，重发时不变。", "A number for each message, the same when sent again."
        ),
    )


def _no_json() -> Finding:
    return Finding(
        "exchange.E053",
        "error",
        Text("正文不是 JSON（I-JSON）。", "The body is no JSON (I-JSON)."),
        hint=Text("见 RFC 7493。", "See RFC 7493."),
    )


def _same_number() -> Finding:
    return Finding(
        "exchange.E054",
        "error",
        Text(
            "同一个编号已用于另一条报文。",
            "Another message has this number.",
        ),
        hint=Text(
            "内容不同的报文要用新的编号。", "A message that says another thing has a new number."
        ),
    )


def _late(serial: int, last: int) -> Finding:
    return Finding(
        "exchange.E055",
        "error",
        Text(
            "第 {serial} 条迟到了：已经处理到第 {last} 条。",
            "Number {serial} comes too late: {last} has been dealt with.",
            serial=serial,
            last=last,
        ),
        hint=Text("请发新的一条。", "Send a new one."),
    )


def _early(serial: int, last: int) -> Finding:
    return Finding(
        "exchange.E056",
        "error",
        Text(
            "第 {serial} 条来早了：才处理到第 {last} 条。",
            "Number {serial} comes too early: {last} was the last one dealt with.",
            serial=serial,
            last=last,
        ),
        hint=Text("先发前面的，稍后再发这条。", "Send those before it first, and this one later."),
    )


def _too_many(per_minute: int) -> Finding:
    return Finding(
        "exchange.E061",
        "error",
        Text(
            "一分钟内超过 {n} 条。",
            "There are more than {n} in a minute.",
            n=per_minute,
        ),
        hint=Text("请过一分钟再发。", "Wait a minute."),
    )


def _too_long(letter: Letter, most: int) -> Finding:
    return Finding(
        "exchange.E032",
        "error",
        Text(
            "报文“{name}”有 {bytes:,} 字节，超过 {most:,}。",
            "The message “{name}” has {bytes:,} bytes, more than {most:,}.",
            name=letter.name,
            bytes=len(letter.body),
            most=most,
        ),
        hint=Text("文件请用摘要引用，不要放在报文里。", "Refer to files by digest instead."),
    )


def _no_place() -> Finding:
    return Finding(
        "exchange.E062",
        "error",
        Text("报文里没有它是第几条。", "The message does not say which number it is."),
        hint=Text("请写整数。", "Write a whole number."),
    )


def _dropped() -> Finding:
    return Finding(
        "exchange.E063",
        "error",
        Text("这条报文已由运维放弃。", "An operator has given this message up."),
        hint=Text("请用新的编号另发。", "Send it anew, under a new number."),
    )
