"""Amounts in yuan: exact decimals of two places, never binary fractions.

A formula that comes to parts of a fen is refused and not rounded: which way a fee is rounded is
for the rule to say (`round half up(x, 2)`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text

FEN: Final = Decimal("0.01")
MOST: Final = Decimal("9999999999.99")
_WRITTEN = re.compile(r"(?:0|[1-9][0-9]{0,9})\.[0-9]{2}")


def exact(value: Value, what: Text, place: Place | None = None) -> Decimal:
    """A value that a formula came to, as an amount of two places; none is below zero.

    Raises Refused `payment.E001` for what is no number, is negative, has parts of a fen, or is
    more than `MOST`.
    """
    if isinstance(value, Decimal) and value.is_finite() and 0 <= value <= MOST:
        amount = value.quantize(FEN)
        if amount == value:
            return abs(amount)  # a zero with a sign is a zero
    raise Refused([Finding(
        "payment.E001",
        "error",
        Text("“{what}”的金额算出来是 {value}，不是以元为单位、两位小数以内的数。",
             "The amount of “{what}” comes to {value}, which is no sum in yuan with at most two "
             "decimals.", what=what, value="null" if value is None else str(value)),
        place,
        Text("请在公式里写明怎样取到分，例如 round half up(x, 2)。",
             "Say in the formula how it is rounded, for example round half up(x, 2)."),
    )])  # fmt: skip


def parsed(text: str) -> Decimal | None:
    """An amount as statements and pages write it, `1234.50`; None for anything else."""
    return Decimal(text) if _WRITTEN.fullmatch(text) else None


def typed(text: str) -> Decimal | None:
    """An amount as people type it: `20`, `20.5`, `1,234.50`; None for what is none."""
    plain = text.strip().replace(",", "").replace("，", "").removesuffix("元").strip()
    if not re.fullmatch(r"[0-9]{1,10}(?:\.[0-9]{1,2})?", plain, re.ASCII):
        return None
    return Decimal(plain).quantize(FEN)


def shown_amount(amount: Decimal) -> str:
    """An amount for people: `1,234.50`."""
    return f"{amount:,.2f}"
