"""Which rows of a table can match together, and where none can: looked up, not tried pair by pair.

Inputs are known by their regions, one for each axis. Rows meet when they share a region on every
axis, which is an intersection of bit masks for each row. Where no row matches is searched for axis
by axis, in as many steps as there are sets of rows; a table with too many is searched in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiangyun.kernel.conditions.regions import bits
from xiangyun.kernel.dmn.domain import Axis

MOST_STATES = 50_000
MOST_STEPS = 250_000
MOST_GAPS = 5

At = tuple[int, ...]
"""A region on every axis, by number."""


@dataclass(frozen=True, slots=True)
class Searched:
    """Sets of rows that can match, those that may and those that surely do, and some gaps.

    `complete` says that every set was found; if not, a gap that was found still is one.
    """

    states: tuple[tuple[int, int], ...]
    gaps: tuple[At, ...]
    complete: bool


def searched(axes: Sequence[Axis], rows: int) -> Searched:
    """Every set of rows that can match, and up to `MOST_GAPS` places where no row can."""
    order = sorted(range(len(axes)), key=lambda number: _breadth(axes[number]))
    everything = (1 << rows) - 1
    states: dict[tuple[int, int], At] = {(everything, everything): ()}
    gaps: dict[tuple[int, int], At] = {}
    steps = 0
    for number in order:
        axis = axes[number]
        grown: dict[tuple[int, int], At] = {}
        for (may, must), way in states.items():
            regions = _telling(axis, may)
            steps += len(regions) + may.bit_count() // 8
            for region in regions:
                inside = may & axis.may[region]
                if inside:
                    grown.setdefault((inside, must & axis.must[region]), (*way, region))
                elif len(gaps) < MOST_GAPS:
                    rest = (0,) * (len(axes) - len(way) - 1)
                    gaps.setdefault((number, region), (*way, region, *rest))
            if len(grown) > MOST_STATES or steps > MOST_STEPS:
                return Searched((), _in_order(gaps.values(), order), False)
        states = grown
    return Searched(tuple(states), _in_order(gaps.values(), order), True)


def _breadth(axis: Axis) -> float:
    """How many rows a region leaves on average: narrow axes first keep the search small."""
    return sum(mask.bit_count() for mask in axis.may) / max(1, len(axis.may))


def _telling(axis: Axis, rows: int) -> Sequence[int]:
    """Regions that differ for these rows: one for each stretch in which none of them turns."""
    if rows.bit_count() * 2 > len(axis.may):
        return range(len(axis.may))
    found = {0}
    for row in bits(rows):
        found.update(axis.turns[row])
    return sorted(found)


def _in_order(found: Iterable[At], order: Sequence[int]) -> tuple[At, ...]:
    """Ways with the axes in the order of the table again."""
    places = [order.index(number) for number in range(len(order))]
    return tuple(tuple(way[place] for place in places) for way in found)


# Rows that meet -----------------------------------------------------------------------------------


def meeting(axes: Sequence[Axis], rows: int, sure: bool = True) -> list[int]:
    """For each row the rows, itself among them, that match with it at some input.

    With `sure` only those that surely match, whatever cells that cannot be analysed say.
    """
    met = [(1 << rows) - 1] * rows
    for axis in axes:
        masks = axis.must if sure else axis.may
        unions = _Unions(masks)
        unsure = {row for row, _ in axis.opaque} if sure else set()
        known: dict[tuple[int, ...], int] = {}
        for row, turns in enumerate(axis.turns):
            if turns not in known:
                ends = [*turns, len(masks)] if len(turns) % 2 else turns
                runs = zip(ends[::2], ends[1::2], strict=True)
                known[turns] = 0
                for start, end in runs:
                    known[turns] |= unions.over(start, end)
            met[row] &= 0 if row in unsure else known[turns]
    return met


def met_at(axes: Sequence[Axis], first: int, second: int) -> At:
    """Where two rows that meet both match: the first such region on every axis."""
    both = 1 << first | 1 << second
    return tuple(
        next(region for region, mask in enumerate(axis.must) if mask & both == both)
        for axis in axes
    )


class _Unions:
    """The union of any stretch of masks, by two look-ups."""

    def __init__(self, masks: Sequence[int]) -> None:
        self.levels = [list(masks)]
        width = 1
        while 2 * width <= len(masks):
            last = self.levels[-1]
            self.levels.append(
                [last[at] | last[at + width] for at in range(len(masks) - 2 * width + 1)]
            )
            width *= 2

    def over(self, start: int, end: int) -> int:
        """The union of the masks from `start` up to `end`, exclusive."""
        level = self.levels[(end - start).bit_length() - 1]
        return level[start] | level[end - (1 << (end - start).bit_length() - 1)]
