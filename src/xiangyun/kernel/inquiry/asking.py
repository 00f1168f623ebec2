"""One question about the records of one company: the answer, and the reason without a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyun.kernel.dmn import annotated, decide
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.inquiry.model import Inquiry

Record = Mapping[str, Value]
ON = "on"


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer, the row that gave it, and its reason: a sentence of the declaration."""

    answer: bool
    row_id: str
    reason: Text


def answer(
    inquiry: Inquiry,
    records: Mapping[str, Sequence[Record]],
    chosen: Mapping[str, str],
    on: date,
) -> Answered:
    """Answer a question by the records in force on a day, as FEEL values by input.

    Raises Refused `inquiry.E007` for a choice that is missing or none of the declared values. What
    cannot be decided is answered no.
    """
    inputs: dict[str, Value] = {ON: on}
    for name in inquiry.reads:
        inputs[name] = [dict(each) for each in records.get(name, ())]
    for asked in inquiry.chosen:
        value = chosen.get(asked.name, "")
        if value not in asked.options:
            raise Refused([not_an_option(asked.words, list(asked.options))])
        inputs[asked.name] = value
    decided = decide(inquiry.model, inquiry.decision, inputs)
    fired = decided.trace[-1].fired if decided.trace else ()
    if not fired:
        return Answered(False, "", UNDECIDED)
    return Answered(decided.value is True, fired[0].row_id, annotated(fired[0].annotations))


def not_an_option(name: Text, options: Sequence[str]) -> Finding:
    """A choice that is missing, or none of the values that may be chosen."""
    return Finding(
        "inquiry.E007",
        "error",
        Text("“{name}”没有选，或者不能这样选。", "“{name}” is not chosen, or not so.", name=name),
        hint=Text("可以选：{options}。", "Choose one of: {options}.", options=list(options)),
    )


UNDECIDED = Text("没有能判断的记录。", "There are no records to decide by.")
