"""What an expression sees while it runs: names to values, warnings, the moment asked for."""

from __future__ import annotations

from typing import Any

from xiangyun.kernel.feel.errors import FeelWarning, NullResult
from xiangyun.kernel.feel.lexer import position
from xiangyun.kernel.feel.temporal import DateTime
from xiangyun.kernel.feel.values import Value


class Scope(dict[str, Value]):
    """Names to values; inner scopes are copies that share the log of warnings.

    `now` is what `now()` and `today()` answer: the kernel has no clock of its own. `notes` is
    where a host that wants to know (a decision's trace) finds what was noted on the way.
    """

    __slots__ = ("log", "notes", "now")

    log: list[FeelWarning]
    notes: list[Any] | None
    now: DateTime | None

    @classmethod
    def over(cls, names: dict[str, Value], now: DateTime | None = None) -> Scope:
        """An outermost scope with an empty log."""
        scope = cls(names)
        scope.log = []
        scope.notes = None
        scope.now = now
        return scope

    def inner(self) -> Scope:
        """A scope inside this one, to which names can be added."""
        scope = Scope(self)
        scope.log = self.log
        scope.notes = self.notes
        scope.now = self.now
        return scope

    def warn(self, error: NullResult, source: str = "", offset: int = 0) -> None:
        """Record why a value is null."""
        line, column = position(source, offset) if source else (0, 0)
        self.log.append(FeelWarning(error.reason, error.text, line, column))
