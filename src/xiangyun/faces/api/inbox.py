"""The inbox over the interface: messages, and the ways by which somebody is reached besides it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status

from xiangyun.domain.messaging import actions, channels, contacts, ports, queries
from xiangyun.kernel.findings import Text

from .asking import actor_of, cursor
from .words import Words, words

router = Router(tags=["inbox"])
_LAST = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=_LAST)]
ChannelName = Literal["email", "sms"]


class MessageLine(Schema):
    """A message in a line; `kind` is letter, notice, entry or digest, `role` who was written to.

    `read_at` is null while nobody has opened it; `case` its case, null for what is about none.
    """

    id: int
    kind: str
    role: str
    at: datetime
    title: Words
    case: UUID | None
    number: str
    read_at: datetime | None


class DeliveryOut(Schema):
    """How a message went by one channel: to which address (its middle hidden), how far it got."""

    channel: Words
    address: str
    state: str
    problem: Words | None


class MessageOut(MessageLine):
    """A message with its words; `read_by` is who opened it first."""

    body: Words
    read_by: str
    ways: list[DeliveryOut]


class InboxOut(Schema):
    """A page of messages, the newest first, and how many are unread, none counted above 100."""

    messages: list[MessageLine]
    unread: int
    next: str


class UptoIn(Schema):
    """The newest message that was seen."""

    upto: int = Field(ge=1, le=_LAST)


class ReadOut(Schema):
    """How many were unread until now."""

    read: int


@router.get("/inbox", response=InboxOut)
def list_messages(
    request: HttpRequest,
    unread: bool = False,
    before: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> InboxOut:
    """The messages of the party acted for. `before` is the `next` of the page before."""
    actor = actor_of(request)
    with cursor():
        number = int(before) if before else None
        if number is not None and not 0 < number <= _LAST:
            raise ValueError(before)
    found = queries.inbox(actor, before=number, unread_only=unread, limit=limit + 1)
    shown = found[:limit]
    return InboxOut(
        messages=[_line(each) for each in shown],
        unread=queries.unread(actor),
        next=str(shown[-1].pk) if len(found) > limit else "",
    )


@router.post("/inbox/read", response=ReadOut)
def read_messages(request: HttpRequest, payload: UptoIn) -> ReadOut:
    """Take a message and all before it for read, 500 at a time."""
    actor = actor_of(request)
    return ReadOut(read=actions.open_all(actor, payload.upto, at=timezone.now()))


# -- how somebody is reached -------------------------------------------------------------------


class WayOut(Schema):
    """A channel besides the inbox; without an address none was entered.

    `verified`: the code that was sent there has come back; `wanted`: messages go there.
    """

    channel: str
    name: Words
    address: str
    verified: bool
    wanted: bool
    problem: Words | None


OfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
"""A time of the day in the office's time, without a zone."""
Written = Literal["zh-Hans", "en"]
"""The languages that letters and messages are written in."""


class PreferenceIn(Schema):
    """Which channels shall be used, when no telephone shall ring, and what besides shall come.

    `quiet`: from and until a time of the day, or null for never. `for_others`: messages to whom you
    act for come as well. `digest`: officials get a message each working day about waiting tasks.
    """

    channels: list[str]
    quiet: tuple[OfDay, OfDay] | None = None
    for_others: bool = True
    digest: bool = False
    language: Written = "zh-Hans"


class WaysOut(Schema):
    """How you are reached besides the inbox, which has every message."""

    ways: list[WayOut]
    preference: PreferenceIn


class AddressIn(Schema):
    """An address of the channel: of e-mail, or a mobile number."""

    address: str = Field(max_length=300)


class CodeIn(Schema):
    """The six digits that were sent to the address."""

    code: str = Field(max_length=20)


@router.get("/inbox/ways", response=WaysOut)
def list_ways(request: HttpRequest) -> WaysOut:
    """By which channels you are reached, and what you chose."""
    return _ways(request)


def _times(quiet: tuple[str, str] | None) -> tuple[time, time] | None:
    return None if quiet is None else (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1]))


@router.put("/inbox/ways", response=WaysOut)
def choose_ways(request: HttpRequest, payload: PreferenceIn) -> WaysOut:
    """Choose channels, quiet hours and language; the inbox cannot be declined."""
    actor = actor_of(request)
    contacts.choose(actor, payload.channels)
    contacts.prefer(
        actor,
        quiet=_times(payload.quiet),
        for_others=payload.for_others,
        digest=payload.digest,
        language=payload.language,
    )
    return _ways(request)


@router.put("/inbox/ways/{channel}", response={202: WaysOut})
def enter_address(
    request: HttpRequest, channel: ChannelName, payload: AddressIn
) -> Status[WaysOut]:
    """Enter an address; a code goes there, and nothing else before it has come back."""
    if channel not in ports.offered():
        raise Http404(channel)
    actor = actor_of(request)
    contacts.enter_address(actor, channel, payload.address, at=timezone.now())
    return Status(202, _ways(request))


@router.post("/inbox/ways/{channel}/confirm", response=WaysOut)
def confirm_address(request: HttpRequest, channel: ChannelName, payload: CodeIn) -> WaysOut:
    """Send back the code: from now on messages go to the address."""
    contacts.confirm(actor_of(request), channel, payload.code, at=timezone.now())
    return _ways(request)


@router.delete("/inbox/ways/{channel}", response=WaysOut)
def forget_address(request: HttpRequest, channel: ChannelName) -> WaysOut:
    """Forget an address."""
    contacts.forget(actor_of(request), channel)
    return _ways(request)


# Behind the words above, which are no numbers.
@router.get("/inbox/{message}", response=MessageOut)
def read_message(request: HttpRequest, message: Number) -> MessageOut:
    """One message with its words. Who reads it first is written down with it."""
    found = actions.open_message(actor_of(request), message, at=timezone.now())
    return MessageOut(
        **_line(found).model_dump(),
        body=words(queries.body_of(found)),
        read_by=found.read_by,
        ways=[
            DeliveryOut(
                channel=words(each.channel),
                address=each.shown,
                state=each.state,
                problem=words(each.problem) if each.problem else None,
            )
            for each in queries.ways_of(found)
        ],
    )


def _line(found: queries.Message) -> MessageLine:
    return MessageLine(
        id=found.pk,
        kind=found.kind,
        role=found.role,
        at=found.at,
        title=words(Text.from_json(found.title)),
        case=found.case_id,
        number=found.number,
        read_at=found.read_at,
    )


def _ways(request: HttpRequest) -> WaysOut:
    actor = actor_of(request)
    kept, preference = contacts.contacts(actor), contacts.preference(actor)
    begins, ends = preference.quiet_from, preference.quiet_to
    return WaysOut(
        ways=[
            WayOut(
                channel=channel,
                name=words(channels.WORDS[channel]),
                address=contact.address if (contact := kept.get(channel)) else "",
                verified=contact is not None and contact.verified_at is not None,
                wanted=contact is not None and contact.wanted,
                problem=words(Text.from_json(contact.problem))
                if contact is not None and contact.problem
                else None,
            )
            for channel in ports.offered()
        ],
        preference=PreferenceIn(
            channels=[name for name, contact in kept.items() if contact.wanted],
            quiet=(f"{begins:%H:%M}", f"{ends:%H:%M}")
            if begins is not None and ends is not None
            else None,
            for_others=preference.for_others,
            digest=preference.digest,
            language=cast(Written, preference.language),
        ),
    )
