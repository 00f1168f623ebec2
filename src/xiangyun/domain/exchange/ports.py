"""What exchange wants from the outside: ways to another system, and keys that sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.domain.journal.ports import Signer, signer
from xiangyun.kernel.findings import Text

from .bundles import Bundle

__all__ = [
    "BundleTransport",
    "Outbound",
    "Replied",
    "Signer",
    "Together",
    "Transport",
    "Unreachable",
    "bundling",
    "post",
    "signer",
    "transport",
]


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message on its way: where to, below which path, and what it says of itself.

    `keys`: the public keys by which an answer of the partner is believed; empty where the partner
    signs none. `leaf`: of our journal, which says that it leaves.
    """

    address: str
    path: str
    id: UUID
    body: bytes
    series: str
    serial: int
    follows: int
    timeout: timedelta
    most_bytes: int
    keys: Mapping[str, str]
    at: datetime
    leaf: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """Messages to one partner that leave in one request: its address, what stands in it, and of the
    whole what `Outbound` says of one."""

    address: str
    id: UUID
    bundle: Bundle
    timeout: timedelta
    most_bytes: int
    keys: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Replied:
    """What the other system said: 2xx with an answer, 202 without one yet, or a refusal.

    `wait`: how long it asks to wait before the next attempt. `said`: what a refusal says.
    `leaf`: of its journal, which says that the message came; `signed`: what its answer was signed
    over, and the signature, where it signs.
    """

    status: int
    body: bytes = b""
    wait: timedelta | None = None
    said: str = ""
    leaf: str = ""
    signed: Mapping[str, object] = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def worth_another_try(self) -> bool:
        """Whether the same message may be taken later."""
        return self.wait is not None or self.status in (408, 421, 425, 429) or self.status >= 500

    @property
    def at_work(self) -> bool:
        """Whether the other system is up and reads messages, whatever it says of this one.

        A refusal of one message (422) is none of its failures; a fault, a limit or a timeout is.
        """
        return self.status < 500 and self.status not in (408, 429)


class Unreachable(Exception):
    """The other system cannot be reached, or what it answered is not to be believed."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


class Transport(Protocol):
    """A way to another system."""

    def send(self, message: Outbound, signer: Signer) -> Replied | None:
        """Hand a message over, signed, and bring the answer; None where it comes later.

        The same message may come again after a crash: whoever gets it must answer as before and do
        nothing twice. Raises `Unreachable`.
        """


class BundleTransport(Transport, Protocol):
    """A way on which many messages can go together."""

    def send_together(self, together: Together, signer: Signer) -> dict[str, Replied]:
        """As `send`, with the answer to each message by its number. Raises `Unreachable`."""


def transport(name: str) -> Transport:
    """The way of this name (`http`, `folder`, `mail`), as the settings name what makes it."""
    made: Transport = import_string(settings.XIANGYUN_TRANSPORTS[name])()
    return made


def bundling() -> BundleTransport:
    """The way on which bundles go."""
    made: BundleTransport = import_string(settings.XIANGYUN_TRANSPORTS["http"])()
    return made


def post(addresses: list[str], at: datetime) -> None:
    """Take in what came by e-mail, and post what lies ready for these addresses."""
    import_string(settings.XIANGYUN_EXCHANGE_CARRIER)(addresses, at)
