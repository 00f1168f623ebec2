"""What is asked: which sites to choose; and what is answered: sites, their cost, and a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiangyun.kernel.findings import Finding, Refused, Text

Matrix: TypeAlias = NDArray[np.float64]
Vector: TypeAlias = NDArray[np.float64]
Indexes: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

LARGEST = float(2**50)
"""Sums of costs stay below, so that whole numbers are exact in floating point."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Which sites may be chosen, apart from what choosing them brings.

    `number` sites, counted from 0; `choose` of them besides the `fixed` ones, which are there
    already. `group` gives each site's group (its county), `least` how many sites a group has at
    the least, fixed ones included.
    """

    number: int
    choose: int
    fixed: tuple[int, ...] = ()
    group: tuple[int, ...] = ()
    least: Mapping[int, int] = field(default_factory=dict)

    def needs(self) -> dict[int, int]:
        """By group, how many of the sites to choose have to lie in it; refused if impossible."""
        free = set(range(self.number)) - set(self.fixed)
        if not 0 <= self.choose <= len(free):
            raise Refused([_too_many(self.choose, len(free))])
        if not self.least:
            return {}
        there = [self.group[site] for site in self.fixed]
        needs = {group: least - there.count(group) for group, least in self.least.items()}
        needs = {group: need for group, need in needs.items() if need > 0}
        open_ = [self.group[site] for site in free]
        for group, need in needs.items():
            if open_.count(group) < need:
                raise Refused([_too_few(group, need, open_.count(group))])
        if sum(needs.values()) > self.choose:
            raise Refused([_minimum(sum(needs.values()), self.choose)])
        return needs


@dataclass(frozen=True, slots=True)
class Sited:
    """The sites chosen (fixed ones included, ascending), what they come to, and what no choice
    can better: `bound` is the proven limit of the objective, equal to it where the choice is proven
    to be the best."""

    chosen: tuple[int, ...]
    objective: int
    bound: int

    @property
    def gap(self) -> float:
        """How far the objective may at most lie from the best, as a share of the objective."""
        return abs(self.objective - self.bound) / max(1, abs(self.objective))


def _too_many(choose: int, free: int) -> Finding:
    return Finding(
        "siting.E004",
        "error",
        Text(
            "要选 {choose} 个，候选只有 {free} 个。",
            "{choose} sites are to be chosen from {free} candidates.",
            choose=choose,
            free=free,
        ),
        hint=Text("请减少数量，或者增加候选。", "Choose fewer, or name more candidates."),
    )


def _too_few(group: int, need: int, there: int) -> Finding:
    return Finding(
        "siting.E005",
        "error",
        Text(
            "{group} 至少还要 {need} 个，那里的候选只有 {there} 个。",
            "{group} needs {need} more, and has {there} candidates.",
            group=group,
            need=need,
            there=there,
        ),
        hint=Text("请降低下限，或者增加候选。", "Lower the minimum, or name more candidates."),
    )


def _minimum(need: int, choose: int) -> Finding:
    return Finding(
        "siting.E006",
        "error",
        Text(
            "各组的下限合计还要 {need} 个，只选 {choose} 个。",
            "The minimums ask for {need} more sites in all, and {choose} are chosen.",
            need=need,
            choose=choose,
        ),
        hint=Text("请增加数量，或者降低下限。", "Choose more, or lower the minimums."),
    )
