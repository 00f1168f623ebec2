"""The `zeebe:` extension elements: where each may stand, and which of it is read.

One table says it for all. What a drawing says that nothing reads is a finding, so that nobody
believes it: a misspelt name, an element at a place where it has no meaning, an attribute that other
engines know and this one does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xiangyun.kernel.bpmn.markup import BPMN, COMMENT, INSTRUCTION, ZEEBE, Markup, parse
from xiangyun.kernel.bpmn.vocabulary import EVENTS, GATEWAYS, SUBPROCESSES, TASKS
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.spelling import nearest, perhaps

_ACTIVITIES = frozenset((*TASKS, *SUBPROCESSES, "callActivity"))
_WORK = frozenset(
    ("serviceTask", "sendTask", "businessRuleTask", "scriptTask", "endEvent")
) | frozenset(("intermediateThrowEvent",))
_ANYWHERE = frozenset(("process", *_ACTIVITIES, *EVENTS, *GATEWAYS))


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension element: on what it may stand, its attributes, and its children with theirs."""

    on: frozenset[str]
    attributes: frozenset[str] = frozenset()
    children: dict[str, frozenset[str]] = field(default_factory=dict)


_TIMED = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
"""Events that may be timers, whose decision says when they ring."""
_MAPPING = frozenset(("source", "target"))
READ = {
    "taskDefinition": Extension(_WORK, frozenset(("type",))),
    "taskHeaders": Extension(
        _WORK | {"userTask"}, children={"header": frozenset(("key", "value"))}
    ),
    "properties": Extension(_ANYWHERE, children={"property": frozenset(("name", "value"))}),
    "ioMapping": Extension(
        _ACTIVITIES | frozenset(EVENTS), children={"input": _MAPPING, "output": _MAPPING}
    ),
    "userTask": Extension(frozenset(("userTask",))),
    "assignmentDefinition": Extension(frozenset(("userTask",)), frozenset(("candidateGroups",))),
    "taskSchedule": Extension(frozenset(("userTask",)), frozenset(("dueDate",))),
    "formDefinition": Extension(frozenset(("userTask",)), frozenset(("formId", "formKey"))),
    "calledDecision": Extension(
        frozenset(("businessRuleTask", *_TIMED)), frozenset(("decisionId", "resultVariable"))
    ),
    "script": Extension(frozenset(("scriptTask",)), frozenset(("expression", "resultVariable"))),
    "calledElement": Extension(
        frozenset(("callActivity",)), frozenset(("processId", "propagateAllChildVariables"))
    ),
    "subscription": Extension(frozenset(("message",)), frozenset(("correlationKey",))),
    "loopCharacteristics": Extension(
        frozenset(("multiInstanceLoopCharacteristics",)),
        frozenset(("inputCollection", "inputElement", "outputCollection", "outputElement")),
    ),
}
"""The extension elements that are read, by name."""

KNOWN = {
    "adHoc": frozenset[str](),
    "assignmentDefinition": frozenset(("assignee", "candidateUsers")),
    "calledDecision": frozenset(("bindingType", "versionTag")),
    "calledElement": frozenset(("propagateAllParentVariables", "bindingType", "versionTag")),
    "formDefinition": frozenset(("bindingType", "versionTag", "externalReference")),
    "priorityDefinition": frozenset(("priority",)),
    "taskDefinition": frozenset(("retries",)),
    "taskSchedule": frozenset(("followUpDate",)),
    "userTaskForm": frozenset(("id",)),
    "versionTag": frozenset(("value",)),
    "executionListeners": frozenset[str](),
    "taskListeners": frozenset[str](),
}
"""What Camunda 8 knows besides: elements, and attributes of the elements, that nothing reads."""


def check_extensions(text: str | bytes, file: str = "process.bpmn") -> list[Finding]:
    """What of a drawing's extensions nothing reads, in the order of the file.

    Nothing for a file that is no XML: whoever reads it says so.
    """
    try:
        page = parse(text, file)
    except Refused:
        return []
    return list(_below(page.root, file))


def _below(node: Markup, file: str) -> Iterator[Finding]:
    for child in node.children:
        if node.name == "extensionElements" and node.space == BPMN:
            continue  # looked at from the element that they extend
        if child.name == "extensionElements" and child.space == BPMN:
            for extension in child.children:
                yield from _extension(node, extension, file)
        elif child.space == ZEEBE:
            yield _astray(child, node, file)
        yield from _below(child, file)


def _extension(owner: Markup, found: Markup, file: str) -> Iterator[Finding]:
    if found.space != ZEEBE:
        return
    read = READ.get(found.name)
    if read is None:
        if found.name in KNOWN:
            yield _unread(found, f"zeebe:{found.name}", file)
        else:
            yield _unknown(found, f"zeebe:{found.name}", {*READ, *KNOWN}, file)
        return
    if owner.name not in read.on:
        yield _astray(found, owner, file)
        return
    yield from _attributes(found, read.attributes, KNOWN.get(found.name, frozenset()), file)
    for child in found.children:
        if child.tag.startswith((COMMENT, INSTRUCTION)):
            continue
        if child.space != ZEEBE or child.name not in read.children:
            yield _unknown(child, f"zeebe:{child.name}", read.children, file)
        else:
            yield from _attributes(child, read.children[child.name], frozenset(), file)


def _attributes(
    found: Markup, read: frozenset[str], known: frozenset[str], file: str
) -> Iterator[Finding]:
    for name in found.attributes:
        if name in read or name.startswith("{"):
            continue
        what = f"zeebe:{found.name} {name}"
        if name in known:
            yield _unread(found, what, file)
        else:
            yield _unknown(found, what, read, file)


def _unknown(found: Markup, what: str, known: object, file: str) -> Finding:
    names = sorted(known) if isinstance(known, set | frozenset | dict) else []
    near = nearest(what.rpartition(" ")[2].removeprefix("zeebe:"), names)
    hint = perhaps(near) or Text("请删去。", "Remove it.")
    return Finding(
        "bpmn.E060",
        "error",
        Text(
            "没有“{what}”这种写法，不会起作用。",
            "There is no “{what}”: nothing reads it.",
            what=what,
        ),
        Place(file, found.line),
        hint,
    )


def _astray(found: Markup, owner: Markup, file: str) -> Finding:
    return Finding(
        "bpmn.E060",
        "error",
        Text(
            "“zeebe:{name}”写在 {owner} 里，不会起作用。",
            "“zeebe:{name}” does nothing within {owner}.",
            name=found.name,
            owner=owner.name,
        ),
        Place(file, found.line),
        Text(
            "请移到该写的元素的 extensionElements 里，或者删去。",
            "Move it into the extensionElements of the element it belongs to, or remove it.",
        ),
    )


def _unread(found: Markup, what: str, file: str) -> Finding:
    return Finding(
        "bpmn.W060",
        "warning",
        Text("“{what}”在这里不起作用。", "Nothing here reads “{what}”.", what=what),
        Place(file, found.line),
        Text("请删去，以免误以为有效。", "Remove it, lest somebody relies on it."),
    )
