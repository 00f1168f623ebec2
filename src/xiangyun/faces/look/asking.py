"""From a form's questions to fields on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from xiangyun.faces.look.answers import divisions_words
from xiangyun.faces.look.fields import Choice, Field, ReceivedFile, Said
from xiangyun.faces.look.places import reaches
from xiangyun.faces.look.templatetags.look import shown, words
from xiangyun.kernel import codes
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import (
    FORMATS,
    MAX_ROWS,
    Form,
    Question,
    Reading,
    kind_of,
    rows_named,
    submitted,
    table_field,
)
from xiangyun.kernel.formspec.visibility import is_visible, row_context

_ROWS_SHOWN = 5
"""Of a list that came as a file."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list that comes as a file: the field it is sent in, its columns (key, words, needed), how
    many rows there are, and the first of them as typed."""

    field: str
    columns: Sequence[tuple[str, Text, bool]]
    count: int
    first: Sequence[Sequence[str]]

    @property
    def head(self) -> str:
        """The first line of the file."""
        return ",".join(key for key, _, _ in self.columns)


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows on the page, each a group of fields.

    `removable` and `extendable` say whether a row can be taken out and another added.
    """

    key: str
    kind: str
    label: Text
    row_label: Text
    why: Text | None
    rows: Sequence[tuple[int, Sequence[Field]]]
    hint: Text | None = None
    error: Finding | None = None
    said: Sequence[Said] = ()
    before: Sequence[Text] = ()
    removable: bool = True
    extendable: bool = True
    table: Table | None = None

    @property
    def id(self) -> str:
        return f"f-{self.key}"

    @property
    def template(self) -> str:
        """The template of the list, found by the name of its kind."""
        return f"look/kinds/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a page, and whether it is asked with the answers as they are."""

    field: Field | Rows
    open: bool
    folded: bool


@dataclass(frozen=True)
class Asking:
    """One page to be asked: its questions, the answers so far, and what was just typed, if at all.

    `received` are the files there already and `said` what the rules say, by question; `places` the
    choices where a name fits several; `raw` is what was sent, where it is only shown again;
    `extra` adds an empty row to that list.
    """

    questions: Sequence[Question]
    answers: Mapping[str, Value]
    reading: Reading | None = None
    received: Mapping[str, Sequence[ReceivedFile]] = field(default_factory=dict)
    places: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: str = ""
    said: Mapping[str, Sequence[Said]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> list[Field | Rows]:
        """The fields in the form's order; lists as rows."""
        return [self._rows(q) if q.questions else self._field(q, q.key) for q in self.questions]

    @property
    def found(self) -> list[tuple[str, Said]]:
        """What the rules say on this page, with the ids to jump to."""
        return [(field.id, said) for field in self._each() for said in field.said]

    @property
    def suggests(self) -> bool:
        """Whether a field of the page suggests words while one types."""
        return any(isinstance(each, Field) and each.suggest for each in self._each())

    @property
    def computed(self) -> dict[str, str]:
        """The computed values of the page in words, by the name of the field."""
        kind = "expression"
        return {e.key: e.typed for e in self._each() if isinstance(e, Field) and e.kind == kind}

    @property
    def is_live(self) -> bool:
        """Whether what is typed brings questions up, or values that follow from it."""
        every = (q for each in self.questions for q in (each, *each.questions))
        return any(q.computed or q.hidden_if for q in every)

    def open_in(self, form: Form) -> list[str]:
        """The names of the fields that are asked now, those of rows among them."""
        answers = self.reading.answers if self.reading is not None else self.answers
        now = submitted(form, answers)
        names = []
        for question in self.questions:
            if question.key not in now:
                continue
            names.append(question.key)
            rows = now[question.key] if question.questions else None
            held: list[Any] = rows if isinstance(rows, list) else []
            numbers = self._numbers(question, len(held)) if question.questions else []
            for place, number in enumerate(numbers):
                row = held[place] if place < len(held) else {}
                seen = row_context(now, {**dict.fromkeys(_inner(question)), **row}, place + 1)
                names += [
                    f"{question.key}.{number}.{inner.key}"
                    for inner in question.questions
                    if is_visible(inner, seen)
                ]
        return names

    def as_asked(self, form: Form, *, folded: bool) -> list[Asked]:
        """The fields in order, each with whether it is asked as things stand.

        `folded`: what is not asked stands folded, for pages without scripts; else it is not there.
        """
        if not self.is_live:
            return [Asked(each, True, folded) for each in self.fields]
        now = set(self.open_in(form))
        return [Asked(each, each.key in now, folded) for each in self.fields]

    @property
    def errors(self) -> list[tuple[str, Finding]]:
        """The faults with the ids to jump to, in the order of the page."""
        return [(field.id, field.error) for field in self._each() if field.error]

    def _each(self) -> Iterator[Field | Rows]:
        """Every field of the page, those in rows after their list."""
        for item in self.fields:
            yield item
            if isinstance(item, Rows):
                yield from (cell for _, row in item.rows for cell in row)

    def _error(self, name: str) -> Finding | None:
        return self.reading.errors.get(name) if self.reading else None

    def _typed(self, question: Question, name: str, value: Value) -> str:
        if name in self.raw:
            return "\n".join(self.raw[name])
        if self.reading and name in self.reading.typed:
            return self.reading.typed[name]
        return as_typed(question, value)

    def _field(self, question: Question, name: str, value: Value = None) -> Field:
        kind = kind_of(question)
        if name == question.key:
            value = self.answers.get(name, question.rules.default)
            if question.computed is not None and self.reading is not None:
                value = self.reading.answers.get(name)
        typed = self._typed(question, name, value)
        chosen = typed.split("\n") if kind.several else [typed]
        form = FORMATS.get(question.rules.format or "")
        if question.computed is not None:
            typed = str(shown(kind.words(question, value))) if value is not None else ""
        made = Field(
            key=name,
            kind=kind.name,
            label=question.label,
            hint=kind.hint(question),
            why=question.why,
            required=question.required,
            typed=typed,
            choices=[Choice(o.value, o.label, o.value in chosen) for o in question.options],
            error=self._error(name),
            width=_width(question),
            inputmode=form.keys if form else "",
            autocomplete=form.fills if form else "",
            accept=",".join(question.accept),
            multiple=question.multiple,
            received=self.received.get(name, ()),
            said=self.said.get(name, ()),
            before=question.before,
        )
        if question.rules.format == "division":
            return replace(
                made,
                kind="place",
                error=_by_name(made.error),
                typed=words(divisions_words(typed)),
                choices=self.places.get(name, ()),
                suggest=reverse("portal:places") + ("?reach=country" if reaches(question) else ""),
            )
        return made

    def _rows(self, question: Question) -> Rows:
        rows = self.answers.get(question.key)
        held: list[Any] = rows if isinstance(rows, list) else []
        rules = question.rules
        if question.is_table:
            return self._table(question, held)
        numbers = self._numbers(question, len(held))
        fewest = max(rules.min_length or 0, 1)
        most = MAX_ROWS if rules.max_length is None else min(rules.max_length, MAX_ROWS)
        return Rows(
            key=question.key,
            kind=question.kind,
            label=question.label,
            row_label=question.row_label,
            why=question.why,
            hint=kind_of(question).hint(question),
            error=self._error(question.key),
            said=self.said.get(question.key, ()),
            before=question.before,
            removable=not rules.rows_fixed and len(numbers) > fewest,
            extendable=not rules.rows_fixed and len(numbers) < most,
            rows=[
                (
                    place,
                    [
                        self._cell(
                            question, number, inner, held[number] if number < len(held) else {}
                        )
                        for inner in question.questions
                    ],
                )
                for place, number in enumerate(numbers, start=1)
            ],
        )

    def _cell(
        self, question: Question, number: int, inner: Question, row: Mapping[str, Value]
    ) -> Field:
        """A question of a row; what the task itself says there is shown and not typed."""
        made = self._field(inner, f"{question.key}.{number}.{inner.key}", row.get(inner.key))
        if question.rules.given is None or inner.key != question.rules.more["given"]:
            return made
        typed = made.typed or question.rules.given[number]
        return replace(made, kind="given", typed=typed, why=None)

    def _table(self, question: Question, held: Sequence[Mapping[str, Value]]) -> Rows:
        return Rows(
            key=question.key,
            kind=question.kind,
            label=question.label,
            row_label=question.row_label,
            why=question.why,
            hint=kind_of(question).hint(question),
            error=self._error(question.key),
            said=self.said.get(question.key, ()),
            before=question.before,
            removable=False,
            extendable=False,
            rows=[],
            table=Table(
                table_field(question),
                [(cell.key, cell.label, cell.required) for cell in question.questions],
                len(held),
                [
                    [as_typed(cell, row.get(cell.key)) for cell in question.questions]
                    for row in held[:_ROWS_SHOWN]
                ],
            ),
        )

    def _numbers(self, question: Question, held: int) -> list[int]:
        """The numbers of the rows to show: those typed, or those held, or those of a fresh page."""
        shown = max(question.rules.rows_shown, 1)
        if question.rules.given is not None:
            return list(range(len(question.rules.given)))
        if question.rules.rows_fixed:
            return list(range(shown))
        numbers = sorted(rows_named(question.key, self.raw))[:MAX_ROWS]
        numbers = numbers or list(range(held or shown))
        if self.extra == question.key and len(numbers) < MAX_ROWS:
            numbers.append(max(numbers, default=-1) + 1)
        return numbers


def _inner(question: Question) -> list[str]:
    return [inner.key for inner in question.questions]


def _by_name(fault: Finding | None) -> Finding | None:
    """A place that is missing, with a name for an example: a page takes names, not only codes."""
    if fault is None or fault.id != "form.E101":
        return fault
    example = codes.division.EXAMPLE_NAME
    return replace(fault, hint=Text("例如：{example}", "For example: {example}", example=example))


def _width(question: Question) -> str:
    form = FORMATS.get(question.rules.format or "")
    if form and form.width:
        return form.width
    return "medium" if (question.rules.max_length or 500) <= 20 else ""


def as_typed(question: Question, value: Value) -> str:
    """An answer as a person would have typed it."""
    return "" if value is None else kind_of(question).retyped(value)


def typed_again(question: Question, value: Value) -> dict[str, list[str]]:
    """An answer as the fields of a page would send it, those in rows among them."""
    kind = kind_of(question)
    if not question.questions:
        typed = as_typed(question, value)
        return {question.key: typed.split("\n") if kind.several else [typed]}
    rows: list[Any] = value if isinstance(value, list) else []
    return {
        f"{question.key}.{number}.{name}": texts
        for number, row in enumerate(rows)
        for inner in question.questions
        for name, texts in typed_again(inner, row.get(inner.key)).items()
    }
