"""Names on a map that do not lie over each other: each beside its point, where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from xml.sax.saxutils import escape

SIZE = 12
_GAP = 8
_MARK = 5
_FURTHER = (0, 7, 14)
"""Pixels away from its point, if it has no room at it."""
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1))
"""Where a name may stand, the best first: right, left, above, below its point."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a point of the paper; `around`: what is drawn there, in pixels from the middle."""

    x: float
    y: float
    name: str
    around: float = 5

    @property
    def width(self) -> float:
        """About how wide it is: a Chinese character is as wide as high, a letter half as much."""
        return sum(SIZE if ord(letter) > 0x2E7F else SIZE * 0.56 for letter in self.name)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def placed(
    labels: Sequence[Label],
    width: float,
    height: float,
    drawn: Iterable[tuple[float, float]] = (),
) -> Iterator[str]:
    """The names as SVG, the first ones first; one for which there is no room is left out.

    None lies over another, over a point of another, over a mark `drawn` besides, or beyond the
    paper of `width` by `height`.
    """
    points = [
        _Box(at.x - at.around, at.y - at.around, at.x + at.around, at.y + at.around)
        for at in labels
    ]
    points += [_Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in drawn]
    written: list[_Box] = []
    paper = _Box(0, 0, width, height)
    for label in labels:
        for left, base, box in _beside(label):
            if _within(box, paper) and not _taken(box, written, points):
                written.append(box)
                yield f'<text x="{left:.0f}" y="{base:.0f}">{escape(label.name)}</text>'
                break


def _beside(label: Label) -> Iterator[tuple[float, float, _Box]]:
    """Left edge, base line and box of a name on each side of its point."""
    for further, (across, down) in product(_FURTHER, _SIDES):
        away = label.around + _GAP - 5 + further
        left = {1: label.x + away, -1: label.x - away - label.width}.get(
            across, label.x - label.width / 2
        )
        middle = label.y + down * (away + SIZE / 2)
        box = _Box(left, middle - SIZE / 2, left + label.width, middle + SIZE / 2)
        yield left, middle + SIZE / 3, box


def _within(box: _Box, paper: _Box) -> bool:
    return (
        box.left >= 0 and box.top >= 0 and box.right <= paper.right and box.bottom <= paper.bottom
    )


def _taken(box: _Box, written: Iterable[_Box], points: Iterable[_Box]) -> bool:
    return any(box.meets(other) for other in (*written, *points))
