"""Contents of files that a message names: given to whom the message went, fetched from who sent it.

A message holds each file's name and SHA-256; the content is asked for afterwards, in pieces, so
that large files hold no message up. Asking is a signed request below the partner's address,
`files/piece`, and its answer is signed; only whom a message went to gets the files that it names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import foreign
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault import sealing as vault
from xiangyun.kernel.connector.bodies import read_body, write_body
from xiangyun.kernel.connector.mapping import text_of
from xiangyun.kernel.feel import to_json
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text

from . import access, outbox, partners, ports, settling
from .models import Enclosure, Outgoing, Partner, State
from .ports import Outbound, Unreachable
from .settling import stored
from .targets import Came, Done

PATH = "files/piece"
PIECE = 512 * 1024
"""Bytes of one answer: as base64 within JSON it stays below a megabyte."""
MOST = 100 * 1024 * 1024
"""Bytes of a file that is fetched."""
_ATTEMPTS, _FIRST, _LONGEST = 12, timedelta(seconds=5), timedelta(minutes=30)
_TIMEOUT = timedelta(seconds=30)
_MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file: `sha256` and `size` are those of the whole content."""

    name: str
    media_type: str
    sha256: str
    size: int
    content: bytes


# Whoever got a message asks for its files --------------------------------------------------------


def give(body: bytes, organisation: str, at: datetime) -> dict[str, Any]:
    """The piece of a file that a partner asks for: `{message, sha256, from}` in JSON.

    Raises Refused for what is no such question, and NotFound for a file that no message to this
    organisation has named: absent and forbidden are the same.
    """
    asked = _asked(body)
    with acting_as(SYSTEM), vault.opening():
        row = Outgoing.objects.filter(pk=asked.message, organisation=organisation).first()
        if row is None or row.case_id is None or asked.digest not in str(row.body):
            raise NotFound([_no_file()])
        found = foreign.file_of(row.case_id, asked.digest)
    if found is None:
        raise NotFound([_no_file()])
    if asked.begin == 0:
        said = {"message_id": str(row.pk), "sha256": asked.digest, "organisation": organisation}
        _record("exchange.file_given", f"exchange/{row.pk}", row.division, said, at)
    piece = found.content[asked.begin : asked.begin + PIECE]
    return {
        "name": found.name,
        "media_type": found.media_type,
        "sha256": hashlib.sha256(found.content).hexdigest(),
        "size": len(found.content),
        "from": asked.begin,
        "content": base64.b64encode(piece).decode(),
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    message: UUID
    digest: str
    begin: int


def _asked(body: bytes) -> _Asked:
    try:
        said = read_body(body)
        digest, begin = said["sha256"], said.get("from", 0)
        if len(digest) != 64 or not isinstance(begin, int) or not 0 <= begin <= MOST:
            raise ValueError
        return _Asked(UUID(said["message"]), digest, begin)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused([_unreadable()]) from None


# Whoever was named files fetches them ------------------------------------------------------------


def await_files(came: Came, done: Done) -> None:
    """Have the files fetched that a message names; in the transaction that takes it."""
    received = came.received
    if received.files is None:
        return
    named = to_json(received.files.value(came.context))
    number = text_of(received.files_case, came.context) if received.files_case else done.number
    for each in (named if isinstance(named, list) else [])[:_MOST_FILES]:
        digest = str(each.get("sha256", "")) if isinstance(each, dict) else ""
        if len(digest) != 64 or not number:
            continue  # named by a reference alone: it is asked for by letter
        row, new = Enclosure.objects.get_or_create(
            organisation=came.organisation,
            message_id=came.message_id,
            digest=digest,
            defaults={
                "connector": came.connector.code,
                "number": number,
                "size": int(each.get("bytes") or 0),
                "due_at": came.at,
                "asked_at": came.at,
            },
        )
        if new:
            outbox.fetch(row.pk)


def fetch(enclosure: int, *, at: datetime) -> None:
    """Fetch a file, look whether it is the one that was named, and lay it into its case."""
    with acting_as(SYSTEM):
        row = Enclosure.objects.filter(pk=enclosure, state=State.WAITING).first()
        partner = Partner.objects.filter(pk=row.organisation).first() if row else None
    if row is None:
        return
    if row.due_at > at:
        outbox.fetch(row.pk, row.due_at)
        return
    try:
        found = _whole(row, partner, at)
        _lay(row, found, at)
    except Unreachable as problem:
        _failed(row, Finding("exchange.E033", "error", problem.why), at)
    except Refused as refused:
        _failed(row, refused.findings[0], at)


def _whole(row: Enclosure, partner: Partner | None, at: datetime) -> Piece:
    """The file, all its pieces together. Raises Unreachable, and Refused for another one."""
    if partner is None or not partner.address.startswith("http"):
        raise Refused([_nowhere(row.organisation)])
    keys = partners.keys_of(partner.pk, at) if partner.signs_answers else {}
    content, first = bytearray(), None
    while first is None or len(content) < first.size:
        piece = _piece(row, partner.address, keys, len(content), at)
        first = first or piece
        if not piece.content or piece.sha256 != first.sha256 or first.size > MOST:
            raise Refused([_another(row)])
        content += piece.content
    # What is kept encrypted is named by another digest; the signed answer says the content's own.
    if hashlib.sha256(content).hexdigest() != first.sha256 or not (
        keys or first.sha256 == row.digest
    ):
        raise Refused([_another(row)])
    return Piece(first.name, first.media_type, first.sha256, first.size, bytes(content))


def _piece(row: Enclosure, address: str, keys: dict[str, str], begin: int, at: datetime) -> Piece:
    asked = {"message": row.message_id, "sha256": row.digest, "from": begin}
    outbound = Outbound(
        address=address,
        path=PATH,
        id=uuid4(),
        body=write_body(asked),
        series="",
        serial=0,
        follows=0,
        timeout=_TIMEOUT,
        most_bytes=2 * PIECE,
        keys=keys,
        at=at,
    )
    replied = ports.transport("http").send(outbound, ports.signer())
    if replied is None or not replied.taken:
        status = str(replied.status) if replied else "—"
        raise Refused([_not_given(row, status, replied.said if replied else "")])
    try:
        said = read_body(replied.body)
        content = base64.b64decode(said["content"], validate=True)
        size = int(said["size"])
        return Piece(str(said["name"]), str(said["media_type"]), said["sha256"], size, content)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise Refused([_another(row)]) from None


def _lay(row: Enclosure, found: Piece, at: datetime) -> None:
    with transaction.atomic(), acting_as(SYSTEM):
        locked = Enclosure.objects.select_for_update().get(pk=row.pk)
        if locked.state != State.WAITING:  # another job was faster
            return
        foreign.add_file(row.number, found.name, found.media_type, found.content, at=at)
        locked.state, locked.came_at, locked.found = State.DONE, at, found.sha256
        locked.problem = None
        locked.save(update_fields=["state", "came_at", "found", "problem"])
        said = {"message_id": row.message_id, "organisation": row.organisation}
        said |= {"sha256": row.digest, "content": found.sha256}
        _record("exchange.file_came", row.number, 0, said, at)


def _failed(row: Enclosure, problem: Finding, at: datetime) -> None:
    with transaction.atomic(), acting_as(SYSTEM):
        locked = Enclosure.objects.select_for_update().get(pk=row.pk)
        if locked.state != State.WAITING:
            return
        locked.attempts, locked.problem = locked.attempts + 1, stored(problem)
        locked.due_at = at + min(_FIRST * 2 ** (locked.attempts - 1), _LONGEST)
        if locked.attempts >= _ATTEMPTS:
            locked.state = State.DEAD
        locked.save(update_fields=["attempts", "problem", "due_at", "state"])
        if locked.state == State.WAITING:
            outbox.fetch(locked.pk, locked.due_at)


def sweep(at: datetime) -> int:
    """Queue again what no job looks after any more; how many."""
    forgotten = at - timedelta(minutes=2)
    with transaction.atomic(), acting_as(SYSTEM):
        found = Enclosure.objects.filter(state=State.WAITING, due_at__lt=forgotten)
        left = list(found.values_list("pk", flat=True)[:1000])
        for each in left:
            outbox.fetch(each)
    return len(left)


def stuck(at_most: int = 200) -> list[Enclosure]:
    """Files that could not be fetched, the newest first."""
    with acting_as(SYSTEM):
        found = Enclosure.objects.filter(state=State.DEAD)
        return list(found.order_by("-asked_at")[:at_most])


def fetch_again(enclosure: int, *, actor: Actor, at: datetime) -> None:
    """Have a file fetched again, from the first attempt. Raises Forbidden, NotFound, Conflict."""
    access.refuse_unless_operator(actor)
    with transaction.atomic(), acting_as(SYSTEM):
        row = Enclosure.objects.select_for_update().filter(pk=enclosure).first()
        if row is None:
            raise NotFound([_no_file()])
        if row.state != State.DEAD:
            raise Conflict([_under_way()])
        row.state, row.attempts, row.due_at = State.WAITING, 0, at
        row.save(update_fields=["state", "attempts", "due_at"])
        outbox.fetch(row.pk)


def _record(verb: str, subject: str, division: int, data: dict[str, str], at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject,
            division=division,
            owner=None,
            actor=SYSTEM.account,
            actor_name=SYSTEM.name,
            desk="",
            at=at,
            data=data,
        )
    )


def _no_file() -> Finding:
    return Finding(
        "exchange.E070",
        "error",
        Text(
            "没有发给贵方的报文提到过这个文件。",
            "No message to this organisation has named such a file.",
        ),
        hint=Text("请核对报文编号和摘要。", "Check the number of the message and the digest."),
    )


def _unreadable() -> Finding:
    return Finding(
        "exchange.E071",
        "error",
        Text("这不是取文件的请求。", "This is no question for a file."),
        hint=Text("写 {message, sha256, from}。", "Write {message, sha256, from}."),
    )


def _another(row: Enclosure) -> Finding:
    return Finding(
        "exchange.E072",
        "error",
        Text(
            "取来的内容与摘要 {digest} 不符，没有收下。",
            "What was fetched is not what the digest {digest} names; it is not kept.",
            digest=row.digest[:16],
        ),
        hint=Text("请与对方运维核对。", "Ask the operator of the other side."),
    )


def _not_given(row: Enclosure, status: str, said: str) -> Finding:
    return Finding(
        "exchange.E073",
        "error",
        Text(
            "{organisation} 没有交出文件（{status}）：{said}",
            "{organisation} did not give the file ({status}): {said}",
            organisation=row.organisation,
            status=status,
            said=settling.said_there(said.encode(), said),
        ),
        hint=Text("稍后自动再取。", "It is tried again later by itself."),
    )


def _nowhere(organisation: str) -> Finding:
    return Finding(
        "exchange.E074",
        "error",
        Text(
            "{organisation} 没有可以取文件的网址。",
            "{organisation} has no web address where files are fetched.",
            organisation=organisation,
        ),
        hint=Text(
            "请登记它的网址；没有网络的，请对方另行送来。",
            "Enter its address; without a network, have the files brought.",
        ),
    )


def _under_way() -> Finding:
    return Finding(
        "exchange.E075",
        "error",
        Text("这个文件没有停下来。", "This file is not stuck."),
        hint=Text("请刷新页面。", "Load the page again."),
    )
