"""form-js beside this platform: what of its forms is not asked here, and what it takes otherwise.

The reference is form-js-viewer 2.0 with schema version 20. What is neither a kind of question nor
named here is unknown, and an unknown component is an error: nothing is skipped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from xiangyun.kernel.feel import Expression, Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec.kinds import kinds

GROUPS = frozenset({"group", "page"})
"""Containers of questions; one at the top level is a page here."""
TRANSPARENT = frozenset({"multipage"})
"""Containers of pages, which are pages without them."""
NEEDLESS = frozenset({"button", "separator", "spacer"})
"""What every page has or needs not: buttons that send, lines and gaps."""
TEXT = "text"
"""Words that stand between questions; shown before the question that follows."""
NOT_SHOWN: Mapping[str, Text] = {
    "html": Text("请改用 text 组件。", "Use a text component."),
    "image": Text("请把图里的话写进 text 组件。", "Say in a text component what it shows."),
    "table": Text("请把内容写进 text 组件或事项的指南。", "Put it into a text, or into the guide."),
    "iframe": Text("页面不嵌入别处的内容。", "Pages hold nothing from elsewhere."),
    "documentPreview": Text(
        "上传的文件在核对页和办件页查看。", "Files are looked at on the check page and in the case."
    ),
}
"""Components that ask nothing and are left out, with what to use instead."""
QUESTION_MEMBERS = frozenset(
    {"type", "key", "label", "description", "validate", "conditional", "properties"}
)
LOOKS = frozenset({"id", "layout", "versionTag"})
"""Members of any component that only change how the editor and form-js show it."""
GROUP_MEMBERS = (
    QUESTION_MEMBERS - {"validate", "description"}
    | LOOKS
    | {"components", "showOutline", "verticalAlignment", "hideOutline", "hideLabel"}
)
REGISTERED = Text(
    "登记机关已有的值，请写 properties.source，例如 person.name。",
    "For a value that a register knows write properties.source, such as person.name.",
)
REFUSED_MEMBERS: Mapping[str, Text] = {
    "readonly": REGISTERED,
    "disabled": REGISTERED,
    "omitFromSubmit": Text(
        "问了就会提交；不需要的请不要问。", "What is asked is sent; do not ask what is not needed."
    ),
}
"""Members of any question that would change what is sent, with what to use instead."""


def components() -> frozenset[str]:
    """The names of all components that are understood."""
    return frozenset(kinds()) | GROUPS | TRANSPARENT | NEEDLESS | {TEXT} | NOT_SHOWN.keys()


NOTED_MEMBERS: Mapping[str, Text] = {
    "appearance": Text(
        "字段前后的符号和单位不显示；请写进 label。",
        "Signs and units beside the field are not shown; put them into the label.",
    )
}
"""Members of any question that have no effect here, and what holds instead."""

_TRIED = 64  # situations a condition is tried with; forms ask about one or two answers


def hidden_otherwise(
    condition: Expression, kinds_by_key: Mapping[str, tuple[str, Sequence[str]]]
) -> dict[str, Value] | None:
    """Answers with which form-js-viewer hides and this platform shows, or the other way round.

    form-js-viewer 2.0 evaluates a condition as a unary test, so that null hides, and lets an
    unticked box be false, an empty text "", nothing chosen an empty list from the start. Here a
    question not yet answered is null, and only true hides. `kinds_by_key` holds the kind and the
    options of each question by key. None where both agree in all that was tried.
    """
    used = sorted(name for name in condition.free_names if name in kinds_by_key)
    ways = [list(_answers(*kinds_by_key[name])) for name in used]
    everybody = dict.fromkeys(kinds_by_key)
    for tried, answers in enumerate(product(*ways)):
        if tried == _TRIED:
            break
        here = condition.evaluate({**everybody, **dict(zip(used, answers, strict=True))})
        there = condition.evaluate(
            {
                **{name: _empty(kind) for name, (kind, _) in kinds_by_key.items()},
                **{
                    name: _empty(kinds_by_key[name][0]) if answer is None else answer
                    for name, answer in zip(used, answers, strict=True)
                },
            }
        )
        if (here is True) != (there is True or there is None):
            return dict(zip(used, answers, strict=True))
    return None


def _empty(kind: str) -> Value:
    """What form-js takes a question for that nobody has answered."""
    if kind in ("textfield", "textarea"):
        return ""
    if kind == "checkbox":
        return False
    known = kinds().get(kind)
    return [] if known and known.several and kind != "filepicker" else None


def _answers(kind: str, options: Sequence[str]) -> Iterator[Value]:
    """Some answers to a question, the first of them none."""
    yield None
    if kind == "checkbox":
        yield from (True, False)
    elif options:
        known = kinds().get(kind)
        for option in options[:3]:
            yield [option] if known and known.several else option
