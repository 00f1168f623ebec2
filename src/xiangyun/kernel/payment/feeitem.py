"""One fee of a service (收费项目): who pays, how much by which formula, within how many days.

    fees:
      - code: reinstatement
        name: {zh-Hans: 挖掘修复费, en: Reinstatement fee}
        payer: applicant
        amount: =reinstatement_fee.amount
        days: =parameters.days_to_pay
        basis: 《城市道路管理条例》第三十七条
        verified: false

The amount is worked out when a `payment.ask` asks for the fee, over the variables of the case as
they are then: also what a decision came to. After the last day, at its end, the fee has expired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from xiangyun.kernel.feel import DateTime, Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.fields import Fields, whole
from xiangyun.kernel.packfile.formulas import Formula, field_formula
from xiangyun.kernel.packfile.laws import law_of
from xiangyun.kernel.worktime import office_time

from .money import exact

MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class FeeItem:
    """A fee as service.yaml declares it. `payer` is the role of a party of the case.

    `days` is a number, or a formula over the same variables as the amount.
    """

    code: str
    name: Text
    payer: str
    amount: Formula | None
    days: Formula | int
    basis: str
    verified: bool
    place: Place

    def amount_of(self, context: Mapping[str, Value], now: DateTime | None = None) -> Decimal:
        """What it comes to, in yuan with two places. Raises Refused `payment.E001`."""
        value = self.amount.value(context, now) if self.amount else None
        return exact(value, self.name, self.place)

    def due(
        self, at: datetime, context: Mapping[str, Value], now: DateTime | None = None
    ) -> datetime:
        """The end of the last day to pay, for a fee asked for at a moment. Raises Refused
        `payment.E002`."""
        days: Value = (
            Decimal(self.days) if isinstance(self.days, int) else self.days.value(context, now)
        )
        if not (
            isinstance(days, Decimal)
            and 1 <= days <= MOST_DAYS
            and days == days.to_integral_value()
        ):
            raise Refused([_no_days(self, days)])
        midnight = office_time(at).replace(hour=0, minute=0, second=0, microsecond=0)
        end: datetime = midnight + timedelta(days=int(days) + 1)
        return end

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All its formulas."""
        both = (self.amount, None if isinstance(self.days, int) else self.days)
        return tuple(each for each in both if each is not None)


def read_fee_item(f: Fields) -> FeeItem:
    """One of `fees`; faults are reported."""
    node = f.node.get("days")
    written = node is not None and isinstance(node.value, str)
    found = FeeItem(
        f.string("code"),
        f.words("name"),
        f.string("payer"),
        field_formula(f, "amount"),
        (field_formula(f, "days") or 1) if written else whole(f, "days"),
        law_of(f, f.node),
        f.boolean("verified"),
        f.place(),
    )
    f.done()
    return found


def _no_days(item: FeeItem, value: Value) -> Finding:
    return Finding(
        "payment.E002",
        "error",
        Text(
            "“{name}”的缴费期限算出来是 {value}，不是 1 至 {most} 的整数天。",
            "The days to pay “{name}” come to {value}, which is no whole number from 1 to {most}.",
            name=item.name,
            value="null" if value is None else str(value),
            most=MOST_DAYS,
        ),
        item.place,
        Text("请改 fees 里的 days。", "Correct `days` in `fees`."),
    )
