"""The attacker: for each hidden figure, the least and the most that it can be, by what is shown.

Whoever looks knows every figure that is shown, that none is negative (where none can be), which are
sums of others, in whatever table they stand, and what a part cannot be above: the whole of it.
The hidden ones fall apart into groups that share sums; for each group one linear program is made,
and solved for each figure both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from xiangyun.kernel.disclosure.model import Key, Rule, Sum, Table
from xiangyun.kernel.disclosure.solver import solver

_LITTLE = 1e-6


@dataclass(frozen=True, slots=True)
class Exposed:
    """A hidden figure that can be found too closely: the interval, and what it would have to be."""

    key: Key
    value: float
    low: float
    high: float
    wanted: float


def attack(table: Table, targets: Collection[Key], rule: Rule) -> list[Exposed]:
    """The targets among the hidden figures whose interval is narrower than the rule has it."""
    wanted = set(targets)
    found = list[Exposed]()
    for group, sums in groups(table):
        aims = [key for key in group if key in wanted]
        if aims:
            found += _attacked(table, group, sums, aims, rule)
    return found


def groups(table: Table) -> Iterator[tuple[list[Key], list[Sum]]]:
    """The hidden figures that hang together, with the sums between them."""
    above: dict[Key, Key] = {key: key for key in table.hidden}

    def root(key: Key) -> Key:
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    touching = []
    for each in table.sums:
        hidden = [key for key in (each.total, *each.parts) if key in above]
        if hidden:
            touching.append((hidden[0], each))
            for key in hidden[1:]:
                above[root(key)] = root(hidden[0])
    members: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(table.hidden):
        members[root(key)].append(key)
    sums: dict[Key, list[Sum]] = defaultdict(list)
    for key, each in touching:
        sums[root(key)].append(each)
    for first, group in members.items():
        yield group, sums[first]


class Program:
    """The linear program of one group of hidden figures."""

    def __init__(self, table: Table, group: Sequence[Key], sums: Sequence[Sum]) -> None:
        self.place = {key: number for number, key in enumerate(group)}
        self.solver = solver()
        count = len(group)
        most = np.array([table.most.get(key, highspy.kHighsInf) for key in group])
        least = np.full(count, -highspy.kHighsInf) if table.signed else np.zeros(count)
        self.solver.addVars(count, least, most)
        for each in sums:
            known, columns, factors = 0.0, list[int](), list[float]()
            for key, factor in ((each.total, -1.0), *((part, 1.0) for part in each.parts)):
                if key in self.place:
                    columns.append(self.place[key])
                    factors.append(factor)
                else:
                    known += factor * table.cells[key].value
            self.solver.addRow(
                -known, -known, len(columns), np.array(columns, dtype=np.int32), np.array(factors)
            )

    def interval(self, key: Key) -> tuple[float, float]:
        """The least and the most that a figure can be."""
        column = self.place[key]
        self.solver.changeColCost(column, 1.0)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMinimize)
        low = self._solved(-highspy.kHighsInf)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        high = self._solved(highspy.kHighsInf)
        self.solver.changeColCost(column, 0.0)
        return low, high

    def _solved(self, otherwise: float) -> float:
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return otherwise
        found: float = self.solver.getInfo().objective_function_value
        return found


def _attacked(
    table: Table, group: Sequence[Key], sums: Sequence[Sum], aims: Sequence[Key], rule: Rule
) -> Iterator[Exposed]:
    program = Program(table, group, sums)
    for key in aims:
        value = table.cells[key].value
        low, high = program.interval(key)
        wanted = max(1.0, abs(value) * rule.protect / 100)
        if high - low < wanted - _LITTLE:
            yield Exposed(key, value, round(low, 6), round(high, 6), wanted)
