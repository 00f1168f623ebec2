"""Which sites are cheapest, of a number, with so many at least from each group.

The sets that may be chosen are the bases of a matroid: taking the cheapest first is exact, and what
forcing one site in or out costs is one exchange.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.siting.model import Flags, Indexes, Vector


@dataclass(frozen=True, slots=True)
class Choice:
    """`number` sites are chosen, and at least `needs[g]` of those with `group` g.

    `group` is empty where nothing is needed of any group.
    """

    number: int
    group: Indexes
    needs: Mapping[int, int]

    def of(self, columns: Indexes) -> Choice:
        """The same choice among some of the sites."""
        return Choice(self.number, self.group[columns] if self.needs else self.group, self.needs)

    def with_taken(self, sites: Indexes) -> Choice:
        """What is left to choose when these sites, by the numbers of now, are taken."""
        left = dict(self.needs)
        if left:
            for group in self.group[sites].tolist():
                if group in left:
                    left[group] -= 1
            left = {group: need for group, need in left.items() if need > 0}
        return Choice(self.number - len(sites), self.group, left)

    def possible(self, sites: int) -> bool:
        """Whether enough sites are there."""
        if sites < self.number:
            return False
        return all((self.group == g).sum() >= need for g, need in self.needs.items())

    def cheapest(self, costs: Vector) -> Indexes:
        """The cheapest sites that may be chosen together."""
        if not self.needs:
            if self.number >= len(costs):
                return np.arange(len(costs))
            return np.argpartition(costs, self.number - 1)[: self.number]
        order = np.argsort(costs, kind="stable")
        groups = self.group[order]
        first = [order[groups == g][:need] for g, need in self.needs.items()]
        taken = np.concatenate(first)
        rest = order[~np.isin(order, taken)][: self.number - len(taken)]
        return np.concatenate([taken, rest])

    def exchanges(self, costs: Vector, chosen: Indexes) -> tuple[Vector, Vector]:
        """What it adds to the cheapest choice to force each site in, and to force it out."""
        inside = np.zeros(len(costs), dtype=bool)
        inside[chosen] = True
        if not self.needs:
            worst = costs[inside].max() if inside.any() else -np.inf
            next_ = costs[~inside].min() if not inside.all() else np.inf
            return np.where(inside, 0.0, costs - worst), np.where(inside, next_ - costs, 0.0)
        slack = self._slack(inside)
        loose = inside & slack
        worst_anywhere = costs[loose].max() if loose.any() else -np.inf
        next_anywhere = costs[~inside].min() if not inside.all() else np.inf
        enter, leave = np.zeros(len(costs)), np.zeros(len(costs))
        for g in np.unique(self.group):
            own = self.group == g
            mine, others = own & inside, own & ~inside
            worst = max(costs[mine].max() if mine.any() else -np.inf, worst_anywhere)
            enter[others] = costs[others] - worst
            tight = mine & ~slack
            next_ = costs[others].min() if others.any() else np.inf
            leave[tight] = next_ - costs[tight]
            leave[mine & slack] = next_anywhere - costs[mine & slack]
        return enter, leave

    def _slack(self, inside: Flags) -> Flags:
        """By site, whether its group would still have enough with one of its chosen sites less."""
        found = np.ones(len(inside), dtype=bool)
        for g, need in self.needs.items():
            own = self.group == g
            found[own] = (own & inside).sum() > need
        return found
