"""Answers back to words: the summary of an application, for its writer and for its readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.core.exceptions import ObjectDoesNotExist

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.vault.sealing import MASK
from xiangyun.kernel import codes
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import FORMATS, Page, Question, kind_of


class Held(Protocol):
    """What a register knows: the value, whose it is, and since when."""

    @property
    def value(self) -> Value: ...

    @property
    def source(self) -> Text: ...

    @property
    def on(self) -> date: ...


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """An answer: its value in words, or the values of a row of a list by their labels.

    `note` says where it came from, `change` leads to where it can be changed.
    """

    label: Text
    value: object = None
    pairs: tuple[tuple[Text, object], ...] = ()
    note: Text | None = None
    error: Finding | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """The answers of a page of the form; `id` is where a link jumps to."""

    id: str
    title: Text
    rows: tuple[SummaryRow, ...]


def summary(
    pages: Sequence[Page],
    answers: Mapping[str, Value],
    *,
    known: Mapping[str, Held] | None = None,
    errors: Mapping[str, Finding] | None = None,
    change: Mapping[str, str] | None = None,
    given_only: bool = False,
) -> list[SummaryGroup]:
    """Answers by page, in words, with where a value came from and where it can be changed.

    `given_only` leaves out what was left empty, for those who read it later.
    """
    groups = []
    for page in pages:
        rows: list[SummaryRow] = []
        for question in page.questions:
            held = (known or {}).get(question.key)
            link = None if held else (change or {}).get(page.key)
            rows += _summary_rows(question, answers.get(question.key), held, errors or {}, link)
        if given_only:
            rows = [row for row in rows if row.value is not None or row.pairs]
        groups.append(SummaryGroup(f"page-{page.key}", page.title, tuple(rows)))
    return groups


def _summary_rows(
    question: Question,
    value: Value,
    held: Held | None,
    errors: Mapping[str, Finding],
    link: str | None,
) -> list[SummaryRow]:
    change = f"{link}#f-{question.key}" if link else None
    if value == MASK:
        return [SummaryRow(question.label, value)]
    if question.questions and isinstance(value, list) and value:
        rows = [
            SummaryRow(
                Text(
                    "{label} {number}", "{label} {number}", label=question.row_label, number=number
                ),
                pairs=_pairs(question, row),
                change=change,
            )
            for number, row in enumerate(value, start=1)
        ]
        error = next((e for k, e in errors.items() if k.startswith(question.key)), None)
        return [*rows[:-1], replace(rows[-1], error=error)]
    note, error = _source(held) if held else None, errors.get(question.key)
    words = in_words(question, value)
    return [SummaryRow(question.label, words, note=note, error=error, change=change)]


def _pairs(question: Question, row: Value) -> tuple[tuple[Text, object], ...]:
    """The answers of a row of a list, each with its label."""
    held = row if isinstance(row, dict) else {}
    return tuple((q.label, in_words(q, held.get(q.key))) for q in question.questions)


def known_rows(questions: Sequence[Question], known: Mapping[str, Held]) -> list[SummaryRow]:
    """What registers know of these questions, with source and date."""
    return [
        SummaryRow(q.label, in_words(q, known[q.key].value), note=_source(known[q.key]))
        for q in questions
        if q.key in known
    ]


def _source(held: Held) -> Text:
    return Text("来自{source}，{on}", "From the {source}, {on}", source=held.source, on=held.on)


def in_words(question: Question, value: Value) -> object:
    """An answer as it is shown: by its kind; places by their path."""
    if value in (None, "", []):
        return None
    if question.rules.format == "division":
        return divisions_words(str(value))
    written = FORMATS.get(question.rules.format or "")
    if written is not None and written.words is not None:
        return written.words(str(value)) or Text.given(str(value), str(value))
    return kind_of(question).words(question, value)


def divisions_words(typed: str) -> Text:
    """A division's code as the path of its names, other words as they are."""
    as_typed = Text.given(typed, typed)
    code = codes.division.typed(typed)
    if not code:
        return as_typed
    try:
        return divisions.path_words(code)
    except ObjectDoesNotExist:
        return as_typed
