"""Whether an answer satisfies its question's rules; if not, what is wrong and what is right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.formats import FORMATS
from xiangyun.kernel.formspec.model import MAX_ROWS, Question

_ASK = {
    "select": Text("请选择", "Please choose"),
    "radio": Text("请选择", "Please choose"),
    "checklist": Text("请至少选择一项", "Please choose at least one"),
    "checkbox": Text("请阅读并勾选", "Please read and tick"),
    "filepicker": Text("请上传", "Please attach"),
    "dynamiclist": Text("请至少填写一行", "Please fill in at least one row of"),
}
_FILL_IN = Text("请填写", "Please fill in")


def judge(question: Question, value: Value, on: date | None = None) -> Finding | None:
    """The first rule an answer breaks, or None. `on` is the day for disallowPassedDates."""
    if value is None or value is False or value in ("", []):  # the number 0 is an answer
        return _unanswered(question) if question.required else None
    match question.kind:
        case "textfield" | "textarea":
            return _judge_text(question, value)
        case "number":
            return _judge_number(question, value)
        case "datetime":
            return _judge_date(question, value, on)
        case "select" | "radio":
            return _judge_choice(question, [value])
        case "checklist":
            return _judge_choice(question, value)
        case "filepicker":
            return _judge_files(question, value)
        case "dynamiclist" if len(value) > MAX_ROWS:
            return _fault(
                "form.E118",
                question,
                f"最多 {MAX_ROWS} 行，这里有 {len(value)} 行。",
                f"has at most {MAX_ROWS} rows, not {len(value)}.",
            )
    return None


def not_a_number(question: Question) -> Finding:
    """Text that is no decimal number."""
    return _fault(
        "form.E107", question, "应为数字。", "must be a number.", _example_number(question)
    )


def not_a_date(question: Question) -> Finding:
    """Text that is no date."""
    return _fault(
        "form.E111",
        question,
        "应为存在的日期，依次为年、月、日。",
        "must be a date that exists, in the order year, month, day.",
        "2026-04-09",
    )


def wrong_kind(question: Question) -> Finding:
    """JSON of another type than the question's."""
    wanted = {
        "number": "12.5",
        "checkbox": "true",
        "checklist": '["a", "b"]',
        "datetime": '"2026-04-09"',
        "filepicker": '[{"name": "a.pdf", "size": 1024, "reference": "…"}]',
        "dynamiclist": '[{"name": "…"}]',
    }.get(question.kind, '"…"')
    return _fault("form.E103", question, "的数据类型不对。", "has the wrong JSON type.", wanted)


def unknown_answer(key: str, known: Iterable[str]) -> Finding:
    """An answer to a question that the form does not ask."""
    near = get_close_matches(key, list(known), n=1)
    return Finding(
        "form.E102",
        "error",
        Text(f"表单中没有问题“{key}”。", f"The form has no question “{key}”."),
        hint=Text(f"是不是“{near[0]}”？", f"Did you mean “{near[0]}”?") if near else None,
    )


def _unanswered(question: Question) -> Finding:
    ask = _ASK.get(question.kind, _FILL_IN)
    name = question.rules.format
    example = FORMATS[name].example if name else ""
    message = Text(f"{ask.zh}“{question.label.zh}”。", f"{ask.en} “{question.label.en}”.")
    return Finding("form.E101", "error", message, hint=_example(example))


def _judge_text(question: Question, text: str) -> Finding | None:
    rules = question.rules
    if rules.format and (problem := FORMATS[rules.format].problem(text)):
        return problem
    if rules.min_length is not None and len(text) < rules.min_length:
        return _fault(
            "form.E104",
            question,
            f"至少 {rules.min_length} 个字，这里是 {len(text)} 个。",
            f"needs at least {rules.min_length} characters; there are {len(text)}.",
        )
    if rules.max_length is not None and len(text) > rules.max_length:
        return _fault(
            "form.E105",
            question,
            f"最多 {rules.max_length} 个字，这里是 {len(text)} 个。",
            f"takes at most {rules.max_length} characters; there are {len(text)}.",
        )
    if rules.pattern and not rules.pattern.search(text):
        zh, en = f"“{question.label.zh}”的格式不对。", f"“{question.label.en}” has a wrong form."
        words = rules.pattern_words or Text(zh, en)
        return Finding("form.E106", "error", words, hint=question.why)
    return None


def _judge_number(question: Question, number: Decimal) -> Finding | None:
    rules = question.rules
    if rules.minimum is not None and number < rules.minimum:
        return _fault(
            "form.E108",
            question,
            f"不能小于 {rules.minimum:,f}，这里是 {number:,f}。",
            f"must be {rules.minimum:,f} or more, not {number:,f}.",
        )
    if rules.maximum is not None and number > rules.maximum:
        return _fault(
            "form.E109",
            question,
            f"不能大于 {rules.maximum:,f}，这里是 {number:,f}。",
            f"must be {rules.maximum:,f} or less, not {number:,f}.",
        )
    exponent = number.normalize().as_tuple().exponent
    if rules.decimals is not None and isinstance(exponent, int) and -exponent > rules.decimals:
        zh = f"最多 {rules.decimals} 位小数" if rules.decimals else "应为整数"
        en = f"takes at most {rules.decimals} decimals" if rules.decimals else "is a whole number"
        example = f"{round(number, rules.decimals):f}"
        return _fault("form.E110", question, f"{zh}。", f"{en}.", example)
    return None


def _judge_date(question: Question, day: date, on: date | None) -> Finding | None:
    if question.rules.not_past and on is not None and day < on:
        return _fault(
            "form.E112",
            question,
            f"不能早于今天（{on.year}年{on.month}月{on.day}日）。",
            f"cannot be before today ({on.isoformat()}).",
            on.isoformat(),
        )
    return None


def _judge_choice(question: Question, values: list[str]) -> Finding | None:
    if all(question.option(value) for value in values):
        return None
    some = question.options[:3]
    more = ("……", "…") if len(question.options) > 3 else ("", "")
    return _fault(
        "form.E113",
        question,
        "应从所列选项中选择：" + "、".join(option.label.zh for option in some) + more[0],
        "must be one of the options: " + ", ".join(option.label.en for option in some) + more[1],
    )


def _judge_files(question: Question, files: list[dict[str, Value]]) -> Finding | None:
    if len(files) > 1 and not question.multiple:
        return _fault("form.E117", question, "只能上传一个文件。", "takes one file only.")
    for file in files:
        name, size = file["name"], int(file["size"])
        if question.accept and not name.lower().endswith(question.accept):
            endings = "、".join(question.accept), ", ".join(question.accept)
            return _fault(
                "form.E115",
                question,
                f"不接受文件“{name}”，可上传的类型：{endings[0]}。",
                f"does not take “{name}”; it takes {endings[1]}.",
            )
        if size == 0:
            return _fault(
                "form.E116",
                question,
                f"的文件“{name}”是空的，请重新选择。",
                f"got an empty file, “{name}”: please choose it again.",
            )
        if question.max_bytes is not None and size > question.max_bytes:
            limit = f"{question.max_bytes / 1_000_000:g} MB"
            return _fault(
                "form.E114",
                question,
                f"的文件“{name}”为 {size / 1_000_000:.1f} MB，不能超过 {limit}；请压缩后再传。",
                f"takes files of up to {limit}; “{name}” has {size / 1_000_000:.1f} MB. "
                "Please compress it.",
            )
    return None


def _example_number(question: Question) -> str:
    return f"{question.rules.minimum:f}" if question.rules.minimum is not None else "12000"


def _example(example: str) -> Text | None:
    return Text(f"例如：{example}", f"For example: {example}") if example else None


def _fault(id: str, question: Question, zh: str, en: str, example: str = "") -> Finding:
    """A sentence about the question by its own words."""
    message = Text(f"“{question.label.zh}”{zh}", f"“{question.label.en}” {en}")
    return Finding(id, "error", message, hint=_example(example))
