"""What is said about a form file: one function a kind of fault, used by the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from xiangyun.kernel.feel import Expression, Value, text_of
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


def is_near(word: str, known: Iterable[str]) -> bool:
    """Whether a name is so near a known one that it is a typing error."""
    return bool(get_close_matches(word[:100], list(known), n=1, cutoff=0.8))


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
    """A member that nobody reads: a warning where it looks like a typing error, else a note."""
    near = is_near(name, known) or name in ("format", "max_mb")
    return Finding(
        "form.W001" if near else "form.N001",
        "warning" if near else "note",
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


def refused_type(kind: str, instead: Text, place: Place) -> Finding:
    """A component of form-js that asks nothing a person could answer."""
    return Finding(
        "form.E005",
        "error",
        Text(f"不支持的组件类型“{kind}”。", f"Components of type “{kind}” are not supported."),
        place,
        instead,
    )


def untitled(first: Text, place: Place) -> Finding:
    """A page without a title."""
    return Finding(
        "form.W003",
        "warning",
        Text(
            f"这一页没有标题，暂用第一个问题“{first.zh}”。",
            f"This page has no title; that of its first question stands: “{first.en}”.",
        ),
        place,
        Text('例如 "label": "申请人信息"', 'For example "label": "申请人信息"'),
    )


def not_shown(kind: str, instead: Text, place: Place) -> Finding:
    """A component that only shows something, and is left out."""
    return Finding(
        "form.N002",
        "note",
        Text(f"组件“{kind}”在这里不显示。", f"The component “{kind}” is not shown here."),
        place,
        instead,
    )


def means_otherwise(name: str, here: Text, place: Place) -> Finding:
    """A member that has another meaning here, or none."""
    return Finding(
        "form.N003",
        "note",
        Text(f"“{name}”在这里不起作用。", f"“{name}” has no effect here."),
        place,
        here,
    )


def hidden_otherwise(
    source: str, answers: Mapping[str, Value], condition: Expression, place: Place
) -> Finding:
    """A condition that form-js-viewer takes otherwise for some answers."""
    zh = "，".join(f"{name} {_said(value, '未回答')}" for name, value in answers.items())
    en = ", ".join(f"{name} {_said(value, 'not answered')}" for name, value in answers.items())
    return Finding(
        "form.N004",
        "note",
        Text(
            f"条件“{source}”在 {zh} 时，这里与 form-js-viewer 2.0 显隐不同。",
            f"With {en}, the condition “{source}” hides here what form-js-viewer 2.0 shows, or "
            "shows what it hides.",
        ),
        place,
        Text(
            "这里没有回答为 null，只有 true 才隐藏；form-js 中 null 也隐藏，未勾选为 false。"
            "请写成两处都明确的条件，例如“amount != null and amount > 100”。",
            "Here an unanswered question is null and only true hides; in form-js null hides too, "
            "and an unticked box is false. Write what is clear in both: “x != null and x > 100”.",
        ),
    )


def _said(value: Value, nothing: str) -> str:
    return nothing if value is None else f"= {text_of(value)}"


def wrong_default(fault: Finding, place: Place) -> Finding:
    """A default that nobody could send."""
    return Finding(
        "form.E009",
        "error",
        Text(f"预填的值不合格：{fault.message.zh}", f"The default will not do: {fault.message.en}"),
        place,
        fault.hint,
    )


def too_large(there: int, most: int, file: str) -> Finding:
    """A form file too long to be read."""
    return Finding(
        "form.E010",
        "error",
        Text(
            f"表单文件有 {there} 个字符，最多 {most} 个。",
            f"The form file has {there} characters; {most} are the most.",
        ),
        Place(file),
        Text(
            "请拆成几个事项，或删去嵌入的图片。", "Make several services of it, or take images out."
        ),
    )


def too_many_components(most: int, place: Place) -> Finding:
    """More components than anybody would fill in."""
    return Finding(
        "form.E010",
        "error",
        Text(f"表单的组件超过 {most} 个。", f"The form has more than {most} components."),
        place,
        Text("请拆成几个事项，或用多行表。", "Make several services of it, or use a list of rows."),
    )


def more_than_told(told: int, file: str) -> Finding:
    """The rest of the findings, which are not told one by one."""
    return Finding(
        "form.E012",
        "error",
        Text(
            f"还有更多问题：这里只列出前 {told} 条。", f"There is more than these {told} findings."
        ),
        Place(file),
        Text("请先改正这些，再检查一次。", "Correct these and check again."),
    )
