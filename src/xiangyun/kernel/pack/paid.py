"""Fees in a rehearsal: the provider's test double, made of what the example says of the payers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.payment import FeeItem, shown_amount
from xiangyun.kernel.service.examples import Act
from xiangyun.kernel.service.payables import Paid
from xiangyun.kernel.worktime import office_time

PAYMENT = "payment"


class Payers:
    """Who pays and who does not; a `service.surroundings.Payments`.

    `acts`: those of an example, in order; a fee that none of them names is paid. With `always_free`
    whatever is to be given back is, as a simulation and a replay do not know who paid.
    """

    def __init__(self, acts: Iterable[Act] = (), *, always_free: bool = False) -> None:
        self._always_free = always_free
        self._actions: dict[str, list[str]] = defaultdict(list)
        self._left: dict[str, Decimal] = {}
        self.refunds: list[str] = []
        for act in acts:
            if act.kind == PAYMENT:
                self.does(act.name, act.action)

    def does(self, fee: str, action: str) -> None:
        """What becomes of the next order of a fee."""
        self._actions[fee].append(action)

    def ask(
        self, item: FeeItem, variables: Mapping[str, Value], *, number: str, at: datetime
    ) -> Paid:
        """What becomes of an order. Raises `Refused` where the amount is none."""
        amount = item.amount_of(variables, from_json(office_time(at)))
        if not amount:
            return Paid("paid", amount, at, "")
        coming = self._actions[item.code]
        state = coming.pop(0) if coming else "paid"
        if state == "paid":
            self._left[item.code] = self._left.get(item.code, Decimal("0.00")) + amount
        elif state == "refunded":
            self.refunds.append(f"{item.code} {amount:.2f}")
        return Paid(state, amount, at, number)

    def refund(self, fee: str, amount: Decimal | None) -> Decimal:
        """Give back so much, or all that is left. Raises Conflict `payment.E004` for more."""
        left = self._left.get(fee, Decimal("0.00"))
        given = left if amount is None else amount
        if given > left and not self._always_free:
            raise Conflict([too_much(given, left)])
        if given:
            self._left[fee] = max(left - given, Decimal("0.00"))
            self.refunds.append(f"{fee} {given:.2f}")
        return given


def too_much(wanted: Decimal, left: Decimal) -> Finding:
    """More is to be given back than is left of what was paid."""
    return Finding(
        "payment.E004",
        "error",
        Text(
            "要退 {wanted} 元，可退的只有 {left} 元。",
            "{wanted} yuan are to be refunded, and only {left} can be.",
            wanted=shown_amount(wanted),
            left=shown_amount(left),
        ),
        hint=Text("请把金额改小。", "Make the amount smaller."),
    )
