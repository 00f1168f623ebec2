"""What a form consists of: pages of questions, each with its words, rules and conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xiangyun.kernel.feel import Expression
from xiangyun.kernel.findings import Text

TEXT_LIMITS = {"textfield": 500, "textarea": 10_000}
"""Characters accepted where a form sets no maxLength, so that nobody can send a novel."""
MAX_ROWS = 100
"""Rows accepted in a dynamic list."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value that is stored and the words that are shown."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must satisfy (form-js `validate`, and the property `format`)."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    pattern: re.Pattern[str] | None = None
    pattern_words: Text | None = None
    not_past: bool = False
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` is the form-js type; a `dynamiclist` asks its `questions` row by row.

    `hidden_if` holds its own condition and those of the groups around it: hidden when one of them
    is true. `source` names a register's value, such as person.id_number: known, it is not asked.
    """

    key: str
    kind: str
    label: Text
    why: Text | None = None
    options: tuple[Option, ...] = ()
    rules: Rules = Rules()
    properties: Mapping[str, str] = field(default_factory=dict)
    hidden_if: tuple[Expression, ...] = ()
    accept: tuple[str, ...] = ()
    max_bytes: int | None = None
    multiple: bool = False
    questions: tuple[Question, ...] = ()

    @property
    def required(self) -> bool:
        return self.rules.required

    @property
    def source(self) -> str | None:
        return self.properties.get("source")

    def option(self, value: object) -> Option | None:
        """The option with a value, for showing an answer in words."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True, slots=True)
class Page:
    """Questions asked together: a top-level group of the form, or one question by itself."""

    key: str
    title: Text
    questions: tuple[Question, ...]
