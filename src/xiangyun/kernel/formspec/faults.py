"""What is wrong with an answer: a sentence about the question by its own words, and an example."""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.formspec.model import MAX_DIGITS, Question
from xiangyun.kernel.spelling import nearest, perhaps


def fault(id: str, question: Question, words: Text, example: str = "") -> Finding:
    """A sentence that begins with the label of the question."""
    message = Text("“{label}”{words}", "“{label}” {words}", label=question.label, words=words)
    return Finding(id, "error", message, hint=for_example(example))


def for_example(example: str) -> Text | None:
    """An example as a hint."""
    return Text("例如：{example}", "For example: {example}", example=example) if example else None


def unanswered(question: Question, ask: Text, example: str) -> Finding:
    """A required question that was left empty."""
    message = Text("{ask}“{label}”。", "{ask} “{label}”.", ask=ask, label=question.label)
    return Finding("form.E101", "error", message, hint=for_example(example))


def unknown_answer(key: str, known: Iterable[str]) -> Finding:
    """An answer to a question that the form does not ask."""
    return Finding(
        "form.E102",
        "error",
        Text("表单中没有问题“{key}”。", "The form has no question “{key}”.", key=key[:100]),
        hint=perhaps(nearest(key, known)),
    )


def wrong_type(question: Question, example: str) -> Finding:
    """JSON of another type than the question's."""
    return fault(
        "form.E103", question, Text("的数据类型不对。", "has the wrong JSON type."), example
    )


def too_few(question: Question, least: int, there: int, of: Text) -> Finding:
    """Fewer characters, choices, files or rows than wanted."""
    return fault(
        "form.E104",
        question,
        Text(
            "至少 {least} {of}，这里是 {there} {of}。",
            "needs at least {least} {of}; there are {there}.",
            least=least,
            of=of,
            there=there,
        ),
    )


def too_many(question: Question, most: int, there: int, of: Text, id: str = "form.E105") -> Finding:
    """More characters, choices, files or rows than taken."""
    return fault(
        id,
        question,
        Text(
            "最多 {most} {of}，这里是 {there} {of}。",
            "takes at most {most} {of}; there are {there}.",
            most=most,
            of=of,
            there=there,
        ),
    )


def too_long_a_number(question: Question) -> Finding:
    """A number with more digits than any office needs, which would fill pages."""
    return fault(
        "form.E107",
        question,
        Text(
            "应为数字，小数点前后各不超过 {max_digits} 位。",
            "must be a number of at most {max_digits} digits before and after the point.",
            max_digits=MAX_DIGITS,
        ),
        "12000",
    )


def more_than_told(told: int) -> Finding:
    """The rest of the faults, which are not told one by one."""
    return Finding(
        "form.E119",
        "error",
        Text(
            "还有更多错误：这里只列出前 {told} 处。",
            "There are more faults than these {told}.",
            told=told,
        ),
        hint=Text("请先改正这些，再发一次。", "Correct these and send again."),
    )
