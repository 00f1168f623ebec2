"""Which questions are asked, given the answers so far (form-js `conditional.hide`).

A condition may only use questions asked before it, so one pass in order is exact: an answer given
to a question that has since been hidden no longer counts for those after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from xiangyun.kernel.feel import Value
from xiangyun.kernel.formspec.model import Question


def is_visible(question: Question, context: Mapping[str, Value]) -> bool:
    """Hidden only when a condition is true: an unanswered (null) one hides nothing."""
    return not any(condition.evaluate(context) is True for condition in question.hidden_if)


def visible(
    questions: Sequence[Question], answers: Mapping[str, Value]
) -> Iterator[tuple[Question, Value]]:
    """The visible questions in order, each with its answer or None."""
    context: dict[str, Value] = dict.fromkeys(question.key for question in questions)
    for question in questions:
        if is_visible(question, context):
            context[question.key] = answers.get(question.key)
            yield question, context[question.key]


def row_context(
    context: Mapping[str, Value], row: Mapping[str, Value], number: int
) -> dict[str, Value]:
    """What a condition inside row `number` (from 1) of a dynamic list may see, as in form-js."""
    return {**context, **row, "this": row, "parent": context, "i": number}
