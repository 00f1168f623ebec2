"""What a form consists of: pages of questions, each with its words, rules and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xiangyun.kernel.feel import Expression, Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.patterns import Pattern

MAX_ROWS = 100
"""Rows accepted in a dynamic list."""
MAX_TABLE_ROWS = 5000
"""Rows accepted in a list that comes as a file."""
MAX_FILES = 20
"""Files accepted for one question that takes several."""
MAX_FILE_BYTES = 20_000_000
"""Bytes a file may have where the form says nothing."""
MOST_FILE_BYTES = 100_000_000
"""Bytes that a form can allow at most."""
MAX_OPTIONS = 1_000
"""Options of a question, counted before one is read."""
MAX_DIGITS = 30
"""Digits accepted before and after the point of a number."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value that is stored and the words that are shown."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must satisfy, as the properties of its kind state it.

    Lengths count the characters of a text, the choices of a checklist, the rows of a list.
    `accept` holds endings of file names (none: all), `max_bytes` bytes a file; `minutes` the steps
    of a time. `rows_shown` are those on a fresh page; `rows_fixed` says that it stays with them.
    `default` fills the field until its page is sent. `more` holds what a kind's own properties say.
    `given` are the rows that the task itself names, by the text of their cell `more["given"]`: each
    is answered once, and no other is taken; of a choice they are the values of the options that the
    task offers.
    """

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    step: Decimal | None = None
    pattern: Pattern | None = None
    pattern_words: Text | None = None
    not_past: bool = False
    subtype: str = "date"
    minutes: int | None = None
    format: str | None = None
    accept: tuple[str, ...] = ()
    max_bytes: int = MAX_FILE_BYTES
    multiple: bool = False
    rows_shown: int = 1
    rows_fixed: bool = False
    default: Value = None
    given: tuple[str, ...] | None = None
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` names its `QuestionKind`; a list asks its `questions` row by row.

    `hidden_if` holds its own condition and those of the groups around it: hidden when one of them
    is true. `source` names a register's value, such as person.id_number: known, it is not asked.
    `before` are the texts of the form that stand above it.
    """

    key: str
    kind: str
    label: Text
    why: Text | None = None
    options: tuple[Option, ...] = ()
    rules: Rules = Rules()
    properties: Mapping[str, str] = field(default_factory=dict)
    hidden_if: tuple[Expression, ...] = ()
    questions: tuple[Question, ...] = ()
    before: tuple[Text, ...] = ()
    computed: Expression | None = None
    """What its answer follows from, where nobody is asked."""

    @property
    def is_table(self) -> bool:
        """Whether a list comes as a file, and not row by row."""
        return bool(self.rules.more.get("table"))

    @property
    def row_label(self) -> Text:
        """What one row of a list is called: Shareholder, where the list is of Shareholders."""
        row = self.rules.more.get("row")
        return row if isinstance(row, Text) else self.label

    @property
    def required(self) -> bool:
        return self.rules.required

    @property
    def source(self) -> str | None:
        return self.properties.get("source")

    @property
    def sensitive(self) -> bool:
        """Whether it, or a question asked in its rows, is marked so."""
        own = self.properties.get("sensitive") == "true"
        return own or any(question.sensitive for question in self.questions)

    @property
    def accept(self) -> tuple[str, ...]:
        return self.rules.accept

    @property
    def max_bytes(self) -> int:
        return self.rules.max_bytes

    @property
    def multiple(self) -> bool:
        return self.rules.multiple

    def option(self, value: object) -> Option | None:
        """The option with a value, for showing an answer in words."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Questions asked together: a top-level group of the form, or one question by itself."""

    key: str
    title: Text
    questions: tuple[Question, ...]
