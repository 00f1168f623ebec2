"""Answers back to words: the summary of an application, for its writer and for its readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel import codes
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import Page, Question, kind_of


def summary(
    pages: Sequence[Page],
    answers: Mapping[str, Value],
    *,
    known: Mapping[str, Any] | None = None,
    errors: Mapping[str, Finding] | None = None,
    change: Mapping[str, str] | None = None,
    given_only: bool = False,
) -> list[SimpleNamespace]:
    """Answers by page, in words, with where a value came from and where it can be changed.

    `given_only` leaves out what was left empty, for those who read it later.
    """
    groups = []
    for page in pages:
        rows: list[SimpleNamespace] = []
        for question in page.questions:
            held = (known or {}).get(question.key)
            link = None if held else (change or {}).get(page.key)
            rows += _summary_rows(question, answers.get(question.key), held, errors or {}, link)
        if given_only:
            rows = [row for row in rows if row.value is not None or row.pairs]
        groups.append(SimpleNamespace(id=f"page-{page.key}", title=page.title, rows=rows))
    return groups


def _summary_rows(
    question: Question,
    value: Value,
    held: Any,
    errors: Mapping[str, Finding],
    link: str | None,
) -> list[SimpleNamespace]:
    note = _source(held) if held else None
    if question.questions and isinstance(value, list) and value:
        rows = []
        for number, row in enumerate(value, start=1):
            label = Text(
                "{label} {number}", "{label} {number}", label=question.label, number=number
            )
            made = _row(question, label, None, None, None, link)
            made.pairs = [(q.label, in_words(q, row.get(q.key))) for q in question.questions]
            rows.append(made)
        rows[-1].error = next((e for k, e in errors.items() if k.startswith(question.key)), None)
        return rows
    error = errors.get(question.key)
    return [_row(question, question.label, in_words(question, value), note, error, link)]


def _row(
    question: Question,
    label: Text,
    value: Any,
    note: Text | None,
    error: Finding | None,
    link: str | None,
) -> SimpleNamespace:
    change = f"{link}#f-{question.key}" if link else None
    return SimpleNamespace(
        label=label, value=value, pairs=(), note=note, error=error, change=change
    )


def known_rows(questions: Sequence[Question], known: Mapping[str, Any]) -> list[SimpleNamespace]:
    """What registers know of these questions, with source and date."""
    return [
        _row(q, q.label, in_words(q, known[q.key].value), _source(known[q.key]), None, None)
        for q in questions
        if q.key in known
    ]


def _source(held: Any) -> Text:
    return Text("来自{source}，{on}", "From the {source}, {on}", source=held.source, on=held.on)


def in_words(question: Question, value: Value) -> Any:
    """An answer as it is shown: by its kind; places by their path."""
    if value in (None, "", []):
        return None
    if question.rules.format == "division":
        return divisions_words(str(value))
    return kind_of(question).words(question, value)


def divisions_words(typed: str) -> str:
    """A division's code as the path of its names, other words as they are."""
    code = codes.division.typed(typed)
    if not code:
        return typed
    try:
        return " ".join(step.name for step in divisions.path(code)[1:]) or typed
    except ObjectDoesNotExist:
        return typed
