"""A mixed-integer program as a value, and who solves it: an adapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(slots=True)
class Program:
    """Minimise cost over columns between 0 and 1, subject to rows between two limits.

    Built column by column and row by row; `whole` says which columns are whole numbers.
    """

    costs: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def column(self, cost: float, *, whole: bool = False) -> int:
        """A further column; its number."""
        self.costs.append(cost)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(
        self,
        columns: Sequence[int],
        factors: Sequence[float],
        lower: float,
        upper: float = float("inf"),
    ) -> None:
        """A further row: the sum of columns by factors lies between the limits."""
        self.starts.append(len(self.columns))
        self.columns.extend(columns)
        self.factors.extend(factors)
        self.lower.append(lower)
        self.upper.append(upper)


@dataclass(frozen=True, slots=True)
class Solved:
    """The values of the columns, empty where there is no solution, and the proven bound."""

    values: Sequence[float]
    bound: float


class Solver(Protocol):
    """Solves a program until objective and bound differ by less than `slack`."""

    def __call__(self, program: Program, *, slack: float) -> Solved: ...
