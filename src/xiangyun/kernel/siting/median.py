"""The p-median: sites so that all places together cost least, proven to be the least.

Bounds first, by prices; then limits tried from below, each with the few sites and distances that a
choice under the limit can have. Few sites to choose are a matter for branch and bound, many for
the core's mixed-integer program: the textbook's program of all places by all sites is never built.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.assignment.program import Solver
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.siting.bounds import ROOT, Bound, lower_bound, tolerance
from xiangyun.kernel.siting.branching import Node, Search
from xiangyun.kernel.siting.choice import Choice
from xiangyun.kernel.siting.core import core
from xiangyun.kernel.siting.interchange import interchange
from xiangyun.kernel.siting.model import LARGEST, Indexes, Matrix, Sited, Sites, Vector

_FEW_NODES, _MANY_NODES = 20, 50_000
"""Nodes looked at before the core's program is tried; before it is tried at any size."""
_SMALL, _SMALL_FOR_MANY, _MANY = 6_000, 18_000, 20
"""Columns of a program that is tried soon; where more than so many sites are chosen, of which
branches are deep and a node costs as much as a quarter of a small program."""
_SWAPS = 24
"""Choices of the bound that are improved by exchanges."""
_SHAKES = 40
"""Times that the best choice is shaken and improved again, while the bound lies below it."""


@dataclass(slots=True)
class _Best:
    """The best choice known so far."""

    value: float
    chosen: Indexes

    def offer(self, value: float, chosen: Indexes) -> None:
        if value < self.value - 0.5:
            self.value, self.chosen = value, chosen


def median(cost: Matrix, sites: Sites, solve: Solver) -> Sited:
    """Choose sites so that the sum of each place's least cost is smallest.

    `cost` has a row a place and a column a site, in whole numbers: distance by weight. Exact: the
    gap is 0. Refused where costs are no whole numbers, or too large to be added exactly.
    """
    _checked(cost)
    fixed = np.array(sites.fixed, dtype=np.intp)
    free = np.setdiff1d(np.arange(sites.number), fixed)
    needs = sites.needs()
    there = cost[:, fixed].min(axis=1) if len(fixed) else np.full(len(cost), np.inf)
    group = np.array(sites.group, dtype=np.intp)[free] if needs else np.empty(0, dtype=np.intp)
    value, chosen = _best(cost[:, free], there, Choice(sites.choose, group, needs), solve)
    every = sorted([*sites.fixed, *free[chosen].tolist()])
    return Sited(tuple(every), round(value), round(value))


def _best(cost: Matrix, there: Vector, choice: Choice, solve: Solver) -> tuple[float, Indexes]:
    if choice.number == 0:
        return float(there.sum()), np.empty(0, dtype=np.intp)
    best = _started(cost, there, choice)
    bound = _rooted(cost, there, choice, best)
    _shaken(cost, there, choice, bound, best)
    proven = math.ceil(bound.value - tolerance(bound.value))
    more = max(1, int(best.value - proven) // 16)
    while proven < best.value:
        limit = min(best.value, proven + more)
        found = _below(limit, cost, there, choice, bound, solve)
        if found is not None:
            best.offer(*found)
            break
        proven, more = int(limit), more * 2
    return best.value, best.chosen


def _started(cost: Matrix, there: Vector, choice: Choice) -> _Best:
    """Good choices to begin with: spread over the sites evenly, and bettered by exchanges."""
    number, count = choice.number, cost.shape[1]
    best = _Best(np.inf, np.empty(0, dtype=np.intp))
    spread = cost.sum(axis=0)
    for turn in range(6 if number <= 20 else 1):
        # No chance: sites in the order of a multiplier's residues, which is as good as any.
        shuffled = (np.arange(count) * (2 * turn + 1) * 7919) % (count * 13 + 1)
        order = spread if turn == 0 else shuffled.astype(np.float64)
        start = choice.cheapest(order)
        swapped, value = interchange(cost, there, start, choice)
        best.offer(value, swapped)
    return best


def _rooted(cost: Matrix, there: Vector, choice: Choice, best: _Best) -> Bound:
    seen: set[bytes] = set()

    def tried(chosen: Indexes, risen: bool) -> None:
        value = np.minimum(cost[:, chosen].min(axis=1), there).sum()
        best.offer(float(value), chosen)
        key = np.sort(chosen).tobytes()
        if value < best.value * 1.03 and len(seen) < _SWAPS and key not in seen:
            seen.add(key)
            swapped, better = interchange(cost, there, chosen, choice)
            best.offer(better, swapped)

    two = min(2, choice.number)
    near = np.column_stack([np.sort(cost[:, best.chosen], axis=1)[:, :two], there])
    prices = np.sort(near, axis=1)[:, :two].mean(axis=1)
    return lower_bound(cost, there, prices, choice, lambda: best.value, ROOT, tried)


def _shaken(cost: Matrix, there: Vector, choice: Choice, bound: Bound, best: _Best) -> None:
    """Better choices near the best one: some of its sites exchanged, and improved again.

    What the limits below the best cost grows fast with their distance from the bound, so a good
    choice saves more than it costs. Those sites leave and enter whose reduced costs speak least
    against it, each time others of them.
    """
    number = choice.number
    if number < 2 or number >= cost.shape[1]:
        return
    for turn in range(_SHAKES):
        if math.ceil(bound.value - tolerance(bound.value)) >= best.value:
            return
        chance = np.random.default_rng(turn)  # the same on every machine
        spread = np.ptp(bound.reduced) * 0.02 + 1e-9
        order = bound.reduced + chance.normal(0, spread, len(bound.reduced))
        many = max(1, number // (4 + turn % 8))
        leaving = best.chosen[chance.permutation(number)[:many]]
        order[best.chosen] -= 2 * np.ptp(order) + 1
        order[leaving] = np.inf
        swapped, value = interchange(cost, there, choice.cheapest(order), choice)
        best.offer(value, swapped)


def _below(
    limit: float, cost: Matrix, there: Vector, choice: Choice, bound: Bound, solve: Solver
) -> tuple[float, Indexes] | None:
    """The best choice cheaper than the limit, or None where there is none."""
    within = limit - 1 + tolerance(limit)
    enter, leave = choice.exchanges(bound.reduced, bound.chosen)
    keep, forced = bound.value + enter <= within, bound.value + leave > within
    search = Search(cost, limit)
    root = Node(np.flatnonzero(keep), there, (), bound.prices, choice)
    program = None
    for most in (_FEW_NODES, _MANY_NODES):
        if search.run(root, most):
            found = search.found
            return None if found is None else (search.best, np.array(found, dtype=np.intp))
        room = within - bound.value + 1
        program = program or core(cost, there, bound.prices, keep, forced, choice, room)
        small = _SMALL if choice.number <= _MANY else _SMALL_FOR_MANY
        if program.size <= small or most == _MANY_NODES:
            break
    assert program is not None
    values = solve(program.program, slack=0.99).values
    if not len(values):
        return None
    taken = program.sites[np.array(values[: len(program.sites)]) > 0.5]
    value = float(np.minimum(cost[:, taken].min(axis=1), there).sum())
    return (value, taken) if value < limit - 0.5 else None


def _checked(cost: Matrix) -> None:
    most = float(cost.max(axis=1).sum()) if cost.size else 0.0
    if not cost.size or not np.array_equal(cost, np.floor(cost)) or most > LARGEST:
        raise Refused(
            [
                Finding(
                    "siting.E007",
                    "error",
                    Text(
                        "费用必须是整数，合计不超过 {most}。",
                        "Costs are whole numbers, and at most {most} in all.",
                        most=int(LARGEST),
                    ),
                    hint=Text("请换大一些的单位并取整。", "Use a larger unit, and round."),
                )
            ]
        )
