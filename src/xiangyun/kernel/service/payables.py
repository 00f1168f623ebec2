"""What a rehearsal pays and gives back: fees as service tasks use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from xiangyun.kernel.feel import Value
from xiangyun.kernel.payment import FeeItem


@dataclass(frozen=True, slots=True)
class Paid:
    """What became of a fee: `paid`, `expired` or `refunded`; its amount, when, by which number."""

    state: str
    amount: Decimal
    at: datetime
    number: str


class Payments(Protocol):
    """Fees as service tasks use them in a rehearsal: the example says what the payer does."""

    def ask(
        self, item: FeeItem, variables: Mapping[str, Value], *, number: str, at: datetime
    ) -> Paid:
        """A fee is asked for, and what becomes of it. Raises `Refused` for a wrong amount."""

    def refund(self, fee: str, amount: Decimal | None) -> Decimal:
        """Give back so much of what was paid, or all; how much. Raises `Refused` for more."""
