"""What can be booked, as the service tasks of a case see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from xiangyun.kernel.feel import Value


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as service tasks see it: its number, its state, when its slot begins and ends."""

    number: str
    state: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Asking:
    """For what a case books: its service, the kind of its party, its answers, and what a register
    holds about the party; by these a resource says who may use which lane."""

    service: str
    party_kind: str
    application: Value
    records: Callable[[str], Sequence[Mapping[str, Value]]]


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list to be booked; `begins`: its own slot, or the next that is free."""

    lane: str
    units: int
    reference: str
    application: Value
    begins: datetime | None


class Resources(Protocol):
    """What can be booked, as service tasks use it in a rehearsal: books that begin empty.

    A moment without an offset is one of the office's clock. Each raises `Refused` as the rules of
    the resource say.
    """

    def book(
        self,
        resource: str,
        begins: datetime,
        lane: str,
        units: int,
        *,
        asking: Asking,
        at: datetime,
    ) -> Booked:
        """Book a slot for the party of the case."""

    def book_list(
        self,
        resource: str,
        lines: Sequence[ListLine],
        begins: datetime,
        *,
        asking: Asking,
        at: datetime,
    ) -> Sequence[Booked]:
        """Book every line of a list, or none."""

    def take(self, resource: str, *, at: datetime) -> Booked:
        """What the case that opened this one booked by a list becomes this one's."""

    def cancel(self, number: str, *, at: datetime) -> None:
        """Give a booking back; one that is not there, or is over, stays so."""

    def check_in(self, number: str, *, at: datetime) -> str:
        """Whoever booked is there; the state of the booking, which may be over already.

        Empty for a booking that is not of the case.
        """

    def extend(self, resource: str, first: date, last: date, hours: str) -> None:
        """Grant hours beside the usual ones, from a day to a day."""

    def engage(self, people: Sequence[str], begins: datetime, ends: datetime) -> None:
        """Set when people of the case are there, instead of what was set before."""

    def release(self) -> None:
        """Free the people of the case."""
