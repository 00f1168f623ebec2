"""What post wants from the outside: a carrier that takes parcels and says where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.findings import Text


class Unreachable(Exception):
    """The carrier does not answer; the same may be asked again."""


@dataclass(frozen=True, slots=True)
class Waybill:
    """A parcel as a carrier is told of it. `key` is ours: asked twice, it is one parcel."""

    key: str
    recipient: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that happened to a parcel, in the carrier's words."""

    at: datetime
    words: Text
    state: Literal["sent", "arrived", "returned"] = "sent"


class Carrier(Protocol):
    """A carrier of parcels."""

    @property
    def name(self) -> Text:
        """What it is called."""

    def take(self, parcel: Waybill, at: datetime) -> str:
        """Its number for a parcel that it is given. Raises `Unreachable`."""

    def track(self, number: str, at: datetime) -> Sequence[Passed]:
        """All that has happened to a parcel, the oldest first. Raises `Unreachable`."""


def carrier() -> Carrier:
    """The carrier of this instance: what `settings.XIANGYUN_POST` names."""
    made: Carrier = import_string(settings.XIANGYUN_POST)()
    return made
