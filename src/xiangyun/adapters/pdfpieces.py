"""What a page of a PDF writes, in pieces: where each stands, in letters that mean what they show.

How wide letters are is guessed: many fonts do not say it, or not in a way that is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

LEAST = 4
"""Lines that make a column."""
_RADICALS = str.maketrans(
    "⼾⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "户母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
"""Radicals that fonts write for characters, where Unicode says otherwise or nothing."""
_GAPS = re.compile(r"\s{2,}")
_LARGE = 14.0
"""From what size on letters are those of a title, in points."""
_THIN = " iljtfrI.,:;'|!()[]-"
_GLYPH = re.compile(r"/g\d+(?=\s|$)")
"""A sign of a font that does not say which it is, such as the picture of a telephone."""
_BULLET = re.compile(r"^\s*[\x7f\uf06c-\uf0fc](?=\s|$)")
"""What stands before the items of a list, in fonts of signs."""
_OPEN = re.compile(
    r"(?:19|20)\d\d.{0,6}(?:[-\u2010-\u2015~～至到]|\bto)\s*(?:[A-Z][a-z]{2,8}\.?|(?:19|20)\d\d[-./年])?\s*$"
)
_CLOSE = re.compile(
    r"(?:[A-Z][a-z]{2,8}\.?\s)?(?:19|20)\d\d(?:[-./年]\d{1,2}月?)?|\d{1,2}月?|[Pp]resent|[Nn]ow|至?今"
)
"""A span of months that the edge of a column has broken, and its end."""
_ALIKE = re.compile(r"[\u2f00-\u2fdf\ufb00-\ufb06]")


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands in one line without a gap: where it begins and about ends, and its size.

    `run`: what a page writes without moving to another place; `part`: where its last part begins.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    run: int = 0
    part: float = 0.0


def plain(text: str) -> str:
    """A text whose radicals are characters and whose ligatures are letters again."""
    known = _BULLET.sub("•", _GLYPH.sub("", text)).translate(_RADICALS)
    return _ALIKE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), known)


def pieces_of(page: Any) -> list[Piece]:
    """What is written without a gap, from the top and from the left."""
    found: list[Piece] = []
    run = 0

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], _: object, size: float) -> None:
        nonlocal run
        said = plain(text.rstrip("\n"))
        if not said.strip():
            if said and found:
                found[-1] = replace(found[-1], text=found[-1].text + said)
            run += not said
            return
        height = abs(size * (tm[2] * cm[1] + tm[3] * cm[3]))
        left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        base = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        right = left + width(said.lstrip()) * height
        found.append(Piece(said, left, right, base, height, run, left))
        run += text.endswith("\n")

    page.extract_text(orientations=(0,), visitor_text=visit)
    found.sort(key=lambda each: (-round(each.base), each.left))
    starts = Counter(round(each.left) for each in found)
    joined: list[Piece] = []
    for each in found:
        last = joined[-1] if joined else None
        # Where much begins a column does, however near to it what stands before ends.
        column = starts[round(each.left)] >= 2 * LEAST and last and last.run != each.run
        near = column and each.left > last.right + 0.15 * each.size if last else False
        if (
            last is not None
            and not near
            and abs(last.base - each.base) < 0.35 * max(last.size, each.size)
            and last.left <= each.left < last.right + _gap(last, each)
        ):
            told = last.text.rstrip() + " " if each.text.startswith(" ") else last.text
            joined[-1] = replace(
                each, text=told + each.text.lstrip(), left=last.left, part=each.left
            )
        else:
            joined.append(replace(each, text=each.text.lstrip()))
    return _closed([unspaced(each) for each in joined])


def _gap(last: Piece, each: Piece) -> float:
    """How far one piece may begin behind another and go on with it.

    How wide letters are is a guess, and a better one where a page has moved to another place.
    """
    vague = 0.2 * (last.right - last.part) if last.run == each.run else 0.0
    return 1.1 * each.size + vague


def _closed(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces whose spans of months are whole: 2020-09 to, and below it 2023-06."""
    made = list(pieces)
    for number, opened in enumerate(made):
        if not _OPEN.search(opened.text):
            continue
        for end in range(number + 1, len(made)):
            each = made[end]
            below = abs(each.left - opened.left) < 3 and opened.base - each.base < 2.2 * opened.size
            if below and opened.base > each.base + 1 and _CLOSE.fullmatch(each.text.strip()):
                gap = "" if opened.text.rstrip()[-1:] in "-./年" else " "
                made[number] = replace(opened, text=opened.text.rstrip() + gap + each.text.strip())
                made[end] = replace(each, text="")
                break
    return [each for each in made if each.text]


def unspaced(piece: Piece) -> Piece:
    """A title without the spaces that set its letters apart: J o h n  D o e."""
    text = piece.text
    if piece.size < _LARGE or sum(len(word) == 1 for word in text.split()) < 3:
        return piece
    words = (re.sub(r"(?<!\S)(\S) (?=\S(?:\s|$))", r"\1", word) for word in _GAPS.split(text))
    joined = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z],)(?=\S)", " ", " ".join(words))
    return replace(piece, text=joined) if text.isascii() else piece


def width(text: str) -> float:
    """About how wide a text is, in heights of its letters."""
    return sum(map(_wide, text.rstrip()))


def _wide(sign: str) -> float:
    if ord(sign) > 0x2E80:
        return 1.0
    return 0.28 if sign in _THIN else 0.8 if sign in "mwMW@%" else 0.64 if sign.isupper() else 0.54


def rows_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces as lines: what stands on one line is one, with a gap."""
    rows: list[list[Piece]] = []
    for each in pieces:
        if rows and abs(rows[-1][0].base - each.base) < 0.35 * each.size:
            rows[-1].append(each)
        else:
            rows.append([each])
    lines = [reduce(beside, sorted(row, key=lambda each: each.left)) for row in rows]
    # A name that is too wide for its column is one all the same.
    first, second = (*lines, None, None)[:2]
    if first and second and first.size > 15 and abs(second.size - first.size) < 0.1:
        lines[:2] = [replace(first, text=f"{first.text.rstrip()} {second.text}")]
    return lines


def beside(one: Piece, other: Piece) -> Piece:
    """Two pieces of one line as one, with a gap between them."""
    return replace(one, text=f"{one.text.rstrip()}  {other.text}", right=other.right)
