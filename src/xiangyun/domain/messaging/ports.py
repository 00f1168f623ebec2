"""What messaging wants from the outside: something that sends letters, and something for phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.findings import Text

from .models import Channel


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message: its name, its media type, its content."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it leaves: plain text, one address.

    `key` is the same each time the same message is sent again, and is all letters, digits, `.` and
    `-`: a provider that knows it sends nothing twice. `title` is empty for a short message.
    """

    key: str
    address: str
    title: str
    body: str
    attached: tuple[Attached, ...] = ()


class Sender(Protocol):
    """Something that sends messages of one channel."""

    def send(self, message: Outgoing) -> str:
        """Send, and give the provider's number of it, or the key.

        Raises `Unreachable` where the address will never take it, `NotNow` where it may later.
        """


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter as it stands on paper; `body` is plain text with blank lines.

    `number` is the document's and may be empty; `foot` stands below each page; `day` is the day
    on which it was written, in words, and stands below the signature.
    """

    office: str
    number: str
    title: str
    body: str
    foot: str
    language: str
    day: str = ""


class Typesetter(Protocol):
    """Something that sets letters."""

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF. Raises Conflict `messaging.E008` where no face has its characters."""


class NotNow(Exception):
    """It was not taken now; it is tried again. `said` is why, for the office and the recipient."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.en)
        self.said = said


class Unreachable(NotNow):
    """This address takes nothing, however often it is tried."""


def sender(channel: str) -> Sender | None:
    """What sends messages of a channel in this instance; None where nothing does."""
    named = {Channel.EMAIL: settings.XIANGYUN_MAIL, Channel.SMS: settings.XIANGYUN_TEXTING}
    if not (name := named[Channel(channel)]):
        return None
    made: Sender | None = import_string(name)()
    return made


def typesetter() -> Typesetter:
    """What sets letters in this instance."""
    made: Typesetter = import_string(settings.XIANGYUN_TYPESETTER)()
    return made


def offered() -> list[Channel]:
    """The channels that this instance has."""
    return [channel for channel in Channel if sender(channel) is not None]
