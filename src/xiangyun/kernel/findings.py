"""What is wrong, said to a person: findings with place and hint, and the refusal made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xiangyun.kernel.language import Text

__all__ = ["Finding", "Place", "Refused", "Severity", "Text"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a finding lies; lines and columns count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a checker has to say: `id` (such as `feel.E003`), what, where, and what to do.

    An `error` keeps a pack from being published; a `warning` and a `note` do not.
    """

    id: str
    severity: Severity
    message: Text
    place: Place | None = None
    hint: Text | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" ({self.hint.en})" if self.hint else ""
        return f"{where}{self.id} {self.message.en}{hint}"


class Refused(Exception):
    """Something was refused; `findings` says all that is wrong, never only the first fault."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings

    @property
    def summary(self) -> Text:
        """Everything that is wrong, as one text."""
        return Text("{all}", "{all}", all=[finding.message for finding in self.findings])
