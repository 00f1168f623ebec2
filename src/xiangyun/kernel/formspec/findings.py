"""What is said about a form file: one function a kind of fault, used by the reader."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from xiangyun.kernel.findings import Finding, Place, Text


def meant(word: str, known: Iterable[str]) -> Text | None:
    """A hint for a mistyped word: the nearest known one, or all of them when they are few."""
    words = sorted(known)
    near = get_close_matches(word, words, n=1)
    if near:
        return Text(f"是不是“{near[0]}”？", f"Did you mean “{near[0]}”?")
    if words and len(words) <= 16:
        listed = ", ".join(words)
        return Text(f"可用的有：{listed}", f"Known are: {listed}")
    return None


def missing(what: str, where: Text, example: str, place: Place) -> Finding:
    """A member that a component cannot be without."""
    return Finding(
        "form.E003",
        "error",
        Text(f"{where.zh}缺少“{what}”，或其类型不对。", f"{where.en} lacks a proper “{what}”."),
        place,
        Text(f"例如 {example}", f"For example {example}"),
    )


def wrong_value(name: str, wanted: Text, example: str, place: Place) -> Finding:
    """A member whose value cannot be used."""
    return Finding(
        "form.E004",
        "error",
        Text(f"“{name}”应为{wanted.zh}。", f"“{name}” must be {wanted.en}."),
        place,
        Text(f"例如 {example}", f"For example {example}"),
    )


def unknown_type(kind: str, known: Iterable[str], place: Place) -> Finding:
    """A component that is not understood here."""
    return Finding(
        "form.E005",
        "error",
        Text(f"不支持的组件类型“{kind}”。", f"Components of type “{kind}” are not supported."),
        place,
        meant(kind, known),
    )


def taken(key: str, line: int, place: Place) -> Finding:
    """Two questions, pages or options with one key."""
    return Finding(
        "form.E006",
        "error",
        Text(
            f"标识“{key}”已在第 {line} 行使用。",
            f"The key “{key}” is already used on line {line}.",
        ),
        place,
        Text("请改用另一个，使其不重复。", "Give each a name of its own."),
    )


def unsupported(name: str, instead: Text, place: Place) -> Finding:
    """A feature of form-js that would change what a form means and is not offered here."""
    return Finding(
        "form.E007",
        "error",
        Text(f"此处不支持“{name}”。", f"“{name}” is not supported here."),
        place,
        instead,
    )


def unknown_rule(name: str, kind: str, known: Iterable[str], place: Place) -> Finding:
    """A rule that form-js does not have, so that nothing would be checked."""
    return Finding(
        "form.E008",
        "error",
        Text(
            f"“{kind}”没有校验规则“{name}”，它不会起作用。",
            f"A “{kind}” has no rule “{name}”: it would check nothing.",
        ),
        place,
        meant(name, known),
    )


def asked_later(name: str, place: Place) -> Finding:
    """A condition on an answer that is not there yet."""
    return Finding(
        "form.E011",
        "error",
        Text(
            f"条件引用了“{name}”，但这个问题在后面才问。",
            f"The condition needs “{name}”, which is asked only later.",
        ),
        place,
        Text(
            f"请把“{name}”移到前面，或调整条件。",
            f"Move “{name}” before it, or change the condition.",
        ),
    )


def unknown_member(name: str, kind: str, known: Iterable[str], place: Place) -> Finding:
    """A member that nobody reads."""
    return Finding(
        "form.W001",
        "warning",
        Text(
            f"“{kind}”的属性“{name}”不会被使用。",
            f"The member “{name}” of a “{kind}” is not used.",
        ),
        place,
        meant(name, known),
    )


def silent_pattern(place: Place) -> Finding:
    """A pattern that nobody explains: people cannot read regular expressions."""
    return Finding(
        "form.W002",
        "warning",
        Text(
            "“pattern”没有说明文字，填错的人不知道怎样才对。",
            "The “pattern” has no words: who gets it wrong is not told what is right.",
        ),
        place,
        Text(
            '请加上例如 "patternErrorMessage": "车牌号以“吉”开头，例如 吉H12345"',
            'Add, for example, "patternErrorMessage": "车牌号以“吉”开头，例如 吉H12345"',
        ),
    )
