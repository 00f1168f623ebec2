"""What payments want from the outside: a provider that takes money and gives it back.

Whatever a provider says, in a call or as the answer to one, is a `Told`: one function takes it
(`receiving.take`), however it came, how often, and in which order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from xiangyun.kernel.findings import Text
from xiangyun.kernel.payment import Line


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says has happened: money came, or went back.

    `number` is our order's; `refund` is our refund's, empty for one that the provider began itself.
    `transaction` is the provider's own number; `at` is by its clock, with an offset.
    """

    kind: Literal["paid", "refunded"]
    provider: str
    number: str
    transaction: str
    amount: Decimal
    at: datetime
    refund: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as a provider is told of it; `back`: where the payer comes back to."""

    number: str
    amount: Decimal
    name: Text
    payee: str
    back: str


class Unreachable(Exception):
    """The provider does not answer; the same may be asked again."""


class Declined(Exception):
    """The provider will not do it, and says why."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


class Provider(Protocol):
    """A provider of payments. Asked twice for the same, it does it once and answers as before."""

    @property
    def name(self) -> str:
        """The short name under which its calls come in and its statements are kept."""

    def begin(self, order: Asked) -> str:
        """The address of the page on which the payer pays. Raises `Unreachable`, `Declined`."""

    def close(self, number: str) -> Told | None:
        """Take no more money for an order; what had been paid for it. Raises `Unreachable`."""

    def refund(self, number: str, transaction: str, refund: str, amount: Decimal) -> Told:
        """Give back so much of a transaction. Raises `Unreachable`, `Declined`."""

    def verify(self, headers: Mapping[str, str], body: bytes, at: datetime) -> Told:
        """What a signed call says; `headers` by their names in small letters.

        Raises Forbidden `payment.E020` for one that the provider has not signed lately, and Refused
        `payment.E021` for one that is signed and not understood.
        """

    def statement(self, day: date) -> tuple[Line, ...]:
        """Its books of a day in the time zone of the office."""


class Counter(Protocol):
    """The page of a provider that this instance shows itself, as the simulated one's is."""

    def shown(self, secret: str) -> Asked | None:
        """The order behind the address of a page; None for none."""

    def standing(self, secret: str) -> str:
        """`open`, `paid` or `closed`."""

    def pay(self, secret: str, at: datetime) -> tuple[Mapping[str, str], bytes] | None:
        """Take the money: the signed call that says so. None where no more is taken."""


def provider() -> Provider:
    """The provider that the settings name."""
    made: Provider = import_string(settings.XIANGYUN_PAYMENTS)()
    return made


def counter() -> Counter | None:
    """The provider's page, where this instance shows it; None where the provider has its own."""
    made = import_string(settings.XIANGYUN_PAYMENTS)()
    return made if hasattr(made, "shown") else None
