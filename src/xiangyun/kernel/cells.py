"""Cells of tables that people open in a spreadsheet program (OWASP, CSV injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet program takes for a formula."""
_MARK: Final = "'"


def harmless(text: str) -> str:
    """A text as a cell of CSV: what would be read as a formula begins with an apostrophe."""
    return f"{_MARK}{text}" if text.startswith(FORMULA) else text


def as_typed(cell: str) -> str:
    """The text that `harmless` made a cell of."""
    return cell[1:] if cell.startswith(_MARK) and cell[1:].startswith(FORMULA) else cell


def table(rows: Iterable[Iterable[object]], lineterminator: str = "\r\n") -> str:
    """Rows as CSV (RFC 4180) for people: no text in it becomes a formula."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=lineterminator).writerows(
        [harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue()
