"""What is wrong, said to a person: findings with place and hint, and the refusal made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from xiangyun.kernel.language import Text

__all__ = [
    "Conflict",
    "Explained",
    "Finding",
    "Forbidden",
    "NotFound",
    "Place",
    "RefusalKind",
    "Refused",
    "Severity",
    "Stale",
    "Text",
]

Severity = Literal["error", "warning", "note"]


class Place(NamedTuple):
    """Where a finding lies: in a file, or at a question of a form, by its key.

    Lines and columns count from 1, 0 means unknown.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    question: str = ""

    def __str__(self) -> str:
        parts = [self.file or self.question]
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


@dataclass(frozen=True, slots=True)
class Explained:
    """An example of a finding: what is `wrong`, what is `right`, and the `source` of the rule.

    Each room that reads files holds those of its findings in a module `explained`.
    """

    wrong: str
    right: str
    source: str


RefusalKind = Literal["not found", "forbidden", "stale", "invalid", "conflict"]
"""Why something is refused; each face maps them once, to statuses or exit codes."""


class Refused(Exception):
    """Something was refused; `findings` says all that is wrong, never only the first fault.

    What was given is wrong, unless a subclass says otherwise.
    """

    kind: ClassVar[RefusalKind] = "invalid"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings

    @property
    def summary(self) -> Text:
        """Everything that is wrong, as one text."""
        return Text("{all}", "{all}", all=[finding.message for finding in self.findings])


class NotFound(Refused):
    """What it is about does not exist, or not for whoever asks."""

    kind = "not found"


class Forbidden(Refused):
    """Whoever asks may not do this."""

    kind = "forbidden"


class Stale(Refused):
    """It has changed since it was looked at: somebody was first."""

    kind = "stale"


class Conflict(Refused):
    """As things stand it cannot be done, by nobody: it has ended, is done already, lacks a part."""

    kind = "conflict"
