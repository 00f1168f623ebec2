"""Whether an answer satisfies its question's rules; if not, what is wrong and what is right."""

from __future__ import annotations

from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.formspec.faults import unanswered
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.kinds import kind_of
from xiangyun.kernel.formspec.model import Question


def judge(question: Question, value: Value, on: date | None = None) -> Finding | None:
    """The first rule an answer breaks, or None. `on` is the day for disallowPassedDates."""
    kind = kind_of(question)
    if value is None or value is False or value in ("", []):  # the number 0 is an answer
        if question.questions and question.rules.given:  # rows that a task gave are not left out
            return kind.judge(question, [], on)
        if not question.required:
            return None
        # Of a number the format is how it is written, and nothing that is typed.
        typed = FORMATS.get(question.rules.format or "")
        return unanswered(question, kind.ask, typed.example if typed else "")
    return kind.judge(question, value, on)
