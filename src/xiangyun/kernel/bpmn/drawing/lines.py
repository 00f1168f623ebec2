"""Flows as lines: rounded corners, arrow heads, and where a label finds room."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
CORNER = 7.0


def path(points: Sequence[Point], short: float = 0.0) -> str:
    """The `d` of a line with rounded corners, ending `short` before its last point."""
    line = _clean(points)
    if short and len(line) > 1:
        line[-1] = _towards(line[-1], line[-2], short)
    out = f"M{line[0][0]:g} {line[0][1]:g}"
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        radius = min(CORNER, _length(before, corner) / 2, _length(corner, after) / 2)
        into, away = _towards(corner, before, radius), _towards(corner, after, radius)
        out += f"L{into[0]:g} {into[1]:g}Q{corner[0]:g} {corner[1]:g} {away[0]:g} {away[1]:g}"
    return out + f"L{line[-1][0]:g} {line[-1][1]:g}"


def arrow(points: Sequence[Point], kind: str) -> str:
    """The head of a flow, the slash of a default flow, or the diamond of a conditional one."""
    line = _clean(points)
    if kind == "head":
        tip, back = line[-1], line[-2]
        base = _towards(tip, back, 9)
        left, right = _beside(tip, base, 4.2)
        return f'<path class="x-arrow" d="M{_p(tip)}L{_p(left)}L{_p(right)}z"/>'
    start, onward = line[0], line[1]
    if kind == "default":
        centre = _towards(start, onward, 9)
        ahead, behind = _towards(start, onward, 12), _towards(start, onward, 6)
        left = _beside(start, ahead, 4.5)[0]
        right = _beside(start, behind, 4.5)[1]
        return f'<path class="x-flow" d="M{_p(left)}L{_p(centre)}L{_p(right)}"/>'
    middle_, end = _towards(start, onward, 8), _towards(start, onward, 16)
    left, right = _beside(start, middle_, 4.5)
    return f'<path class="x-arrow x-open" d="M{_p(start)}L{_p(left)}L{_p(end)}L{_p(right)}z"/>'


def middle(points: Sequence[Point]) -> tuple[float, float, bool]:
    """Where a label finds room: on the last level stretch, else on the longest; True if upright.

    The last one, because branches of a gate often share their first.
    """
    stretches = list(pairwise(_clean(points)))
    level = [(a, b) for a, b in stretches if abs(a[1] - b[1]) < 1 and abs(a[0] - b[0]) > 24]
    start, end = level[-1] if level else max(stretches, key=lambda each: _length(*each))
    return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2, not level


def beside_line(
    points: Sequence[Point], centre: float, half: float, first: float, tall: float, size: float
) -> float:
    """The first base line of a label moved up or down until its own flow does not cross it.

    `first` is where it was to begin, `tall` from its first to its last base line.
    """
    for (x1, y1), (x2, y2) in pairwise(points):
        level = abs(y1 - y2) < 1
        crosses = first - size < y1 < first + tall + 4
        if level and crosses and min(x1, x2) < centre + half and max(x1, x2) > centre - half:
            above = first + tall / 2 - size / 2 <= y1
            return y1 - tall - 6 if above else y1 + size + 4
    return first


def _clean(points: Sequence[Point]) -> list[Point]:
    """Without points that repeat the one before: they have no direction."""
    line = [points[0]]
    line += [after for before, after in pairwise(points) if _length(before, after) > 0.5]
    return line if len(line) > 1 else [points[0], (points[0][0] + 1, points[0][1])]


def _length(a: Point, b: Point) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = _length(start, end) or 1
    share = distance / length
    return round(start[0] + (end[0] - start[0]) * share, 1), round(
        start[1] + (end[1] - start[1]) * share, 1
    )


def _beside(start: Point, point: Point, distance: float) -> tuple[Point, Point]:
    """The two points beside `point`, square to the line from `start`."""
    length = _length(start, point) or 1
    across = (point[1] - start[1]) / length, (start[0] - point[0]) / length
    return (
        (round(point[0] + across[0] * distance, 1), round(point[1] + across[1] * distance, 1)),
        (round(point[0] - across[0] * distance, 1), round(point[1] - across[1] * distance, 1)),
    )


def _p(point: Point) -> str:
    return f"{point[0]:g} {point[1]:g}"
