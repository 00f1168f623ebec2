"""A form field as a page sets it, whatever form it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from xiangyun.kernel.findings import Finding, Text

FEW = 50
"""So many choices a field has that is kept in memory as it was drawn."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    value: str
    label: Text
    chosen: bool = False
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file received before: where it is looked at, and what is sent to take it out again."""

    name: str
    size: int
    url: str = ""
    remove: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the rules say of an answer, with the law behind it; `tone` is how grave it is."""

    text: Text
    basis: Text
    tone: str


@dataclass(frozen=True, slots=True)
class Field:
    """What stands on the page for one question.

    `kind` names the template of the control: a kind of question of a form, or one of text,
    password, textarea, select, radio, file; `typed` is exactly what the person typed, right or
    wrong; `suggest` is the address that suggests words while one types; `received` are the files
    there already; `said` is what the rules say of the answer; `before` are texts that stand above
    it; `anchor` tells apart fields of the same key in several forms of one page.
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
    multiple: bool = False
    suggest: str = ""
    received: Sequence[ReceivedFile] = field(default=())
    said: Sequence[Said] = field(default=())
    before: Sequence[Text] = field(default=())
    anchor: str = ""

    def __post_init__(self) -> None:
        """What was listed stays as it is."""
        for name in ("choices", "received", "said", "before"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    @property
    def untouched(self) -> bool:
        """Whether it hangs on its declaration alone: nothing typed, received, found or long."""
        touched = self.typed or self.error or self.received or self.said
        return not touched and len(self.choices) <= FEW

    @property
    def template(self) -> str:
        """The template of the control, found by the name of its kind."""
        return f"look/kinds/{self.kind}.html"

    @property
    def rows(self) -> int:
        """How many lines a textarea shows: what is typed and a little room, from 4 to 24."""
        return max(4, min(self.typed.count("\n") + 3, 24))

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
