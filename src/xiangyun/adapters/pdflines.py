"""The lines of a page of a PDF in the order in which they are read: columns, forms, radicals.

A PDF says where signs stand and in no order. Columns are told by their edges, which no line crosses
below a head; a column of months is one of a table, whose rows are read as lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .pdfforms import are_labels, labelled
from .pdfpieces import LEAST, Piece, pieces_of, plain, rows_of, width

__all__ = ["Row", "blocks", "plain"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|至今|[Pp]resent")
_MONTHS = re.compile(
    r"(?:[\d\s./,()（）~～年月至今-]|[\u2010-\u2015]|\bto\b|present|now"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)+",
    re.I,
)
"""What says months and nothing else."""
_HEAD = 0.35
"""How much of the page a head above columns may take."""
_FIRST = re.compile(r"[!-~]{1,24}|.{1,2}")
"""What is not broken by the edge of a column: a word of letters, a sign with what ends it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line, and whether it is full: what stands below it may go on with it."""

    text: str
    full: bool


def blocks(page: Any) -> list[list[Row]]:
    """The lines of a page, column by column; none where its text does not stand upright."""
    pieces = pieces_of(page)
    if not pieces:
        return []
    edge, far = _edge(pieces), float(page.mediabox.width) - min(p.left for p in pieces)
    if edge is None:
        return [_wrapped(rows_of(pieces), far)]
    crossing = [each for each in pieces if each.left < edge - 2 < edge + 4 < each.right]
    foot = min((each.base for each in crossing), default=max(p.base for p in pieces) + 9)
    head = [each for each in pieces if each.base >= foot - 1]
    sides = [
        [each for each in pieces if each.base < foot - 1 and (each.left < edge - 2) is left]
        for left in (True, False)
    ]
    if are_labels(sides[0]):
        return [_wrapped([*rows_of(head), *labelled(*sides)], far)]
    # Who it is and how to reach the person stands in the narrow column, or in large letters.
    ends = [edge, far]
    if _breadth(sides[1]) < _breadth(sides[0]):
        sides, ends = sides[::-1], ends[::-1]
    name, wide = _name(sides[1], pieces)
    made = (
        _wrapped(rows_of([*head, *name]), far),
        _wrapped(rows_of(sides[0]), ends[0]),
        _wrapped(rows_of(wide), ends[1]),
    )
    return [some for some in made if some]


def _breadth(side: Sequence[Piece]) -> float:
    return max(p.right for p in side) - min(p.left for p in side)


def _wrapped(rows: Sequence[Piece], far: float) -> list[Row]:
    """Lines, each with whether the first word of the next would not have had room in it.

    `far`: where the column may end; where several lines end is where it does.
    """
    if not rows:
        return []
    ends = sorted((p.right for p in rows), reverse=True)
    if len(ends) > 2 and ends[0] - ends[2] < 1.2 * rows[0].size:
        far = ends[0]
    made = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        # Letters of another size begin something else.
        alike = following is not None and abs(following.size - row.size) < 0.5
        word = _FIRST.match(following.text) if following else None
        needed = width(word[0]) * row.size if word else 0.0
        # Letters are less alike in width than characters.
        vague = 0.1 if row.text[-1:].isascii() else 0.03
        room = max(far, ends[0]) - row.right - vague * (row.right - row.left)
        made.append(Row(row.text, alike and room < needed))
    return made


def _edge(pieces: Sequence[Piece]) -> float | None:
    """Where a second column begins; None where there is one."""
    height = max(p.base for p in pieces) - min(p.base for p in pieces)
    top = max(p.base for p in pieces)
    starts = sorted({round(p.left) for p in pieces})
    best: tuple[int, float] | None = None
    found: list[float] = []
    for start in starts[1:]:
        crossing = [p for p in pieces if p.left < start - 2 < start + 4 < p.right]
        if any(top - p.base > _HEAD * height for p in crossing):
            continue
        foot = min((p.base for p in crossing), default=top + 9)
        left = [p for p in pieces if p.base < foot - 1 and p.left < start - 2]
        right = [p for p in pieces if p.base < foot - 1 and p.left >= start - 2]
        if min(len(left), len(right)) < LEAST or any(map(_is_dated, (left, right))):
            continue
        found.append(float(start))
        # Of several the one at which most lines begin.
        count = sum(p.left < start + 1.5 * p.size for p in right)
        if count >= LEAST and (best is None or count > best[0]):
            best = count, float(start)
    if best is None:
        return None
    for first in found:
        # A column of months beside another is the first of a table there, or the last of one here.
        between = [p for p in pieces if first - 2 <= p.left < best[1] - 2]
        if first >= best[1] or not _is_dated(between):
            continue
        there = {round(p.base) for p in pieces if p.left >= best[1] - 2}
        here = {round(p.base) for p in pieces if p.left < first - 2}
        if sum((round(p.base) in there) - (round(p.base) in here) for p in between) >= 0:
            return first
    return best[1]


def _is_dated(side: Sequence[Piece]) -> bool:
    """Whether a column is that of the months in a table."""
    dated = (_YEAR.search(p.text) and _MONTHS.fullmatch(p.text) for p in side)
    return sum(map(bool, dated)) > 0.3 * len(side) > 0


def _name(side: Sequence[Piece], pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What stands at the top of a column in the largest letters of the page, and the rest."""
    largest = max(p.size for p in pieces)
    usual = median(p.size for p in pieces)
    if largest < 1.2 * usual or side[0].size < largest - 0.1:
        return [], list(side)
    # Below a name its post or address may stand, before the first title.
    end = 1
    while end < len(side) and side[end].size <= usual + 0.1 and end < 4:
        end += 1
    has_title = end < len(side) and side[end].size > usual + 0.1
    end = end if has_title else 1
    return list(side[:end]), list(side[end:])
