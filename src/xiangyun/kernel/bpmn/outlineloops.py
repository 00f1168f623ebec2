"""Loops of an outline: for each of which list a step is done, in which order, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xiangyun.kernel.bpmn.markup import ZEEBE
from xiangyun.kernel.bpmn.vocabulary import SUBPROCESSES, TASKS
from xiangyun.kernel.packfile.xmlsource import (
    Change,
    Source,
    Tag,
    as_attribute,
    as_content,
    prefixed,
)

_MANY, _AGAIN = "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
_DETAIL = "loopCharacteristics"
_CONDITION = {_MANY: "completionCondition", _AGAIN: "loopCondition"}
_BEFORE = ("documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef",
           "incoming", "outgoing", "ioSpecification", "property", "dataInputAssociation",
           "dataOutputAssociation", "resourceRole", "performer", "humanPerformer",
           "potentialOwner")  # fmt: skip
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Repeated:
    """How a step is repeated. All that is written is kept as it is written.

    `each`: the list, one time for each of it; `item`: what one of it is called; `order`: `true` for
    one after another; `until`: the condition after which it is enough, or as long as which it goes
    on where `is_again`, a loop without a list.
    """

    each: str
    item: str
    order: str
    until: str
    is_there: bool
    is_again: bool = False


FIELDS = ("each", "item", "order", "until")


def repeated(source: Source, step: Tag) -> Repeated | None:
    """How a step is repeated; None for what cannot be."""
    if step.name not in (*TASKS, *SUBPROCESSES, "callActivity"):
        return None
    loop = step.first(_MANY, _AGAIN)
    if loop is None:
        return Repeated("", "", "", "", False)
    told, condition = _detail(loop), loop.first(_CONDITION[loop.name])
    return Repeated(
        told.get("inputCollection") if told else "",
        told.get("inputElement") if told else "",
        loop.get("isSequential"),
        source.text_of(condition),
        True,
        loop.name == _AGAIN,
    )


def changes(source: Source, step: Tag, values: Mapping[str, str]) -> Iterator[Change]:
    """Repeat a step in another way; with a list that it had not it becomes one, without it none.

    `values` by `FIELDS`; one that is not there, or is as it was, changes nothing.
    """
    now = repeated(source, step)
    if now is None:
        return
    wanted = {name: values.get(name, getattr(now, name)) for name in FIELDS}
    loop = step.first(_MANY, _AGAIN)
    if loop is None:
        if wanted["each"].strip():
            yield _put_in(source, step, _whole(source, step, wanted))
        return
    told = _detail(loop)
    if told is not None and not wanted["each"].strip() and now.each:
        yield source.removed(loop)
        return
    new = {k: v for k, v in wanted.items() if v != getattr(now, k)}
    if loop.name == _MANY and "order" in new:
        yield source.attribute(loop, "isSequential", new["order"])
    if told is not None:
        for name, attribute in (("each", "inputCollection"), ("item", "inputElement")):
            if name in new:
                yield source.attribute(told, attribute, new[name])
        wanted = {**wanted, "each": ""}  # it is said already
    yield from _inside(source, step, loop, wanted, new)


def _inside(
    source: Source, step: Tag, loop: Tag, wanted: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[Change]:
    """What a loop does not hold yet: the list, and the condition that ends it."""
    listed = ends = ""
    if loop.name == _MANY and wanted["each"].strip():
        listed = _told(source, step, wanted)
    condition = loop.first(_CONDITION[loop.name])
    if "until" in new and condition is not None:
        yield source.content(condition, new["until"])
    elif "until" in new:
        ends = _condition(step, _CONDITION[loop.name], new["until"])
    if loop.is_empty and listed + ends:
        yield source.put_in(loop, listed + ends)
        return
    if listed:
        yield source.put_in(loop, listed, first=True)
    if ends:
        yield source.put_in(loop, ends)


def _detail(loop: Tag) -> Tag | None:
    held = loop.first("extensionElements")
    found = held.all(_DETAIL) if held else []
    return next((each for each in found if each.space == ZEEBE), None)


def _put_in(source: Source, step: Tag, markup: str) -> Change:
    """Where the schema wants it: behind what leads in and out of the step."""
    before = step.all(*_BEFORE)
    if before:
        return source.inserted(before[-1].end, markup)
    return source.put_in(step, markup, first=True)


def _whole(source: Source, step: Tag, wanted: Mapping[str, str]) -> str:
    p = f"{step.prefix}:" if step.prefix else ""
    order = ' isSequential="true"' if wanted["order"] == "true" else ""
    held = _told(source, step, wanted)
    if wanted["until"].strip():
        held += _condition(step, _CONDITION[_MANY], wanted["until"])
    return f"<{p}{_MANY}{order}>{held}</{p}{_MANY}>"


def _told(source: Source, step: Tag, wanted: Mapping[str, str]) -> str:
    p = f"{step.prefix}:" if step.prefix else ""
    z, declared = prefixed(source, ZEEBE, "zeebe")
    item = f' inputElement="{as_attribute(wanted["item"])}"' if wanted["item"].strip() else ""
    each = f'inputCollection="{as_attribute(wanted["each"])}"'
    return f"<{p}extensionElements><{z}:{_DETAIL}{declared} {each}{item} /></{p}extensionElements>"


def _condition(step: Tag, name: str, words: str) -> str:
    p = f"{step.prefix}:" if step.prefix else ""
    kind = f'xmlns:xsi="{_XSI}" xsi:type="{p}tFormalExpression"'
    return f"<{p}{name} {kind}>{as_content(words)}</{p}{name}>"
