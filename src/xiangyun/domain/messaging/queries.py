"""Read messages: the inbox a page at a time, how many are unread, and how each was delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import prefetch_related_objects

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.rows import hanging
from xiangyun.domain.tallies import Tally, tallied
from xiangyun.domain.together import Rows
from xiangyun.kernel.findings import Text

from . import access, channels
from .models import Channel, Delivery, Entry, Message

__all__ = [
    "Arrived",
    "Channel",
    "Delivery",
    "Entry",
    "Message",
    "Way",
    "body_of",
    "inbox",
    "message",
    "owns_case",
    "unread",
    "ways_of",
    "ways_of_letters",
]
MOST_COUNTED = 99
OF_CASE = Rows(Message, ("id",))


def unread(actor: Actor) -> int:
    """How many messages wait unread, 100 at most: more than 99 is told as such."""
    return tallied([unread_messages(actor)])[0]


def unread_messages(actor: Actor) -> Tally | int:
    """The question how many of `access.messages_of` wait unread, 100 at most."""
    return Tally.of(access.messages_of(actor).filter(read_at=None), MOST_COUNTED + 1)


def inbox(
    actor: Actor, *, before: int | None = None, unread_only: bool = False, limit: int = 50
) -> list[Message]:
    """The messages of the party acted for, the newest first: a keyset page before an id."""
    found = access.messages_of(actor)
    if before is not None:
        found = found.filter(pk__lt=before)
    if unread_only:
        found = found.filter(read_at=None)
    return list(found.order_by("-pk")[:limit])


def message(actor: Actor, message_id: int) -> Message:
    """One message of the inbox; otherwise `Message.DoesNotExist`."""
    return access.messages_of(actor).select_related("entry").get(pk=message_id)


def owns_case(actor: Actor, message: Message) -> bool:
    """Whether a message is about a case of the party acted for, or that this desk has filed."""
    return message.case_id is not None and cases.is_mine(actor, message.case_id)


def body_of(message: Message) -> Text:
    """What a message says; that of a letter stands with the letter."""
    if message.letter_id is None:
        return Text.from_json(message.body)
    return Text.from_json(cases.letter(message.letter_id).body)


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The messages to the party acted for; the words of letters lie with their cases."""
    for found in access.messages_of(actor).order_by("pk").iterator(_PIECE):
        told = {
            "at": found.at,
            "title": found.title,
            "body": found.body,
            "case": found.number,
            "read_at": found.read_at,
        }
        yield f"messages/{found.pk}.json", told


_PIECE = 500


@dataclass(frozen=True, slots=True)
class Way:
    """How a message went by one channel: to which address, how far it got, what it met."""

    channel: Text
    shown: str
    state: str
    words: Text
    tried_at: datetime | None
    problem: Text | None


def ways_of(message: Message) -> list[Way]:
    """The ways that a message went besides the inbox."""
    return [_way(each) for each in message.deliveries.order_by("pk")]


def _way(delivery: Delivery) -> Way:
    return Way(
        channels.WORDS[Channel(delivery.channel)],
        delivery.shown,
        delivery.state,
        channels.STATES[delivery.state],
        delivery.tried_at,
        Text.from_json(delivery.problem) if delivery.problem else None,
    )


@dataclass(frozen=True, slots=True)
class Arrived:
    """How a letter reached one of those it was written to."""

    at: datetime
    opened_at: datetime | None
    opened_by: str
    ways: Sequence[Way]


def ways_of_letters(case: UUID) -> dict[int, list[Arrived]]:
    """How the letters of a case reached people, by their ids: for the office that wrote."""
    found: dict[int, list[Arrived]] = {}
    messages = [each for each in hanging(case, Message) if each.letter_id is not None]
    prefetch_related_objects(messages, "deliveries")
    for each in messages:
        assert each.letter_id is not None
        ways = [_way(one) for one in sorted(each.deliveries.all(), key=lambda one: one.pk)]
        arrived = Arrived(each.at, each.read_at, each.read_by, ways)
        found.setdefault(each.letter_id, []).append(arrived)
    return found


def messages_in(case_id: UUID) -> list[Message]:
    """The messages about a case, as far as whoever asks may see them."""
    return list(Message.objects.filter(case=case_id).order_by("pk"))
