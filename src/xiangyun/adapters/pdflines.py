"""The lines of a page of a PDF in the order in which they are read: columns, forms, radicals.

A PDF says where signs stand and in no order. Columns are told by their edges, which no line crosses
below a head; a column of months is one of a table, whose rows are read as lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise
from statistics import median
from typing import Any

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|至今|[Pp]resent")
_LEAST = 4
"""Lines that make a column."""
_HEAD = 0.35
"""How much of the page a head above columns may take."""
_RADICALS = str.maketrans(
    "⼾⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "户母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
"""Radicals that fonts write for characters, where Unicode says otherwise or nothing."""
_FIRST = re.compile(r"[!-~]{1,24}|.{1,2}")
"""What is not broken by the edge of a column: a word of letters, a sign with what ends it."""
_THIN = " iljtfrI.,:;'|!()[]-"
_ALIKE = re.compile(r"[\u2f00-\u2fdf\ufb00-\ufb06]")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in one line without a gap: where it begins and about ends, and its size."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line, and whether it is full: what stands below it may go on with it."""

    text: str
    full: bool


def plain(text: str) -> str:
    """A text whose radicals are characters and whose ligatures are letters again."""
    known = text.translate(_RADICALS)
    return _ALIKE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), known)


def blocks(page: Any) -> list[list[Row]]:
    """The lines of a page, column by column; none where its text does not stand upright."""
    pieces = _pieces(page)
    if not pieces:
        return []
    edge, far = _edge(pieces), float(page.mediabox.width) - min(p.left for p in pieces)
    if edge is None:
        return [_wrapped(_rows(pieces), far)]
    crossing = [each for each in pieces if each.left < edge - 2 < edge + 4 < each.right]
    foot = min((each.base for each in crossing), default=max(p.base for p in pieces) + 9)
    head = [each for each in pieces if each.base >= foot - 1]
    sides = [
        [each for each in pieces if each.base < foot - 1 and (each.left < edge - 2) is left]
        for left in (True, False)
    ]
    if _are_labels(sides[0]):
        return [_wrapped([*_rows(head), *_labelled(*sides)], far)]
    # Who it is and how to reach the person stands in the narrow column, or in large letters.
    ends = [edge, far]
    if _breadth(sides[1]) < _breadth(sides[0]):
        sides, ends = sides[::-1], ends[::-1]
    name, wide = _name(sides[1], pieces)
    made = (
        _wrapped(_rows([*head, *name]), far),
        _wrapped(_rows(sides[0]), ends[0]),
        _wrapped(_rows(wide), ends[1]),
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
        needed = _width(word[0]) * row.size if word else 0.0
        # Letters are less alike in width than characters.
        vague = 0.1 if row.text[-1:].isascii() else 0.03
        room = max(far, ends[0]) - row.right - vague * (row.right - row.left)
        made.append(Row(row.text, alike and room < needed))
    return made


def _pieces(page: Any) -> list[Piece]:
    """What is written without a gap, from the top and from the left."""
    found: list[Piece] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], _: object, size: float) -> None:
        said = plain(text.rstrip("\n"))
        if not said.strip():
            if said and found:
                found[-1] = replace(found[-1], text=found[-1].text + said)
            return
        height = abs(size * (tm[2] * cm[1] + tm[3] * cm[3]))
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        base = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        found.append(Piece(said, left, left + _width(said.lstrip()) * height, base, height))

    page.extract_text(orientations=(0,), visitor_text=visit)
    found.sort(key=lambda each: (-round(each.base), each.left))
    joined: list[Piece] = []
    for each in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and abs(last.base - each.base) < 0.35 * max(last.size, each.size)
            and last.left <= each.left < last.right + 1.1 * each.size
        ):
            joined[-1] = replace(last, text=last.text + each.text, right=each.right)
        else:
            joined.append(replace(each, text=each.text.lstrip()))
    return joined


def _width(text: str) -> float:
    """About how wide a text is, in heights of its letters."""
    return sum(map(_wide, text.rstrip()))


def _wide(sign: str) -> float:
    if ord(sign) > 0x2E80:
        return 1.0
    return 0.28 if sign in _THIN else 0.8 if sign in "mwMW@%" else 0.64 if sign.isupper() else 0.54


def _edge(pieces: Sequence[Piece]) -> float | None:
    """Where a second column begins; None where there is one."""
    height = max(p.base for p in pieces) - min(p.base for p in pieces)
    top = max(p.base for p in pieces)
    starts = sorted({round(p.left) for p in pieces})
    best: tuple[int, float] | None = None
    for start in starts[1:]:
        crossing = [p for p in pieces if p.left < start - 2 < start + 4 < p.right]
        if any(top - p.base > _HEAD * height for p in crossing):
            continue
        foot = min((p.base for p in crossing), default=top + 9)
        left = [p for p in pieces if p.base < foot - 1 and p.left < start - 2]
        right = [p for p in pieces if p.base < foot - 1 and p.left >= start - 2]
        if min(len(left), len(right)) < _LEAST or any(map(_is_dated, (left, right))):
            continue
        # Of several the one at which most lines begin.
        count = sum(p.left < start + 1.5 * p.size for p in right)
        if count >= _LEAST and (best is None or count > best[0]):
            best = count, float(start)
    return best[1] if best else None


def _is_dated(side: Sequence[Piece]) -> bool:
    """Whether a column is that of the months in a table."""
    return sum(_YEAR.search(p.text) is not None for p in side) > 0.3 * len(side)


def _are_labels(side: Sequence[Piece]) -> bool:
    """Whether a column says nothing but what stands beside it."""
    return all(_width(p.text) <= 8 and not re.search(r"\d|@", p.text) for p in side)


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


def _rows(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces as lines: what stands on one line is one, with a gap."""
    rows: list[list[Piece]] = []
    for each in pieces:
        if rows and abs(rows[-1][0].base - each.base) < 0.35 * each.size:
            rows[-1].append(each)
        else:
            rows.append([each])
    lines = [reduce(_beside, sorted(row, key=lambda each: each.left)) for row in rows]
    # A name that is too wide for its column is one all the same.
    first, second = (*lines, None, None)[:2]
    if first and second and first.size > 15 and abs(second.size - first.size) < 0.1:
        lines[:2] = [replace(first, text=f"{first.text.rstrip()} {second.text}")]
    return lines


def _beside(one: Piece, other: Piece) -> Piece:
    return replace(one, text=f"{one.text.rstrip()}  {other.text}", right=other.right)


def _labelled(labels: Sequence[Piece], said: Sequence[Piece]) -> list[Piece]:
    """What stands beside each label, the label first, be it at the top of its row or amidst it."""
    groups = _amidst(labels, said)
    if groups is None:
        starts = [each.base + 0.5 * each.size for each in labels]
        groups = [[] for _ in labels]
        for piece in said:
            groups[max(sum(piece.base < start for start in starts) - 1, 0)].append(piece)
    lines: list[Piece] = []
    for label, group in zip(labels, groups, strict=True):
        rows = _rows(group)
        lines += [_beside(label, rows[0])] if len(rows) == 1 else [label, *rows]
    return lines


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
