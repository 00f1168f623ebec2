"""What an expression sees while it runs: names to values, warnings, the moment asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiangyun.kernel.feel.budget import Spent, in_force, too_many_steps
from xiangyun.kernel.feel.errors import FeelWarning, NullResult
from xiangyun.kernel.feel.lexer import position
from xiangyun.kernel.feel.temporal import DateTime
from xiangyun.kernel.feel.values import Value

# Who reads warnings reads the first; a loop that fails two million times says nothing new.
_MOST_WARNINGS = 100


class Evaluation:
    """One evaluation under way: its warnings, its moment, and what is left of its budget.

    `left` counts steps down, `depth` the levels of functions that may still call each other.
    """

    __slots__ = ("depth", "left", "log", "now")

    def __init__(self, now: DateTime | None = None) -> None:
        self.log: list[FeelWarning] = []
        self.now = now
        self.left, self.depth = in_force.steps, in_force.depth

    def spend(self, steps: int) -> None:
        """Count steps.

        Raises:
            Spent: when there are no more.
        """
        self.left -= steps
        if self.left < 0:
            raise too_many_steps()

    def warn(self, error: NullResult, source: str = "", offset: int = 0) -> None:
        """Record why a value is null."""
        if len(self.log) < _MOST_WARNINGS:
            line, column = position(source, offset) if source else (0, 0)
            self.log.append(FeelWarning(error.reason, error.text, line, column))

    def end(self, spent: Spent, source: str = "") -> None:
        """Record that the budget ended the evaluation, with the place in its source."""
        source, offset = spent.place or (source, 0)
        line, column = position(source, offset) if source else (0, 0)
        self.log.append(FeelWarning("budget", spent.text, line, column))


class Scope(dict[str, Value]):
    """Names to values; inner scopes are copies that share the evaluation.

    `notes` is where a host that wants to know (a decision's trace) finds what was noted on the way.
    """

    __slots__ = ("evaluation", "notes")

    evaluation: Evaluation
    notes: list[Any] | None

    @classmethod
    def over(cls, names: Mapping[str, Value], now: DateTime | None = None) -> Scope:
        """An outermost scope with an evaluation of its own.

        `now` is what `now()` and `today()` answer: the kernel has no clock of its own.
        """
        scope = cls(names)
        scope.evaluation = Evaluation(now)
        scope.notes = None
        return scope

    def inner(self) -> Scope:
        """A scope inside this one, to which names can be added."""
        scope = Scope(self)
        scope.evaluation = self.evaluation
        scope.notes = self.notes
        return scope

    @property
    def log(self) -> list[FeelWarning]:
        """The evaluation's warnings."""
        return self.evaluation.log

    @property
    def now(self) -> DateTime | None:
        """The evaluation's moment."""
        return self.evaluation.now

    def warn(self, error: NullResult, source: str = "", offset: int = 0) -> None:
        """Record why a value is null."""
        self.evaluation.warn(error, source, offset)
