"""Branch and bound over sites: a site is taken or left out, with a Lagrangean bound at each node.

What decides the speed is the matrix of a node: sites that cannot pay are left out of it, places
cost at most what the sites taken already cost them, and prices go on from the node above.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from xiangyun.kernel.siting.bounds import NODE, Bound, lower_bound, tolerance
from xiangyun.kernel.siting.choice import Choice
from xiangyun.kernel.siting.model import Indexes, Matrix, Vector


@dataclass(frozen=True, slots=True)
class Node:
    """What is left: sites that may still be taken, places' costs with those taken, the prices."""

    open: Indexes
    there: Vector
    taken: tuple[int, ...]
    prices: Vector
    choice: Choice


@dataclass(slots=True)
class Search:
    """Looks for a choice cheaper than `best`; None is found where there is none.

    `choice` of the nodes speaks of sites by their numbers in `cost`.
    """

    cost: Matrix
    best: float
    found: tuple[int, ...] | None = None
    nodes: int = 0
    stack: list[Node] = field(default_factory=list)

    def run(self, root: Node, most: int) -> bool:
        """Whether the whole tree was looked through within so many nodes."""
        self.stack = [root]
        while self.stack:
            if self.nodes >= most:
                return False
            self.nodes += 1
            self._look(self.stack.pop())
        return True

    def _offer(self, value: float, taken: tuple[int, ...]) -> None:
        if value < self.best - 0.5:
            self.best, self.found = float(value), taken

    def _look(self, node: Node) -> None:
        choice = node.choice.of(node.open)
        if not choice.possible(len(node.open)):
            return
        if choice.number == 0:
            return self._offer(node.there.sum(), node.taken)
        cost = self.cost[:, node.open]
        if choice.number == 1:
            return self._last(node, cost, choice)

        def tried(chosen: Indexes, risen: bool) -> None:
            if risen:
                value = np.minimum(cost[:, chosen].min(axis=1), node.there).sum()
                self._offer(value, (*node.taken, *node.open[chosen].tolist()))

        bound = lower_bound(cost, node.there, node.prices, choice, lambda: self.best, NODE, tried)
        limit = self.best - 1 + tolerance(self.best)
        if bound.value > limit:
            return
        self._branch(node, cost, choice, bound, limit)

    def _last(self, node: Node, cost: Matrix, choice: Choice) -> None:
        """The last site, looked for among all."""
        values = np.minimum(cost, node.there[:, None]).sum(axis=0)
        if choice.needs:
            values[choice.group != next(iter(choice.needs))] = np.inf
        site = int(values.argmin())
        self._offer(values[site], (*node.taken, int(node.open[site])))

    def _branch(self, node: Node, cost: Matrix, choice: Choice, bound: Bound, limit: float) -> None:
        enter, leave = choice.exchanges(bound.reduced, bound.chosen)
        keep = bound.value + enter <= limit
        forced = np.flatnonzero(bound.value + leave > limit)
        if not len(forced):
            chosen = bound.chosen
            site = int(chosen[np.argmin(bound.reduced[chosen])])
            keep[site] = False
            rest = node.open[keep]
            self.stack.append(Node(rest, node.there, node.taken, bound.prices, node.choice))
            forced = np.array([site])
        keep[forced] = False
        self.stack.append(
            Node(
                node.open[keep],
                np.minimum(node.there, cost[:, forced].min(axis=1)),
                (*node.taken, *node.open[forced].tolist()),
                bound.prices,
                node.choice.with_taken(node.open[forced]),
            )
        )
