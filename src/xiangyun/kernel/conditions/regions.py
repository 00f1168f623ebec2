"""Values cut into regions, each of which means the same to every cell, and the cells as bit masks.

A region is known by a witness, one of its values. A cell changes its mind only at values that are
written in it, so it is asked once at each of these and once between each two; what it says of all
other regions follows. Bit n of a mask stands for cell n.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from xiangyun.kernel.conditions.cells import turning_points
from xiangyun.kernel.feel.expression import UnaryTests
from xiangyun.kernel.feel.scope import Scope
from xiangyun.kernel.feel.types import BOOLEAN, DATE, NUMBER, STRING, Type
from xiangyun.kernel.feel.unary import INPUT
from xiangyun.kernel.feel.values import Value

KINDS: dict[Type, type] = {NUMBER: Decimal, STRING: str, BOOLEAN: bool, DATE: date}


class Cut:
    """Regions by their witnesses, ordered when their kind has an order; null, if any, is last."""

    def __init__(self, kind: type | None, witnesses: Sequence[Value]) -> None:
        self.kind = kind
        self.witnesses = witnesses
        self.known = len(witnesses) - (None in witnesses[-1:])
        ordered = kind in (Decimal, date)
        self._places = {} if ordered else {each: at for at, each in enumerate(witnesses)}

    def spans(self, points: Iterable[Value]) -> list[tuple[int, int]]:
        """From where to where (exclusive) these values themselves lie, in order."""
        found = {self.span(point) for point in points if type(point) is self.kind}
        if self.known < len(self.witnesses):
            found.add((self.known, self.known + 1))  # null is a region of its own to every cell
        return sorted(span for span in found if span[0] < span[1])

    def span(self, point: Value) -> tuple[int, int]:
        """The region of this one value; an empty span where it is not among the witnesses."""
        if self._places:
            at = self._places.get(point, -1)
            return (at, at + 1) if at >= 0 else (0, 0)
        low = bisect_left(self.witnesses, point, 0, self.known)
        return low, bisect_right(self.witnesses, point, low, self.known)


@dataclass(frozen=True, slots=True)
class Masks:
    """For each region the cells that hold there; for each cell the regions where it turns."""

    masks: tuple[int, ...]
    turns: tuple[tuple[int, ...], ...]


def cells_over(cut: Cut, cells: Sequence[UnaryTests]) -> Masks:
    """Ask every cell as often as it can turn, and fill in the rest."""
    count = len(cut.witnesses)
    flips = [0] * (count + 1)
    known: dict[str, tuple[int, ...]] = {}
    turns: list[tuple[int, ...]] = []
    for at, cell in enumerate(cells):
        if cell.source not in known:
            known[cell.source] = _turns(cut, cell)
        turns.append(known[cell.source])
        for turn in turns[-1]:
            flips[turn] ^= 1 << at
    masks: list[int] = []
    mask = 0
    for flip in flips[:-1]:
        mask ^= flip
        masks.append(mask)
    return Masks(tuple(masks), tuple(turns))


def _turns(cut: Cut, cell: UnaryTests) -> tuple[int, ...]:
    """The regions from which on a cell holds, no longer holds, holds again, and so on."""
    found: list[int] = []
    holds, at = False, 0
    scope = Scope.over({})
    for low, high in [*cut.spans(turning_points(cell) or ()), (len(cut.witnesses),) * 2]:
        for start, end in ((at, low), (low, high)):
            if start < end:
                scope[INPUT] = cut.witnesses[start]
                if (cell.run(scope) is True) is not holds:
                    holds = not holds
                    found.append(start)
        at = max(at, high)
    return tuple(found)


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def kind_of(points: Iterable[Value]) -> type | None:
    """The one kind that all these values but null have."""
    kinds = {type(point) for point in points if point is not None}
    return kinds.pop() if len(kinds) == 1 else None


def candidates(kind: type | None, points: list[Value], enumerated: bool) -> list[list[Value]]:
    """For each region some values that lie in it, the plainest first."""
    if kind is bool:
        return [[True], [False]]
    if kind is str:
        texts: list[list[Value]] = [[text] for text in dict.fromkeys(points)]
        return texts if enumerated and texts else [*texts, _other_texts(points)]
    ordered = sorted(set(points))
    if kind is date:
        return _days(ordered)
    if kind is Decimal:
        return _numbers(ordered)
    return [[None]]


def _other_texts(points: Sequence[Value]) -> list[Value]:
    """Texts that are none of these."""
    other = "其他"
    while other in points:
        other += "他"
    return [other, f"{other}（以外的任何文字）"]


def _numbers(points: list[Decimal]) -> list[list[Value]]:
    if not points:
        return [[Decimal(0), Decimal(1)]]
    low, high = points[0], points[-1]
    regions: list[list[Value]] = [[_whole(low) - 1, low - Decimal("0.5")]]
    for one, other in pairwise(points):
        inside = _whole(one) if _whole(one) > one else _whole(one) + 1
        middle = (one + other) / 2
        regions += [[one], [inside, middle] if inside < other else [middle]]
    return [*regions, [high], [_whole(high) + 1, high + Decimal("0.5")]]


def _whole(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)


def _days(points: list[date]) -> list[list[Value]]:
    if not points:
        return [[date(2000, 1, 1)]]
    regions: list[list[Value]] = []
    if points[0] > date.min:
        regions.append([date.fromordinal(points[0].toordinal() - 1)])
    for one, other in pairwise(points):
        regions.append([one])
        if other.toordinal() - one.toordinal() > 1:
            regions.append([date.fromordinal(one.toordinal() + 1)])
    regions.append([points[-1]])
    if points[-1] < date.max:
        regions.append([date.fromordinal(points[-1].toordinal() + 1)])
    return regions
