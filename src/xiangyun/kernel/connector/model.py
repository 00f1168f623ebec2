"""A connector as values: another system, what is sent to it, what comes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from xiangyun.kernel.connector.schema import Schema
from xiangyun.kernel.findings import Place, Text
from xiangyun.kernel.packfile.formulas import Formula

Transport = Literal["http", "folder", "mail"]
TRANSPORTS = ("http", "folder", "mail")
WithoutAddress = Literal["waits", "simulated"]
WITHOUT_ADDRESS = ("waits", "simulated")
Comes = Literal["at once", "later"]
COMES = ("at once", "later")
SENT, TODAY, KEY, MESSAGE, SENDER = "sent", "today", "key", "message", "sender"
"""What formulas see besides their own values: the message that left, the day, the number of the
message, and the message that came."""
RECIPIENT = "recipient"
"""The input of a task that names the organisation, where the connector names none."""


@dataclass(frozen=True, slots=True)
class Right:
    """Who may exchange what, by which law or agreement, on which days (both included).

    `organisation` is empty for the connector's own; `messages` is empty for all of them.
    """

    organisation: str
    messages: tuple[str, ...]
    basis: str
    verified: bool
    first: date | None
    last: date | None
    place: Place

    def covers(self, organisation: str, message: str, on: date) -> bool:
        """Whether it allows this message with this organisation on a day."""
        return (
            self.organisation == organisation
            and (not self.messages or message in self.messages)
            and (self.first is None or self.first <= on)
            and (self.last is None or on <= self.last)
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at a time: messages a minute, messages at once, bytes of one, and how long one may
    take to be answered."""

    per_minute: int = 600
    at_once: int = 4
    most_bytes: int = 1_000_000
    timeout: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a message is tried, and how long it waits: `first`, doubled each time to `most`."""

    attempts: int = 20  # about two hours, so that one of an hour brings nobody a letter to resend
    first: timedelta = timedelta(seconds=2)
    most: timedelta = timedelta(minutes=10)

    def wait(self, failed: int) -> timedelta:
        """How long to wait after so many attempts have failed, the first being 1."""
        doubled: int = 2 ** min(max(failed - 1, 0), 20)
        return min(self.first * doubled, self.most)


@dataclass(frozen=True, slots=True)
class Breaker:
    """After so many failures in a row nothing is sent for a while, so that nobody else waits."""

    after: int = 5
    rest: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that goes out, and the answer to it.

    - `body`: the message, from the inputs of the task;
    - `key`: by which a later message names this one; `order`: messages of the same value arrive one
      after the other;
    - `answer`, `result`: the schema of the answer, and what the task gets of it;
    - `comes`: whether the answer is that of the request, or a message that comes later;
    - `path`: below the address of the other system; empty for `<connector>/<message>`.
    """

    name: str
    words: Text
    schema: Schema
    body: Formula | None
    key: Formula | None
    order: Formula | None
    answer: Schema
    result: Formula | None
    comes: Comes
    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class ToCase:
    """To the oldest case that waits for a message event of this name and key."""

    message: str


@dataclass(frozen=True, slots=True)
class ToTask:
    """Answers a message that was sent: the service task that waits goes on."""

    sent: str


@dataclass(frozen=True, slots=True)
class ToForm:
    """Does an open task of the case whose number is the key: an action, and answers of its form."""

    element: str
    action: Formula
    answers: Mapping[str, Formula]


@dataclass(frozen=True, slots=True)
class Beside:
    """A record of another register, found by its key."""

    register: str
    key: Formula


@dataclass(frozen=True, slots=True)
class ToRegister:
    """Records in a register; `record` sees the fields of the record `beside` under this name, null
    where there is none."""

    register: str
    record: Formula
    beside: Beside | None = None


@dataclass(frozen=True, slots=True)
class ToRead:
    """Answered from the record of a register whose key is the `key` of the message: `answer` sees
    its fields as `record`, null where there is none."""

    register: str


@dataclass(frozen=True, slots=True)
class ToService:
    """Opens a case of a service; `place`: the division, `subject`: whom it is about.

    `service` is empty where the service is found by the basic code of its item (GB/T 39554), which
    `basic_code` takes from the message: two provinces call one item by one code.
    """

    service: str
    answers: Mapping[str, Formula]
    place: Formula | None
    subject: Formula | None
    basic_code: Formula | None = None


Target = ToCase | ToTask | ToForm | ToRegister | ToRead | ToService


@dataclass(frozen=True, slots=True)
class Received:
    """A message that comes in, and where it goes.

    - `key`: by which the case, the task or the message is found;
    - `number`: where messages are counted by whoever sends: one that is ahead waits for those
      before it, one that is behind is refused; counted for each value of `series`;
    - `answer`: what is answered, from the message and `result`, of what it did here;
    - `files`: the files that it names, a list of {name, sha256, bytes}, whose contents are fetched
      from the sender; they go to the case whose number `files_case` is, or to the one it opened.
    """

    name: str
    words: Text
    schema: Schema
    key: Formula | None
    series: Formula | None
    number: Formula | None
    to: Target
    payload: Formula | None
    answer: Formula | None
    place: Place
    files: Formula | None = None
    files_case: Formula | None = None


@dataclass(frozen=True, slots=True)
class ConnectorExample:
    """One exchange as it should be; those of messages that go out are the test double, too.

    `given`: inputs of the task, or nothing for one that stands for all others; `body`: the message,
    which is compared where it is said; `answers`: what the other system answers, whose texts may
    be formulas (`=`) over `sent`, `key`, `today`; `result`: compared where it is said.
    """

    message: str
    incoming: bool
    given: Mapping[str, Any]
    body: Any
    answers: Any
    result: Any
    key: str
    formulas: Mapping[str, Formula]
    place: Place


@dataclass(frozen=True, slots=True)
class Connector:
    """Another system, whole: `connectors/<code>.yaml`."""

    code: str
    words: Text
    organisation: str
    packs: tuple[str, ...]
    transport: Transport
    without_address: WithoutAddress
    rights: tuple[Right, ...]
    limits: Limits
    retry: Retry
    breaker: Breaker
    sends: Mapping[str, Sent]
    receives: Mapping[str, Received]
    examples: tuple[ConnectorExample, ...]
    place: Place = field(default=Place())

    def may_call(self, pack: str) -> bool:
        """Whether the services of a pack may send by it."""
        return pack in self.packs

    def allows(self, organisation: str, message: str, on: date) -> bool:
        """Whether some right covers a message with an organisation on a day."""
        return self.right(organisation, message, on) is not None

    def right(self, organisation: str, message: str, on: date) -> Right | None:
        """The right that covers a message with an organisation on a day; None for none."""
        return next((r for r in self.rights if r.covers(organisation, message, on)), None)
