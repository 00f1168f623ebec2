"""Improving a choice by exchanging one site for another, as long as that helps.

Source: M. G. C. Resende, R. F. Werneck, A fast swap-based local search procedure for location
problems, Annals of Operations Research 150 (2007) 205-230: gain, loss and what both count twice.
"""

from __future__ import annotations

import numpy as np

from xiangyun.kernel.siting.choice import Choice
from xiangyun.kernel.siting.model import Flags, Indexes, Matrix, Vector


def interchange(
    cost: Matrix, there: Vector, chosen: Indexes, choice: Choice
) -> tuple[Indexes, float]:
    """Sites that no single exchange betters, and their cost.

    `cost` is of each place (row) by each site; `there` what a place costs at best with sites that
    stay anyway, infinite where there are none.
    """
    chosen = chosen.copy()
    rows = np.arange(len(cost))
    while True:
        if not len(chosen):
            return chosen, float(there.sum())
        near = np.column_stack([cost[:, chosen], there, np.full(len(cost), _FAR)])
        two = np.argpartition(near, 1, axis=1)[:, :2]
        swapped = near[rows, two[:, 0]] > near[rows, two[:, 1]]
        two[swapped] = two[swapped][:, ::-1]
        first, best, second = two[:, 0], near[rows, two[:, 0]], near[rows, two[:, 1]]
        profit = _profit(cost, first, best, second, len(chosen))
        profit[:, chosen] = -np.inf
        if choice.needs:
            profit[~_may(choice, chosen)] = -np.inf
        out, in_ = np.unravel_index(np.argmax(profit), profit.shape)
        if profit[out, in_] <= 1e-6:
            return chosen, float(best.sum())
        chosen[out] = in_


_FAR = 1e15
"""What a place costs that no site serves: more than anything, and finite."""


def _profit(cost: Matrix, first: Indexes, best: Vector, second: Vector, chosen: int) -> Matrix:
    """By a chosen site and any other, what exchanging them saves."""
    gain = np.maximum(best[:, None] - cost, 0).sum(axis=0)
    loss = np.bincount(first, weights=second - best, minlength=chosen)[:chosen]
    both = np.zeros((chosen, cost.shape[1]))
    order = np.argsort(first, kind="stable")
    order = order[first[order] < chosen]
    served, begins = np.unique(first[order], return_index=True)
    if len(order):
        twice = np.maximum(second[order, None] - np.maximum(cost[order], best[order, None]), 0)
        both[served] = np.add.reduceat(twice, begins, axis=0)
    found: Matrix = gain[None, :] - loss[:, None] + both
    return found


def _may(choice: Choice, chosen: Indexes) -> Flags:
    """Which exchanges leave every group its minimum."""
    groups = choice.group[chosen]
    tight = np.array(
        [(groups == g).sum() <= choice.needs.get(int(g), 0) for g in groups], dtype=bool
    )
    found: Flags = ~tight[:, None] | (groups[:, None] == choice.group[None, :])
    return found
