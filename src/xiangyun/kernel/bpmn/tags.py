"""Small questions to the XML of a drawing: extension elements, references, lanes, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xiangyun.kernel.bpmn.datatypes import flag, integer
from xiangyun.kernel.bpmn.markup import BPMN, COMMENT, INSTRUCTION, ZEEBE, Markup
from xiangyun.kernel.bpmn.vocabulary import EXTENSIONS, NODES, SILENT, SUBPROCESSES

_METHOD = "Compensate"
"""How a transaction is undone here; BPMN writes it `##Compensate`."""


def zeebe(node: Markup, name: str) -> Markup | None:
    """The `zeebe:` extension element of this name on an element."""
    for extension in node.all(BPMN, "extensionElements"):
        found = extension.first(ZEEBE, name)
        if found is not None:
            return found
    return None


def pairs(node: Markup, group: str, item: str, key: str) -> dict[str, str]:
    """The pairs of a `zeebe:` group, such as the headers or the properties of an element."""
    holder = zeebe(node, group)
    if holder is None:
        return {}
    return {each.get(key): each.get("value") for each in holder.all(ZEEBE, item)}


def words(node: Markup) -> str:
    """The documentation of an element."""
    return "\n".join(child.text.strip() for child in node.all(BPMN, "documentation"))


def ref(text: str) -> str:
    """An id out of a QName: `tns:Message_1` and `Message_1` name the same thing."""
    return text.strip().rpartition(":")[2]


def notes(node: Markup) -> tuple[str, ...]:
    """What stands on an element that no execution here honours."""
    found = [
        item.name
        for extension in node.all(BPMN, "extensionElements")
        for item in extension.children
        if item.space == ZEEBE and item.name not in EXTENSIONS
    ]
    if node.name in ("receiveTask", "eventBasedGateway") and flag(node, "instantiate"):
        found.append("instantiate")
    if node.name == "eventBasedGateway" and node.get("eventGatewayType") == "Parallel":
        found.append("eventGatewayType=Parallel")
    found += [
        f"{name}={node.get(name)}"
        for name in ("startQuantity", "completionQuantity")
        if node.get(name) and integer(node, name) != 1
    ]
    if node.get("method", _METHOD).lstrip("#") != _METHOD and node.name == "transaction":
        found.append(f"method={node.get('method')}")
    for event in node.all(BPMN, "compensateEventDefinition"):
        if not flag(event, "waitForCompletion", True):
            found.append(f"waitForCompletion={event.get('waitForCompletion')}")
    for loop in node.all(BPMN, "multiInstanceLoopCharacteristics"):
        if loop.get("behavior", "All") != "All":
            found.append(f"behavior={loop.get('behavior')}")
        found += [
            child.name
            for child in loop.children
            if child.space == BPMN and child.name not in SILENT
        ]
    if node.name not in SUBPROCESSES:
        found += [
            child.name
            for child in node.children
            if child.space == BPMN
            and child.name not in SILENT
            and child.name not in ("dataInput", "dataOutput")
            and not child.name.endswith("EventDefinition")
        ]
    return tuple(found)


def names_set(root: Markup) -> Iterator[str]:
    """Variable names that the drawing itself introduces."""
    wanted = {
        "output": ("target",),
        "input": ("target",),
        "calledDecision": ("resultVariable",),
        "script": ("resultVariable",),
        "loopCharacteristics": ("inputElement", "outputCollection"),
    }
    for node in root.walk():
        if node.space == ZEEBE:
            for attribute in wanted.get(node.name, ()):
                if name := node.get(attribute).partition(".")[0]:
                    yield name


class Content(NamedTuple):
    """A thing inside a process: the scope it lies in, the id it goes by, and its markup."""

    owner: str
    ident: str
    node: Markup


def flow_content(node: Markup, owner: str, taken: set[str]) -> Iterator[Content]:
    """Everything inside a process; sub-processes are entered.

    A node or flow whose id is missing or `taken` goes by one that no XML can hold, so that the
    rest can still be understood.
    """
    for child in node.children:
        if child.space != BPMN:
            continue
        ident = child.get("id")
        if child.name in NODES or child.name == "sequenceFlow":
            if not ident or ident in taken:
                ident = f"{ident}?{len(taken)}"
            taken.add(ident)
        yield Content(owner, ident, child)
        if child.name in SUBPROCESSES:
            yield from flow_content(child, ident, taken)
        elif child.name == "laneSet":
            yield from _lane_content(child, owner)


def _lane_content(node: Markup, owner: str) -> Iterator[Content]:
    for lane in node.all(BPMN, "lane"):
        yield Content(owner, lane.get("id"), lane)
        for inner in lane.all(BPMN, "childLaneSet"):
            yield from _lane_content(inner, owner)


def lanes_of(node: Markup) -> dict[str, str]:
    """Flow node id -> name of the innermost lane it lies in."""
    return {
        ref(member.text): lane.get("name")
        for lane in node.walk()
        if lane.space == BPMN and lane.name == "lane"
        for member in lane.all(BPMN, "flowNodeRef")
    }


def elements_in_no_namespace(node: Markup) -> Iterator[Markup]:
    """Elements that stand where BPMN stands but are in no namespace, the outermost of each."""
    for child in node.children:
        if child.space == BPMN and child.name not in ("extensionElements", "documentation", "text"):
            yield from elements_in_no_namespace(child)
        elif not child.space and not child.tag.startswith((COMMENT, INSTRUCTION)):
            yield child
