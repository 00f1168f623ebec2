"""A form field as a page sets it, whatever form it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xiangyun.kernel.findings import Finding, Text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    value: str
    label: Text
    chosen: bool = False
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """What stands on the page for one question.

    `kind` is one of text, number, date, textarea, select, radio, checkbox, checklist, file;
    `typed` is exactly what the person typed, right or wrong; `kept` names files received before;
    `anchor` tells apart fields of the same key in several forms of one page.
    """

    key: str
    kind: str
    label: Text
    hint: Text | None = None
    why: Text | None = None
    required: bool = True
    typed: str = ""
    choices: Sequence[Choice] = ()
    error: Finding | None = None
    width: str = ""
    inputmode: str = ""
    autocomplete: str = ""
    accept: str = ""
    kept: Sequence[str] = field(default=())
    anchor: str = ""

    @property
    def id(self) -> str:
        """The id of the control that a link of the error summary jumps to."""
        return f"f-{self.anchor or self.key}"

    @property
    def prefix(self) -> str:
        """For a field in a row of a list: the row's name, such as shareholders.1."""
        return self.key.rpartition(".")[0]

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for those who hear the page."""
        parts = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)


def errors(fields: Sequence[Field]) -> list[tuple[str, Finding]]:
    """What the error summary lists: the id to jump to and the finding, in the page's order."""
    return [(f.id, f.error) for f in fields if f.error]
