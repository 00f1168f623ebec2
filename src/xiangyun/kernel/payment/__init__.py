"""Payments: fees as services declare them, exact amounts, and a day's books compared."""

from .feeitem import FeeItem, read_fee_item
from .money import exact, parsed, shown_amount
from .reconciliation import Compared, Difference, compare
from .statement import Line, read_statement, write_statement

__all__ = [
    "Compared",
    "Difference",
    "FeeItem",
    "Line",
    "compare",
    "exact",
    "parsed",
    "read_fee_item",
    "read_statement",
    "shown_amount",
    "write_statement",
]
