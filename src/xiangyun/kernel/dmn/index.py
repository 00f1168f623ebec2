"""Decision table columns as bit masks: which rows a value matches, found by look-up.

Bit n stands for row n. Where a column's cells are literals, lists of literals and intervals, the
values at which anything changes are known beforehand: the cells themselves are asked once at
each such point and once between each two, and from then on a value costs one look-up. Any other
column is asked cell by cell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xiangyun.kernel.conditions.cells import orders_text, turning_points
from xiangyun.kernel.conditions.regions import Cut, candidates, cells_over
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.values import Value

# Rows a value matches, or -1 where only the cells themselves can tell.
QuickMask = Callable[[Value], int]


@dataclass(frozen=True, slots=True)
class Look:
    """A column's look-up, and the one kind of values it answers for (None: every kind)."""

    kind: type | None
    mask: QuickMask


def quick_mask(cells: Sequence[UnaryTests], required: Sequence[UnaryTests] = ()) -> Look | None:
    """The look-up for a column, or None where a cell has to be asked every time.

    Values that fail one of the `required` tests give -1.
    """
    points: list[Value] = []
    for cell in (*cells, *required):
        found = turning_points(cell)
        if found is None or orders_text(cell):
            return None
        points += found
    kinds = {type(point) for point in points}
    if type(None) in kinds:
        return None
    if not kinds:
        everything = (1 << len(cells)) - 1
        return Look(None, lambda value: everything)
    if len(kinds) > 1:
        return None
    kind = kinds.pop()
    near = sorted(set(points))
    cut = Cut(kind, [options[0] for options in candidates(kind, near, enumerated=False)])
    masks = _fitting(cut, cells, required)
    if kind is bool:
        return Look(kind, _by_truth(*masks))
    if kind is str:
        return Look(kind, _by_text(dict(zip(near, masks, strict=False)), masks[-1]))
    return Look(kind, _by_order(kind, near, cut, masks))


def _fitting(cut: Cut, cells: Sequence[UnaryTests], required: Sequence[UnaryTests]) -> list[int]:
    """The rows of each region; -1 where one of the required tests fails."""
    everything = (1 << len(required)) - 1
    found = zip(cells_over(cut, cells).masks, cells_over(cut, required).masks, strict=True)
    return [mask if passed == everything else -1 for mask, passed in found]


def _by_truth(yes: int, no: int) -> QuickMask:
    def look(value: Value) -> int:
        if value is True:
            return yes
        return no if value is False else -1

    return look


def _by_text(masks: dict[str, int], other: int) -> QuickMask:
    get = masks.get

    def look(value: Value) -> int:
        return get(value, other) if type(value) is str else -1

    return look


def _by_order(kind: type, points: list[Value], cut: Cut, masks: list[int]) -> QuickMask:
    spans = [cut.span(point) for point in points]
    at_point = [masks[low] for low, _ in spans]
    # The region before each point and that after the last; days may lie side by side.
    before = [high for _, high in [(0, 0), *spans]]
    between = [masks[min(at, len(masks) - 1)] for at in before]

    def look(value: Value) -> int:
        if type(value) is not kind:
            return -1
        at = bisect_left(points, value)
        if at < len(points) and points[at] == value:
            return at_point[at]
        return between[at]

    return look
