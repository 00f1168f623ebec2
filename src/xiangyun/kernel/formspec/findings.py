"""What is said about a form file: one function a kind of fault, used by the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiangyun.kernel.feel import Expression, Value, text_of
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.spelling import did_you_mean, nearest


def missing(what: str, where: Text, example: str, place: Place) -> Finding:
    """A member that a component cannot be without."""
    return Finding(
        "form.E003",
        "error",
        Text(
            "{where}缺少“{what}”，或其类型不对。",
            "{where} lacks a proper “{what}”.",
            where=where,
            what=what,
        ),
        place,
        Text("例如：{example}", "For example: {example}", example=example),
    )


def wrong_value(name: str, wanted: Text, example: str, place: Place) -> Finding:
    """A member whose value cannot be used."""
    return Finding(
        "form.E004",
        "error",
        Text("“{name}”应为{wanted}。", "“{name}” must be {wanted}.", name=name, wanted=wanted),
        place,
        Text("例如：{example}", "For example: {example}", example=example),
    )


def unknown_type(kind: str, known: Iterable[str], place: Place) -> Finding:
    """A component that is not understood here."""
    return Finding(
        "form.E005",
        "error",
        Text(
            "不支持的组件类型“{kind}”。",
            "Components of type “{kind}” are not supported.",
            kind=kind,
        ),
        place,
        did_you_mean(kind, known),
    )


def taken(key: str, line: int, place: Place) -> Finding:
    """Two questions, pages or options with one key."""
    return Finding(
        "form.E006",
        "error",
        Text(
            "标识“{key}”已在第 {line} 行使用。",
            "The key “{key}” is already used on line {line}.",
            key=key,
            line=line,
        ),
        place,
        Text("请改用另一个，使其不重复。", "Give each a name of its own."),
    )


def unsupported(name: str, instead: Text, place: Place) -> Finding:
    """A feature of form-js that would change what a form means and is not offered here."""
    return Finding(
        "form.E007",
        "error",
        Text("此处不支持“{name}”。", "“{name}” is not supported here.", name=name),
        place,
        instead,
    )


def unknown_rule(name: str, kind: str, known: Iterable[str], place: Place) -> Finding:
    """A rule that form-js does not have, so that nothing would be checked."""
    return Finding(
        "form.E008",
        "error",
        Text(
            "“{kind}”没有校验规则“{name}”，它不会起作用。",
            "A “{kind}” has no rule “{name}”: it would check nothing.",
            kind=kind,
            name=name,
        ),
        place,
        did_you_mean(name, known),
    )


def asked_later(name: str, place: Place) -> Finding:
    """A condition on an answer that is not there yet."""
    return Finding(
        "form.E011",
        "error",
        Text(
            "条件引用了“{name}”，但这个问题在后面才问。",
            "The condition needs “{name}”, which is asked only later.",
            name=name,
        ),
        place,
        Text(
            "请把“{name}”移到前面，或调整条件。",
            "Move “{name}” before it, or change the condition.",
            name=name,
        ),
    )


def unknown_member(name: str, kind: str, known: Iterable[str], place: Place) -> Finding:
    """A member that nobody reads: a warning where it looks like a typing error, else a note."""
    near = nearest(name, known, 0.8) is not None or name in ("format", "max_mb")
    return Finding(
        "form.W001" if near else "form.N001",
        "warning" if near else "note",
        Text(
            "“{kind}”的属性“{name}”不会被使用。",
            "The member “{name}” of a “{kind}” is not used.",
            kind=kind,
            name=name,
        ),
        place,
        did_you_mean(name, known),
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
            '请加上，例如："patternErrorMessage": "车牌号以“吉”开头，例如 吉H12345"',
            'Add, for example: "patternErrorMessage": "车牌号以“吉”开头，例如 吉H12345"',
        ),
    )


def untitled(first: Text, place: Place) -> Finding:
    """A page without a title."""
    return Finding(
        "form.W003",
        "warning",
        Text(
            "这一页没有标题，暂用第一个问题“{first}”。",
            "This page has no title; that of its first question stands: “{first}”.",
            first=first,
        ),
        place,
        Text('例如："label": "申请人信息"', 'For example: "label": "申请人信息"'),
    )


def not_shown(kind: str, instead: Text, place: Place) -> Finding:
    """A component that only shows something, and is left out."""
    return Finding(
        "form.N002",
        "note",
        Text("组件“{kind}”在这里不显示。", "The component “{kind}” is not shown here.", kind=kind),
        place,
        instead,
    )


def means_otherwise(name: str, here: Text, place: Place) -> Finding:
    """A member that has another meaning here, or none."""
    return Finding(
        "form.N003",
        "note",
        Text("“{name}”在这里不起作用。", "“{name}” has no effect here.", name=name),
        place,
        here,
    )


def hidden_otherwise(
    source: str, answers: Mapping[str, Value], condition: Expression, place: Place
) -> Finding:
    """A condition that form-js-viewer takes otherwise for some answers."""
    given = [
        Text("{name} {value}", "{name} {value}", name=name, value=_said(value))
        for name, value in answers.items()
    ]
    return Finding(
        "form.N004",
        "note",
        Text(
            "条件“{source}”在 {given} 时，这里与 form-js-viewer 2.0 显隐不同。",
            "With {given}, the condition “{source}” hides here what form-js-viewer 2.0 shows, or "
            "shows what it hides.",
            source=source,
            given=given,
        ),
        place,
        Text(
            "这里没有回答为 null，只有 true 才隐藏；form-js 中 null 也隐藏，未勾选为 false。"
            "请写成两处都明确的条件，例如“amount != null and amount > 100”。",
            "Here an unanswered question is null and only true hides; in form-js null hides too, "
            "and an unticked box is false. Write what is clear in both: “x != null and x > 100”.",
        ),
    )


def _said(value: Value) -> Text:
    if value is None:
        return Text("未回答", "not answered")
    return Text("= {value}", "= {value}", value=text_of(value))


def wrong_default(fault: Finding, place: Place) -> Finding:
    """A default that nobody could send."""
    return Finding(
        "form.E009",
        "error",
        Text(
            "预填的值不合格：{message}", "The default will not do: {message}", message=fault.message
        ),
        place,
        fault.hint,
    )


def too_large(there: int, most: int, file: str) -> Finding:
    """A form file too long to be read."""
    return Finding(
        "form.E010",
        "error",
        Text(
            "表单文件有 {there} 个字符，最多 {most} 个。",
            "The form file has {there} characters; {most} are the most.",
            there=there,
            most=most,
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
        Text("表单的组件超过 {most} 个。", "The form has more than {most} components.", most=most),
        place,
        Text("请拆成几个事项，或用多行表。", "Make several services of it, or use a list of rows."),
    )


def more_than_told(told: int, file: str) -> Finding:
    """The rest of the findings, which are not told one by one."""
    return Finding(
        "form.E012",
        "error",
        Text(
            "还有更多问题：这里只列出前 {told} 条。",
            "There is more than these {told} findings.",
            told=told,
        ),
        Place(file),
        Text("请先改正这些，再检查一次。", "Correct these and check again."),
    )
