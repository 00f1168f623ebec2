"""What stands on an official's page of a case, part by part, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look.fields import Field
from xiangyun.kernel.findings import Text


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was handed in: where it is viewed, where it is downloaded."""

    name: str
    size: int
    url: str
    download: str


@dataclass(frozen=True, slots=True)
class ActionButton:
    """A button with what pressing it causes; `grave` ends the case against the applicant."""

    name: str
    button: Text
    effect: Text
    needs_note: bool
    grave: bool
    primary: bool
    signature: str = ""
    """`required` or `offered` where it is signed by passkey."""


@dataclass(frozen=True, slots=True)
class ExtensionForm:
    """The form that asks for more time beside a task; `open` where it was refused."""

    url: str
    words: Text
    effect: Text
    field: Field
    open: bool


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A task that waits for this official, with its note and its buttons."""

    id: str
    key: str
    url: str
    preview_url: str
    sign_url: str
    name: Text
    hint: Text | None
    fields: Sequence[Field]
    actions: Sequence[ActionButton]
    extension: ExtensionForm | None
    subject: str = ""
    """Its own subject line, where it has one."""
    form_url: str = ""
    """Where its form is answered, for a task that has one: its buttons stand there."""

    @property
    def more(self) -> list[Field]:
        """The fields beside those of the task itself."""
        return [self.extension.field] if self.extension else []


@dataclass(frozen=True, slots=True)
class FoundLine:
    """What the rules found, with its law."""

    id: str
    severity: str
    text: Text
    basis: Text
    tone: str


@dataclass(frozen=True, slots=True)
class FiredTable:
    """A table of rules of which rows fired."""

    name: Text
    rows: Sequence[cases.FiredRow]


@dataclass(frozen=True, slots=True)
class DecisionTaken:
    """One decision that the rules took."""

    name: Text
    at: datetime
    tables: Sequence[FiredTable]
