"""Choosing among options: what select, radio, checklist and taglist have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec import texts
from xiangyun.kernel.formspec.faults import fault, too_few, too_many, wrong_type
from xiangyun.kernel.formspec.model import MAX_OPTIONS, Option, Question
from xiangyun.kernel.formspec.properties import (
    REQUIRED,
    Property,
    WrongValue,
    default,
    longest,
    shortest,
    text,
)
from xiangyun.kernel.formspec.questionkind import QuestionKind, Shown

_OPTIONS_ELSEWHERE = Text(
    "请把选项写在“values”里，每项含 label 与 value。",
    "Write the options in “values”, each with a label and a value.",
)
_ELSEWHERE_FOR_SEVERAL = {
    "valuesKey": _OPTIONS_ELSEWHERE,
    "valuesExpression": _OPTIONS_ELSEWHERE,
}
OFFERED = "valuesKey"
"""The member of form-js that names the input by which a task gives the options."""
_CHOICES = Text("项", "choices")


def one(name: str, title: Text, about: Text, looks: frozenset[str]) -> QuestionKind:
    """A kind that takes one of its options."""
    return QuestionKind(
        name,
        title,
        about,
        Text("文字：所选项的 value", "a text: the value of the option"),
        '"…"',
        _typed_one,
        _given_one,
        _judge_one,
        _words_of_one,
        properties=(
            REQUIRED,
            default(Text("页面上预先选好的选项。", "The option chosen when the page opens."), text),
            Property(
                OFFERED,
                Text(
                    "只用于任务的表单，代替 values：任务的哪个输入给出选项，"
                    "每项写 value 和 label（文字或者 {zh, en}），或者只写文字。",
                    "In forms of tasks, instead of values: which input of the task gives the "
                    "options, each with value and label (a text, or {zh, en}), or a text.",
                ),
                text,
            ),
        ),
        refused={"valuesExpression": _OPTIONS_ELSEWHERE},
        looks=looks,
        ask=Text("请选择", "Please choose"),
        chooses=True,
    )


def several(name: str, title: Text, about: Text) -> QuestionKind:
    """A kind that takes any number of its options, each once."""
    return QuestionKind(
        name,
        title,
        about,
        Text("列表：所选各项的 value，不重复", "a list of the options' values, each once"),
        '["a", "b"]',
        _typed_several,
        _given_several,
        _judge_several,
        _words_of_several,
        _retyped,
        properties=(
            REQUIRED,
            shortest(Text("至少选几项。", "How many must be chosen at least.")),
            longest(Text("至多选几项。", "How many may be chosen at most.")),
            Property(
                "defaultValue",
                Text("页面上预先选好的选项。", "The options chosen when the page opens."),
                _texts,
                rule="default",
            ),
        ),
        refused=_ELSEWHERE_FOR_SEVERAL,
        ask=Text("请至少选择一项", "Please choose at least one"),
        chooses=True,
        several=True,
    )


def _texts(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise WrongValue(Text("选项 value 的列表", "a list of values of options"), "[]")


def _typed_one(question: Question, sent: Sequence[str]) -> Value:
    return texts.clean(sent[-1]) or None if sent and len(sent[-1]) <= _LONGEST else None


def _given_one(question: Question, value: object) -> Value | Finding:
    if isinstance(value, str):
        return texts.clean(value[:_LONGEST]) or None
    return wrong_type(question, '"…"')


_LONGEST = 1000  # characters of an option's value, more than any form has


def _judge_one(question: Question, value: Value, on: date | None) -> Finding | None:
    if OFFERED in question.rules.more and question.rules.given is None:
        return None  # read apart from its task, which knows the options and judges again
    return None if question.option(value) else _not_an_option(question)


def _words_of_one(question: Question, value: Value) -> Shown:
    return [_label(question, value)]


def _typed_several(question: Question, sent: Sequence[str]) -> Value | Finding:
    if len(sent) > len(question.options):
        return _too_many_choices(question, len(sent))
    return list(dict.fromkeys(text for text in sent if text))


def _given_several(question: Question, value: object) -> Value | Finding:
    if not isinstance(value, list):
        return wrong_type(question, '["a", "b"]')
    if len(value) > len(question.options):  # counted before any is read
        return _too_many_choices(question, len(value))
    if not all(isinstance(item, str) for item in value):
        return wrong_type(question, '["a", "b"]')
    return value


def _judge_several(question: Question, values: list[str], on: date | None) -> Finding | None:
    rules, options = question.rules, {option.value for option in question.options}
    if any(value not in options for value in values):
        return _not_an_option(question)
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        label = question.option(twice)
        return fault(
            "form.E124",
            question,
            Text(
                "中“{choice}”选了两次。",
                "has “{choice}” twice.",
                choice=label.label if label else twice,
            ),
        )
    if rules.min_length is not None and len(values) < rules.min_length:
        return too_few(question, rules.min_length, len(values), _CHOICES)
    if rules.max_length is not None and len(values) > rules.max_length:
        return too_many(question, rules.max_length, len(values), _CHOICES)
    return None


def _words_of_several(question: Question, values: Value) -> Shown:
    return [_label(question, value) for value in values]


def _retyped(values: Value) -> str:
    return "\n".join(values)


def offered(question: Question, inputs: Mapping[str, Value]) -> Question:
    """A question with the options that a task gives for it; with none where it gives none.

    Also those of the rows of a list.
    """
    if question.questions:
        asked = tuple(offered(inner, inputs) for inner in question.questions)
        return replace(question, questions=asked)
    name_of = question.rules.more.get(OFFERED)
    if name_of is None:
        return question
    held = inputs.get(str(name_of))
    found: dict[str, Option] = {}
    for each in held if isinstance(held, list) else []:
        value = each.get("value") if isinstance(each, Mapping) else each
        label = each.get("label") if isinstance(each, Mapping) else each
        if isinstance(value, str) and value and len(found) < MAX_OPTIONS:
            found.setdefault(value, Option(value, _words(label) or Text.given(value, value)))
    rules = replace(question.rules, given=tuple(found))
    return replace(question, options=tuple(found.values()), rules=rules)


def _words(label: Value) -> Text | None:
    """The words of an option: a text, or one in each language, `zh` and `en`."""
    if isinstance(label, str) and label:
        return Text.given(label, label)
    if isinstance(label, Mapping) and isinstance(zh := label.get("zh"), str):
        return Text.given(zh, str(label.get("en") or ""))
    return None


def _label(question: Question, value: Value) -> Text | str:
    option = question.option(value)
    return option.label if option else str(value)


def _too_many_choices(question: Question, there: int) -> Finding:
    return too_many(question, len(question.options), there, _CHOICES)


def _not_an_option(question: Question) -> Finding:
    some = [option.label for option in question.options[:3]]
    if len(question.options) > 3:
        some.append(Text("……", "…"))
    return fault(
        "form.E113",
        question,
        Text("应从所列选项中选择：{some}。", "must be one of the options: {some}.", some=some),
    )
