"""What can go wrong with an expression: it cannot be read, or its value is null for a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.spelling import perhaps

Reason = Literal[
    "unknown-name",
    "unknown-function",
    "arguments",
    "type",
    "range",
    "conversion",
    "index",
    "arithmetic",
    "decision",
    "budget",
]


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why an expression, or a part of it, came out null (DMN 1.5 §10.3.2.2 leaves it to us)."""

    reason: Reason
    message: Text
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f"{self.line}:{self.column}: " if self.line else ""
        return f"{where}{self.message.en}"

    def finding(self, file: str = "") -> Finding:
        """As a finding: a budget that ended is an error, any other null a warning."""
        if self.reason != "budget":
            return Finding(
                "feel.W001", "warning", self.message, Place(file, self.line, self.column)
            )
        return Finding(
            "feel.E004",
            "error",
            self.message,
            Place(file, self.line, self.column),
            Text(
                "请让规则少重复、少嵌套；上限见设置 XIANGYUN_FEEL_STEPS 等。",
                "Let the rule repeat and nest less; the limits are settings, XIANGYUN_FEEL_STEPS"
                " and others.",
            ),
        )


class NullResult(Exception):
    """Raised inside the evaluator where the value is null; the nearest expression records why."""

    def __init__(self, reason: Reason, words: Text) -> None:
        super().__init__(words)
        self.reason: Reason = reason
        self.text = words.brief()


class FeelSyntaxError(Refused):
    """An expression that cannot be read: where, what was expected, and what was perhaps meant."""

    def __init__(
        self,
        message: Text,
        line: int,
        column: int,
        expected: tuple[str, ...] = (),
        suggestion: str | None = None,
        file: str = "",
    ) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.expected = expected
        self.suggestion = suggestion
        hint = perhaps(suggestion)
        if hint is None and expected:
            wanted = ", ".join(expected)
            hint = Text("这里应当是：{wanted}", "Expected here: {wanted}", wanted=wanted)
        place = Place(file, line, column)
        super().__init__([Finding("feel.E001", "error", message, place, hint)])
