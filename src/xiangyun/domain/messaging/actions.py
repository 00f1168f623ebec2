"""Put messages into inboxes, and open them. Putting is the platform's: who writes checks before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.vault.sealing import Seal
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.secrecy import SEALED

from . import access, channels, contacts, outbox, ports
from .models import Delivery, Message

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about: a case with its place, matter and need; nothing for a digest."""

    case: UUID | None = None
    number: str = ""
    division: int = 0
    matter: int = 0
    need: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that is to be put into inboxes; `key` says once and for all which one it is."""

    key: str
    kind: str
    name: str
    role: str
    title: Words
    body: Words
    about: About
    short: Words | None = None
    letter: int | None = None
    entry: int | None = None
    office: bool = False


def put(notice: Notice, recipients: Iterable[UUID], *, at: datetime) -> list[Message]:
    """Put a message into inboxes, once each, and queue it for the ways its recipients chose.

    In the transaction of whoever puts; a second call with the same key changes nothing.
    """
    made = []
    with acting_as(SYSTEM):
        for recipient in dict.fromkeys(recipients):
            message, new = Message.objects.get_or_create(
                key=f"{notice.key}:{recipient}", defaults=_columns(notice, recipient, at)
            )
            if new:
                made.append(message)
                _queue(message)
    return made


def _columns(notice: Notice, recipient: UUID, at: datetime) -> dict[str, Any]:
    about = notice.about
    secret = about.need > 0
    return {
        "recipient": recipient,
        "office": notice.office,
        "role": notice.role,
        "kind": notice.kind,
        "name": notice.name,
        "at": at,
        "title": _NEUTRAL if secret else dict(notice.title),
        "body": _body(notice),
        "short": {} if secret else dict(notice.short or {}),
        "letter_id": notice.letter,
        "entry_id": notice.entry,
        "case_id": about.case,
        "number": about.number,
        "division": about.division,
        "matter": about.matter,
        "need": about.need,
    }


def _body(notice: Notice) -> Any:
    """The words of a message as they are stored: sealed where their case is."""
    if notice.about.need != SEALED or not notice.body:
        return dict(notice.body)
    seal = Seal(f"case/{notice.about.case}")
    return seal.value(dict(notice.body), f"{Message._meta.db_table}.body")


_NEUTRAL = {"zh": "有关您办件的消息", "en": "A message about your case"}
"""The title of what is about a case that only its handlers may know: it leaves the platform."""


def _queue(message: Message) -> None:
    """A delivery for each way that leads to the recipient today, and a job for each delivery."""
    offered = set(ports.offered())
    for way in contacts.reached(message.recipient, message.matter, timezone.localdate()):
        if way.channel not in offered:
            continue
        delivery = Delivery.objects.create(
            message=message,
            account=way.account,
            channel=way.channel,
            shown=channels.masked(way.address),
        )
        outbox.deliver(delivery.pk)


def open_message(actor: Actor, message_id: int, *, at: datetime) -> Message:
    """Read a message: the first time it is written down when and by whom.

    `Message.DoesNotExist` for one that is not in the inbox of the party acted for.
    """
    found = access.messages_of(actor).select_related("entry").get(pk=message_id)
    if found.read_at is None and _opened(actor, [found.pk], at):
        found.read_at, found.read_by = at, actor.name
        record("notice.opened", found, {}, actor=actor, at=at)
    return found


def open_all(actor: Actor, upto: int, *, at: datetime) -> int:
    """Take the messages up to an id for read; how many there were."""
    unread = access.messages_of(actor).filter(read_at=None, pk__lte=upto)
    found = list(unread.order_by("pk")[:500])
    _opened(actor, [each.pk for each in found], at)
    for each in found:
        record("notice.opened", each, {}, actor=actor, at=at)
    return len(found)


def _opened(actor: Actor, ids: list[int], at: datetime) -> bool:
    return bool(
        Message.objects.filter(pk__in=ids, read_at=None).update(read_at=at, read_by=actor.name)
    )


def record(
    verb: str, message: Message, data: Mapping[str, object], *, actor: Actor, at: datetime
) -> None:
    """Write into the journal what became of a message: never its words and never an address."""
    if not message.number:
        return  # about no case: nobody's business but the reader's
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=message.number,
            division=message.division,
            owner=message.recipient,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"kind": message.kind, "name": message.name, "role": message.role, **data},
            matter=message.matter,
            need=message.need,
        )
    )


def words_of(text: Text) -> Words:
    """A text as messages keep it."""
    return {"zh": text.zh, "en": text.en}
