"""The mixed-integer program over the few sites and distances that a good choice can still have.

A place's cost rises level by level; a level counts unless a site within it is taken. Bounds leave
out most sites and all levels above what a place can cost in a choice below the limit.

Source: S. Elloumi, A tighter formulation of the p-median problem, Journal of Combinatorial
Optimization 19 (2010) 69-83.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.assignment.program import Program
from xiangyun.kernel.siting.choice import Choice
from xiangyun.kernel.siting.model import Flags, Indexes, Matrix, Vector


@dataclass(frozen=True, slots=True)
class Core:
    """A program, the sites that its first columns are, and the cost apart from it."""

    program: Program
    sites: Indexes
    constant: float

    @property
    def size(self) -> int:
        """Factors in the rows: what solving it takes grows with them."""
        return len(self.program.columns)


def core(
    cost: Matrix, there: Vector, prices: Vector, keep: Flags, forced: Flags, choice: Choice,
    room: float,
) -> Core:  # fmt: skip
    """The program over the sites kept; no place costs more than `room` above its price."""
    sites = np.flatnonzero(keep)
    program, constant = Program(), 0.0
    for _ in sites:
        program.column(0.0, whole=True)
    most = np.minimum(there, cost[:, forced].min(axis=1) if forced.any() else np.inf)
    near = cost[:, sites]
    for place in range(len(near)):
        constant += _levels(program, near[place], most[place], prices[place] + room)
    everything = list(range(len(sites)))
    program.row(everything, [1.0] * len(sites), choice.number, choice.number)
    for at in np.flatnonzero(forced[sites]).tolist():
        program.row([at], [1.0], 1.0, 1.0)
    for group, need in choice.needs.items():
        own = np.flatnonzero(choice.group[sites] == group).tolist()
        program.row(own, [1.0] * len(own), float(need))
    return Core(program, sites, constant)


def _levels(program: Program, near: Vector, most: float, dearest: float) -> float:
    """The rows and columns of one place; what it costs anyway."""
    order = np.argsort(near, kind="stable")
    order = order[near[order] < most]  # what is no nearer than what is there counts for nothing
    levels = np.unique(np.append(near[order], most if np.isfinite(most) else []))
    within = levels[levels <= max(dearest, levels[0])]
    cut = len(within) < len(levels)
    above = -1
    for at, level in enumerate(within):
        last = at == len(within) - 1
        if last and not cut:
            break
        columns = order[near[order] == level].tolist()
        factors = [1.0] * len(columns)
        if above >= 0:
            columns.append(above)
            factors.append(-1.0)
        rest = above
        if not last:
            above = program.column(float(within[at + 1] - level))
            columns.append(above)
            factors.append(1.0)
        program.row(columns, factors, 0.0 if rest >= 0 else 1.0)
    return float(within[0])
