"""Which questions are asked, given the answers so far (form-js `conditional.hide`).

A condition may only use questions asked before it, so one pass in order is exact: an answer given
to a question that has since been hidden no longer counts for those after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from xiangyun.kernel.feel import DateTime, Value
from xiangyun.kernel.formspec.model import Question
from xiangyun.kernel.packfile.amounts import rounded


def is_visible(question: Question, context: Mapping[str, Value]) -> bool:
    """Hidden only when a condition is true: an unanswered (null) one hides nothing."""
    return not any(condition.evaluate(context) is True for condition in question.hidden_if)


def follows(question: Question, context: Mapping[str, Value]) -> Value:
    """The answer of a computed question: a number, rounded as declared; a text, day, yes or no."""
    assert question.computed is not None
    value = question.computed.evaluate(context)
    if isinstance(value, Decimal):
        digits = question.rules.decimals
        if digits is None and question.rules.format == "money":
            digits = 2
        return value if digits is None else rounded(value, digits)
    return value if isinstance(value, str | bool | date | DateTime) else None


def _answer(
    question: Question, answers: Mapping[str, Value], context: Mapping[str, Value]
) -> Value:
    """An answer as it was given; what follows from others is worked out anew, in rows as well."""
    if question.computed is not None:
        return follows(question, context)
    value = answers.get(question.key)
    if not isinstance(value, list) or not any(one.computed for one in question.questions):
        return value
    return [
        computed_row(question, row, context, number) if isinstance(row, dict) else row
        for number, row in enumerate(value, start=1)
    ]


def computed_row(
    question: Question, row: Mapping[str, Value], outer: Mapping[str, Value], number: int
) -> dict[str, Value]:
    """A row of a list with what follows from its other cells."""
    found = dict(row)
    for inner in question.questions:
        if inner.computed is not None:
            context = row_context(outer, found, number)
            shown = is_visible(inner, context)
            found[inner.key] = follows(inner, context) if shown else None
    return found


def visible(
    questions: Sequence[Question], answers: Mapping[str, Value]
) -> Iterator[tuple[Question, Value]]:
    """The visible questions in order, each with its answer or None."""
    context: dict[str, Value] = dict.fromkeys(question.key for question in questions)
    for question in questions:
        if is_visible(question, context):
            context[question.key] = _answer(question, answers, context)
            yield question, context[question.key]


def row_context(
    context: Mapping[str, Value], row: Mapping[str, Value], number: int
) -> dict[str, Value]:
    """What a condition inside row `number` (from 1) of a dynamic list may see, as in form-js."""
    return {**context, **row, "this": row, "parent": context, "i": number}
