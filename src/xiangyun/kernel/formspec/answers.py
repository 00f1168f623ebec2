"""From what was sent, by a browser or as JSON, to answers: FEEL values, faults, and what was typed.

Both ways in are walked the same way: question by question in order, rows of a list inside, each
value converted, then judged. Rows are counted before one of them is read, and no more faults are
told than a person can use.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.formspec.faults import more_than_told, wrong_type
from xiangyun.kernel.formspec.judge import judge
from xiangyun.kernel.formspec.kinds import kind_of
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.formspec.tables import FIRST_LINE, sent_table, table_field, wrong_lines
from xiangyun.kernel.formspec.visibility import follows, is_visible, row_context

MAX_TOLD = 200
"""Faults told of the rows of one list; the rows after them are neither read nor told."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file just sent: its name, its bytes counted, and where the caller stored it."""

    name: str
    size: int
    reference: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Answers by key; faults and the exact text typed by field name (list.0.field in a row).

    An answer with a fault is None; a row with one keeps its other cells. An answer that is only
    doubted keeps its value, and stands in `warnings`.
    """

    answers: dict[str, Value]
    errors: dict[str, Finding] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, Finding] = field(default_factory=dict)


class Source(Protocol):
    """Where values come from."""

    @property
    def first_line(self) -> int:
        """What the first row of a table is called where its faults are told."""

    def value(self, question: Question, name: str) -> Value | Finding: ...
    def held(self, question: Question) -> Value: ...
    def rows(self, question: Question) -> Sequence[int] | Finding: ...
    def typed(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A page sent by a browser. Several ticked options are typed one a line.

    A list that comes as a file is sent as its text (`tables.table_field`); without one, the rows
    stay that were there before.
    """

    raw: Mapping[str, Sequence[str]]
    files: Mapping[str, Sequence[Attached]]
    before: Mapping[str, Value]
    first_line: int = FIRST_LINE
    cells: dict[str, list[str]] = field(default_factory=dict)

    def held(self, question: Question) -> Value:
        """The rows of a table for which nothing was sent."""
        if table_field(question) in self.raw or rows_named(question.key, self.raw):
            return None
        return self.before.get(question.key)

    def value(self, question: Question, name: str) -> Value | Finding:
        kind = kind_of(question)
        if question.kind != "filepicker":
            return kind.typed(question, self.cells.get(name) or self.raw.get(name, ()))
        new = [
            {"name": file.name, "size": from_json(file.size), "reference": file.reference}
            for file in self.files.get(name, ())
        ]
        held = self.before.get(name)
        if new and question.multiple and isinstance(held, list):
            new = [*held, *new]
        return kind.given(question, new) if new else held

    def rows(self, question: Question) -> Sequence[int] | Finding:
        """The rows in which anything was typed; a row left empty is no row, unless all stay."""
        if texts := self.raw.get(table_field(question)) if question.is_table else None:
            cells = sent_table(question, texts[0])
            if isinstance(cells, Finding):
                return cells
            self.cells.update(cells)
        named = rows_named(question.key, self.cells or self.raw)
        shown = range(question.rules.rows_shown)
        if question.rules.given is not None:  # rows that nobody gave are told, not passed over
            return sorted({*shown, *(number for number, filled in named.items() if filled)})
        if question.rules.rows_fixed:
            return shown
        numbers = [number for number, filled in named.items() if filled]
        too_many = kind_of(question).given(question, numbers)
        return too_many if isinstance(too_many, Finding) else sorted(numbers)

    def typed(self, name: str) -> str | None:
        return "\n".join(self.raw.get(name, ()))


def rows_named(key: str, raw: Mapping[str, Sequence[str]]) -> dict[int, bool]:
    """The rows of a list that names of fields speak of, and whether anything was typed in each."""
    found: dict[int, bool] = {}
    of_list = re.compile(rf"{re.escape(key)}\.([0-9]{{1,4}})\.\w+", re.ASCII)
    for name, texts in raw.items():
        if match := of_list.fullmatch(name):
            number = int(match[1])
            found[number] = found.get(number, False) or any(text.strip() for text in texts)
    return found


@dataclass(frozen=True, slots=True)
class Given:
    """Answers given as JSON, or as the FEEL values they became."""

    data: Mapping[str, object]
    first_line: int = 1

    def held(self, question: Question) -> Value:
        """Nothing is held: what is not given is not there."""
        return None

    def value(self, question: Question, name: str) -> Value | Finding:
        found: object = self.data
        for step in name.split("."):
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit():
                found = found[int(step)]
        return None if found is None else kind_of(question).given(question, found)

    def rows(self, question: Question) -> Sequence[int] | Finding:
        rows = self.data.get(question.key)
        if rows is None:
            return ()
        kind = kind_of(question)
        if isinstance(counted := kind.given(question, rows), Finding):
            return counted
        if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
            return range(len(rows))
        return wrong_type(question, kind.example)

    def typed(self, name: str) -> str | None:
        return None


def read(
    questions: Sequence[Question],
    asked: Collection[Question],
    source: Source,
    before: Mapping[str, Value],
    known: Mapping[str, Value],
    on: date | None,
) -> Reading:
    """Read the visible questions that are `asked`; the others keep their answers from `before`."""
    walk = _Walk(source, on, Reading(dict(before)))
    keys = {question.key for question in asked}
    context: dict[str, Value] = dict.fromkeys(question.key for question in questions)
    for question in questions:
        key = question.key
        if not is_visible(question, context):
            continue
        if question.computed is not None:
            walk.reading.answers[key] = follows(question, context)
        elif key in known:
            walk.reading.answers[key] = known[key]
        elif key in keys:
            walk.reading.answers[key] = walk.one(question, key, context)
        context[key] = walk.reading.answers.get(key)
    return walk.reading


@dataclass(frozen=True, slots=True)
class _Walk:
    source: Source
    on: date | None
    reading: Reading

    def one(self, question: Question, name: str, context: Mapping[str, Value]) -> Value:
        """The value of a field, or None with a fault noted."""
        value: Value | Finding
        if question.questions:
            value = self._rows(question, context)
        else:
            value = self.source.value(question, name)
            typed = self.source.typed(name)
            if typed is not None:
                self.reading.typed[name] = typed
        fault = value if isinstance(value, Finding) else judge(question, value, self.on)
        if fault is not None and fault.severity == "error":
            self.reading.errors[name] = fault
            return None
        if fault is not None:
            self.reading.warnings[name] = fault
        return value

    def _rows(self, question: Question, context: Mapping[str, Value]) -> Value | Finding:
        if question.is_table and (held := self.source.held(question)) is not None:
            return held
        numbers = self.source.rows(question)
        if isinstance(numbers, Finding):
            return numbers
        if question.is_table:
            return self._table(question, numbers, context)
        rows: list[Value] = []
        told = len(self.reading.errors)
        for number in numbers:
            rows.append(self._row(question, number, context))
            if len(self.reading.errors) - told > MAX_TOLD:
                return more_than_told(MAX_TOLD)
        return rows

    def _table(
        self, question: Question, numbers: Sequence[int], context: Mapping[str, Value]
    ) -> Value | Finding:
        """The rows of a file, or one fault that names every line with one: nothing is half kept."""
        reading = Reading({})
        walk = _Walk(self.source, self.on, reading)
        rows: list[Value] = [walk._row(question, number, context) for number in numbers]
        if not reading.errors:
            return rows
        placed = {_place(name): found for name, found in reading.errors.items()}
        return wrong_lines(question, self.source.first_line, placed)

    def _row(self, question: Question, number: int, outer: Mapping[str, Value]) -> dict[str, Value]:
        row: dict[str, Value] = dict.fromkeys(inner.key for inner in question.questions)
        for inner in question.questions:
            if is_visible(inner, row_context(outer, row, number + 1)):
                if inner.computed is not None:
                    row[inner.key] = follows(inner, row_context(outer, row, number + 1))
                    continue
                row[inner.key] = self.one(inner, f"{question.key}.{number}.{inner.key}", outer)
        return row


def _place(name: str) -> tuple[int, str]:
    """The row and the cell of a field in a list."""
    _, number, cell = name.split(".")
    return int(number), cell
