"""From a form's questions to fields on a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import cached_property

from xiangyun.domain.divisions import queries as divisions
from xiangyun.faces.look.answers import divisions_words
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.kernel import codes
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import Question, Reading

_KINDS = {"textfield": "text", "datetime": "text", "filepicker": "file"}
_HINTS = {
    "resident-id": Text("18 位，最后一位可能是 X。", "18 characters; the last may be an X."),
    "uscc": Text("18 位，印在营业执照上。", "18 characters, printed on the licence."),
    "mobile": Text("11 位手机号码。", "11 digits."),
    "division": Text(
        "写村（社区）的名称，例如“靖边村”；也可以写 12 位区划代码。",
        "The name of the village or community in Chinese, such as 靖边村, or its 12-digit code.",
    ),
}
_DATE_HINT = Text("例如 2027-04-09 或 2027年4月9日。", "For example 2027-04-09.")


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows on the page, each a group of fields."""

    key: str
    label: Text
    why: Text | None
    rows: Sequence[tuple[int, Sequence[Field]]]
    error: Finding | None = None
    kind: str = "rows"

    @property
    def id(self) -> str:
        return f"f-{self.key}"


@dataclass(frozen=True)
class Asking:
    """One page to be asked: its questions, the answers so far, and what was just typed, if at all.

    `kept` are the names of files received, by question; `extra` adds an empty row to that list.
    """

    questions: Sequence[Question]
    answers: Mapping[str, Value]
    reading: Reading | None = None
    kept: Mapping[str, Sequence[str]] = field(default_factory=dict)
    places: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: str = ""

    @cached_property
    def fields(self) -> list[Field | Rows]:
        """The fields in the form's order; lists as rows."""
        return [
            self._rows(q) if q.kind == "dynamiclist" else self._field(q, q.key)
            for q in self.questions
        ]

    @property
    def errors(self) -> list[tuple[str, Finding]]:
        """The faults with the ids to jump to, in the order of the page."""
        found: list[tuple[str, Finding]] = []
        for item in self.fields:
            if item.error:
                found.append((item.id, item.error))
            if isinstance(item, Rows):
                found += [(f.id, f.error) for _, row in item.rows for f in row if f.error]
        return found

    def _error(self, name: str) -> Finding | None:
        return self.reading.errors.get(name) if self.reading else None

    def _typed(self, name: str, value: Value) -> str:
        if name in self.raw:
            return "\n".join(self.raw[name])
        if self.reading and name in self.reading.typed:
            return self.reading.typed[name]
        return as_typed(value)

    def _field(self, question: Question, name: str, value: Value = None) -> Field:
        if name == question.key:
            value = self.answers.get(name)
        typed = self._typed(name, value)
        chosen = typed.split("\n") if question.kind == "checklist" else [typed]
        style = question.rules.format or ""
        hint = _DATE_HINT if question.kind == "datetime" else _HINTS.get(style)
        if question.kind == "filepicker":
            hint = file_hint(question)
        made = Field(
            key=name,
            kind=_KINDS.get(question.kind, question.kind),
            label=question.label,
            hint=hint,
            why=question.why,
            required=question.required,
            typed=typed,
            choices=[Choice(o.value, o.label, o.value in chosen) for o in question.options],
            error=self._error(name),
            width=_width(question),
            inputmode=_inputmode(question),
            autocomplete={"mobile": "tel", "name": "name"}.get(style, "off"),
            accept=",".join(question.accept),
            kept=self.kept.get(name, ()),
        )
        if style == "division":
            shown = divisions_words(typed)
            return replace(made, kind="place", typed=shown, choices=self.places.get(name, ()))
        return replace(made, kind="text") if question.kind == "number" else made

    def _rows(self, question: Question) -> Rows:
        rows = self.answers.get(question.key)
        held: list[Any] = rows if isinstance(rows, list) else []
        numbers = self._numbers(question.key, len(held))
        return Rows(
            key=question.key,
            label=question.label,
            why=question.why,
            error=self._error(question.key),
            rows=[
                (
                    place,
                    [
                        self._field(
                            inner,
                            f"{question.key}.{number}.{inner.key}",
                            held[number].get(inner.key) if number < len(held) else None,
                        )
                        for inner in question.questions
                    ],
                )
                for place, number in enumerate(numbers, start=1)
            ],
        )

    def _numbers(self, key: str, held: int) -> list[int]:
        """The numbers of the rows to show: those typed, or those held, at least one."""
        typed = sorted(
            {
                int(match[1])
                for name in self.raw
                if (match := re.fullmatch(rf"{re.escape(key)}\.([0-9]{{1,4}})\.\w+", name))
            }
        )
        numbers = typed or list(range(held))
        if self.extra == key or not numbers:
            numbers.append(max(numbers, default=-1) + 1)
        return numbers


def _width(question: Question) -> str:
    if question.kind in ("datetime", "number"):
        return "short"
    if question.rules.format in ("resident-id", "uscc", "mobile", "name"):
        return "medium"
    return "medium" if (question.rules.max_length or 500) <= 20 else ""


def _inputmode(question: Question) -> str:
    if question.kind == "number":
        return "decimal"
    return "tel" if question.rules.format == "mobile" else ""


def file_hint(question: Question) -> Text:
    """What files a question takes."""
    endings = [ending.removeprefix(".").upper() for ending in question.accept]
    limit = (question.max_bytes or 0) // 1_000_000
    return Text(
        f"{'、'.join(endings) or '任何类型'}，不超过 {limit} MB。",
        f"{', '.join(endings) or 'Any type'}, {limit} MB at most.",
    )


def as_typed(value: Value) -> str:
    """An answer as a person would have typed it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else ""
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case list():
            return "\n".join(str(item) for item in value)
    return str(value)


def find_place(typed: str, picked: str, within: int) -> str | list[Choice]:
    """The code of the place that was typed or picked; choices when it could be several.

    A path of names, from above downwards, is looked up by its last name and checked by the others.
    No choice at all means that there is no such place within the division.
    """
    if codes.division.typed(picked):
        return picked
    words = typed.replace("›", " ").replace(">", " ").split()
    if not words or codes.division.typed(typed):
        return typed
    found = [
        d
        for d in divisions.find(words[-1], limit=100, within=within)
        if all(any(w in step.name for step in divisions.path(d.code)) for w in words)
    ]
    exact = [d for d in found if d.name == words[-1]]
    found = exact if len(exact) == 1 else found
    if len(found) == 1:
        return str(found[0].code)
    paths = [(d.code, " ".join(s.name for s in divisions.path(d.code)[1:])) for d in found[:12]]
    return [Choice(str(code), Text(path, path)) for code, path in paths]
