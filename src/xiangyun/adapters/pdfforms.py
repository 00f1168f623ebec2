"""Forms in a PDF: labels in a narrow column, and beside each what it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from .pdfpieces import Piece, beside, rows_of, width


def are_labels(side: Sequence[Piece]) -> bool:
    """Whether a column says nothing but what stands beside it."""
    return all(width(p.text) <= 8 and not re.search(r"\d|@", p.text) for p in side)


def labelled(labels: Sequence[Piece], said: Sequence[Piece]) -> list[Piece]:
    """What stands beside each label, the label first, be it at the top of its row or amidst it."""
    labels = _whole(labels, said)
    usual = median(p.size for p in said)
    above = [p for p in said if p.base > labels[0].base + p.size and p.size > 1.25 * usual]
    said = [p for p in said if p not in above]
    groups = None if _at_top(labels, said) else _amidst(labels, said)
    if groups is None:
        starts = [each.base + 0.5 * each.size for each in labels]
        groups = [[] for _ in labels]
        for piece in said:
            groups[max(sum(piece.base < start for start in starts) - 1, 0)].append(piece)
    lines: list[Piece] = rows_of(above)
    for label, group in zip(labels, groups, strict=True):
        rows = rows_of(group)
        lines += [beside(label, rows[0])] if len(rows) == 1 else [label, *rows]
    return lines


def _at_top(labels: Sequence[Piece], said: Sequence[Piece]) -> bool:
    """Whether each label stands beside the first line of its row: above that there is a gap."""
    bases = sorted({round(p.base, 1) for p in said}, reverse=True)
    apart = {below: above - below for above, below in pairwise(bases)}
    leading = _leading(bases, said[0].size)
    lines = [min(bases, key=lambda base: abs(base - label.base)) for label in labels]
    return all(
        abs(base - label.base) < 0.35 * label.size and apart.get(base, leading * 2) > 1.1 * leading
        for label, base in zip(labels, lines, strict=True)
    )


def _leading(bases: Sequence[float], size: float) -> float:
    """How far apart two lines are at least."""
    return min((a - b for a, b in pairwise(bases) if a - b > 0.9 * size), default=0.0)


def _whole(labels: Sequence[Piece], said: Sequence[Piece]) -> list[Piece]:
    """Labels, each in one piece: two lines of one stand as close as lines do, and rows do not."""
    bases = sorted({round(p.base, 1) for p in said}, reverse=True)
    leading = _leading(bases, said[0].size)
    apart = [a.base - b.base for a, b in pairwise(labels)]
    if 3 * sum(gap > 1.25 * leading for gap in apart) <= len(apart):
        return list(labels)
    made = [labels[0]]
    for label, gap in zip(labels[1:], apart, strict=True):
        if gap <= 1.1 * leading and label.text[:1].isascii():
            last = made[-1]
            made[-1] = replace(last, text=f"{last.text.rstrip()} {label.text}")
        else:
            made.append(label)
    return made


def _amidst(labels: Sequence[Piece], said: Sequence[Piece]) -> list[list[Piece]] | None:
    """The rows of a table whose labels stand in their middle; None where they do not."""
    bases = sorted({round(p.base, 1) for p in said}, reverse=True)
    many, rows = len(bases), len(labels)
    if many < rows:
        return None
    # cost[n][k]: of the first n labels with the first k lines, and where the last row begins.
    cost: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for number, label in enumerate(labels, 1):
        row: dict[int, tuple[float, int]] = {}
        for end in range(number, many - rows + number + 1):
            row[end] = min(
                (
                    before + abs((bases[begin] + bases[end - 1]) / 2 - label.base),
                    begin,
                )
                for begin, (before, _) in cost[-1].items()
                if begin < end
            )
        cost.append(row)
    if many not in cost[-1] or cost[-1][many][0] / rows > 4:
        return None
    ends = [many]
    for number in range(rows, 0, -1):
        ends.append(cost[number][ends[-1]][1])
    ends.reverse()
    return [
        [p for p in said if round(p.base, 1) in bases[begin:end]] for begin, end in pairwise(ends)
    ]
