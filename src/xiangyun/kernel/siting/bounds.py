"""Bounds of a median problem by Lagrangean relaxation of "each place is served once".

Every place offers a price to be served; a site takes what it can serve below the price. The
cheapest sites and the prices together are never above the cost of any choice. Prices rise where
nobody serves and fall where several do (subgradients, deflected).

Source: G. Cornuejols, M. L. Fisher, G. L. Nemhauser, Location of bank accounts to optimize float,
Management Science 23 (1977) 789-810.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xiangyun.kernel.siting.choice import Choice
from xiangyun.kernel.siting.model import Indexes, Matrix, Vector


@dataclass(frozen=True, slots=True)
class Bound:
    """No choice costs less than `value`; by which prices, and what each site then comes to."""

    value: float
    prices: Vector
    reduced: Vector
    chosen: Indexes


@dataclass(frozen=True, slots=True)
class Effort:
    """How long prices are improved: rounds at most, the first step, when it shrinks and ends."""

    rounds: int
    step: float
    patience: int
    ends: float
    deflected: float


ROOT = Effort(rounds=1500, step=2.0, patience=20, ends=0.004, deflected=0.6)
NODE = Effort(rounds=15, step=0.5, patience=6, ends=0.02, deflected=0.5)


def lower_bound(
    cost: Matrix,
    there: Vector,
    prices: Vector,
    choice: Choice,
    known: Callable[[], float],
    effort: Effort,
    tried: Callable[[Indexes, bool], None],
) -> Bound:
    """The best bound that the effort finds; it ends early where the bound reaches `known() - 1`.

    `known` is the cost of the best choice known, `there` what places cost with the sites taken
    already. `tried` is told each choice of sites, and whether the bound has just risen.
    """
    prices = np.minimum(prices, there)
    best = Bound(-np.inf, prices, np.empty(0), np.empty(0, dtype=np.intp))
    step, stalled = effort.step, 0
    direction, below = np.zeros(len(prices)), np.empty_like(cost)
    for _ in range(effort.rounds):
        np.subtract(cost, prices[:, None], out=below)
        np.minimum(below, 0, out=below)
        reduced = below.sum(axis=0)
        chosen = choice.cheapest(reduced)
        value = float(prices.sum() + reduced[chosen].sum())
        risen = value > best.value
        stalled = 0 if value > best.value + 1e-4 * abs(best.value) else stalled + (not risen)
        if risen:
            best = Bound(value, prices, reduced, chosen)
        tried(chosen, risen)
        upper = known()
        if best.value > upper - 1 + tolerance(upper):
            break
        if stalled >= effort.patience:
            step, stalled, prices = step * 0.6, 0, best.prices
            direction[:] = 0
        slope = 1.0 - (below[:, chosen] < 0).sum(axis=1)
        slope[(slope > 0) & (prices >= there)] = 0
        direction = slope + effort.deflected * direction
        length = float((direction * direction).sum())
        if length == 0 or step < effort.ends:
            break
        prices = np.minimum(prices + step * (1.002 * upper - value) / length * direction, there)
    return best


def tolerance(value: float) -> float:
    """What sums in floating point may be off at this size."""
    return max(1e-6, abs(value) * 1e-12)
