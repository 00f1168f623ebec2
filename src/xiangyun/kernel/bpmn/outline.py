"""A process as an outline: steps in their order, with who, conditions and deadlines in words.

What is changed in the outline is changed in the file at that place alone (`packfile.xmlsource`):
a drawing of any modeller goes into the outline and back without a change of anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xiangyun.kernel.bpmn.markup import BPMN, BPMNDI, DC, DI, ZEEBE
from xiangyun.kernel.bpmn.vocabulary import NODES
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag

NAME, WHO, ACTIONS, WAITS, CONDITION = "name", "who", "actions", "waits", "condition"
FIELDS = (NAME, WHO, ACTIONS, WAITS, CONDITION)
_TIMES = ("timeDuration", "timeDate", "timeCycle")
_WIDTH, _HEIGHT = 100, 80


@dataclass(frozen=True, slots=True)
class Way:
    """A flow from a step on: its words, its condition as it is written, and where it leads."""

    id: str
    name: str
    condition: str
    target: str
    target_name: str
    is_default: bool
    has_condition: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the outline.

    `depth`: how many sub-processes it lies in. `who`: the roles as they are written; `waits`: a
    time as it is written; None where such a step has none. `attached_to`: the step at whose edge
    it stands. `removable`: whether it can be taken out and the flows around it joined.
    """

    id: str
    kind: str
    name: str
    line: int
    depth: int
    who: str | None
    actions: str | None
    waits: str | None
    attached_to: str
    ways: tuple[Way, ...]
    removable: bool


def outline(text: str, file: str = "process.bpmn") -> tuple[Step, ...]:
    """The steps of every process of a file, as a token would meet them, then the rest.

    Raises Refused where the file is no XML.
    """
    source = Source(text, file)
    steps: list[Step] = []
    for process in source.root.all("process"):
        if process.space == BPMN:
            steps += _scope(source, process, 0)
    return tuple(steps)


def changed(text: str, edits: Mapping[str, Mapping[str, str]], file: str = "process.bpmn") -> str:
    """The file with these values: by the id of a step or flow, by `FIELDS`.

    A value that is as it was changes nothing. Raises Refused `pack.E581` for a step that is not
    there, or that has no such value.
    """
    source = Source(text, file)
    tags = _by_id(source)
    changes: list[Change] = []
    for id, values in edits.items():
        tag = tags.get(id)
        if tag is None:
            raise Refused([_no_step(file, id)])
        for field, value in values.items():
            changes += _change(source, tag, field, value)
    return source.changed(changes)


def with_step(
    text: str, flow: str, id: str, name: str, who: str, file: str = "process.bpmn"
) -> str:
    """The file with a task for people in the middle of a flow.

    Raises Refused `pack.E581` for a flow that is not there, `pack.E582` for an id that is taken or
    is none.
    """
    source = Source(text, file)
    tags = _by_id(source)
    tag = tags.get(flow)
    if tag is None or tag.name != "sequenceFlow":
        raise Refused([_no_step(file, flow)])
    after = f"{id}_to_{tag.get('targetRef')}"
    if not re.fullmatch(r"[A-Za-z_][\w.-]{0,60}", id, re.ASCII) or {id, after} & tags.keys():
        raise Refused([_taken(file, id)])
    changes = [source.attribute(tag, "targetRef", id)]
    target = tags.get(tag.get("targetRef"))
    for incoming in target.all("incoming") if target else ():
        if source.text_of(incoming).strip() == flow:
            changes.append(source.content(incoming, after))
    changes.append(source.inserted(tag.start, _task(source, tag, id, name, who, flow, after)))
    changes += _drawn(source, flow, id, after)
    return source.changed(changes)


def without_step(text: str, id: str, file: str = "process.bpmn") -> str:
    """The file without a step; the flow before it leads where the one after it led.

    Raises Refused `pack.E583` for a step with more than one flow in or out, or with something at
    its edge.
    """
    source = Source(text, file)
    tags = _by_id(source)
    tag = tags.get(id)
    if tag is None or tag.name not in NODES:
        raise Refused([_no_step(file, id)])
    ways = _removable(source, tag)
    if ways is None:
        raise Refused([_not_removable(file, tag)])
    before, after = ways
    target = tags.get(after.get("targetRef"))
    changes = [source.removed(tag), source.removed(after)]
    changes.append(source.attribute(before, "targetRef", after.get("targetRef")))
    for incoming in target.all("incoming") if target else ():
        if source.text_of(incoming).strip() == after.get("id"):
            changes.append(source.content(incoming, before.get("id")))
    gone = {id, after.get("id")}
    changes += [source.removed(each) for each in _shapes(source) if each.get("bpmnElement") in gone]
    changes += _joined(source, before.get("id"), after.get("id"))
    return source.changed(changes)


# Reading -------------------------------------------------------------------------------------


def _scope(source: Source, scope: Tag, depth: int) -> Iterator[Step]:
    nodes = {node.get("id"): node for node in scope.children if _is_node(node)}
    flows = [child for child in scope.all("sequenceFlow") if child.space == BPMN]
    for node in _in_order(nodes, flows):
        yield _step(source, node, nodes, flows, depth)
        yield from _scope(source, node, depth + 1)


def _is_node(tag: Tag) -> bool:
    return tag.space == BPMN and tag.name in NODES


def _in_order(nodes: Mapping[str, Tag], flows: Iterable[Tag]) -> list[Tag]:
    """As a token would meet them, what stands at an edge after its step, then the rest."""
    onward: dict[str, list[str]] = {}
    for node in nodes.values():
        onward.setdefault(node.get("attachedToRef"), []).append(node.get("id"))
    for flow in flows:
        onward.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    seen: dict[str, Tag] = {}
    entered = {flow.get("targetRef") for flow in flows}
    starts = [id for id, node in nodes.items()
              if id not in entered and node.name != "boundaryEvent"]  # fmt: skip
    todo = list(reversed([*starts]))
    while todo:
        id = todo.pop()
        if id in nodes and id not in seen:
            seen[id] = nodes[id]
            todo += reversed(onward.get(id, []))
    return list({**seen, **nodes}.values())


def _step(
    source: Source, node: Tag, nodes: Mapping[str, Tag], flows: Iterable[Tag], depth: int
) -> Step:
    id = node.get("id")
    ways = []
    for flow in flows:
        if flow.get("sourceRef") == id:
            target = nodes.get(flow.get("targetRef"))
            condition = flow.first("conditionExpression")
            ways.append(
                Way(
                    flow.get("id"),
                    flow.get("name"),
                    source.text_of(condition),
                    flow.get("targetRef"),
                    target.get("name") if target else "",
                    flow.get("id") == node.get("default"),
                    condition is not None,
                )
            )
    time = _time(node)
    groups, actions = _groups(node), _actions(node)
    return Step(
        id,
        node.name,
        node.get("name"),
        node.line,
        depth,
        groups.get("candidateGroups") if groups else None,
        actions.get("value") if actions else None,
        source.text_of(time) if time else None,
        node.get("attachedToRef"),
        tuple(ways),
        _removable(source, node) is not None,
    )


def _time(node: Tag) -> Tag | None:
    timer = node.first("timerEventDefinition")
    return timer.first(*_TIMES) if timer else None


def _extension(node: Tag, name: str) -> Tag | None:
    held = node.first("extensionElements")
    found = held.all(name) if held else []
    return next((each for each in found if each.space == ZEEBE), None)


def _groups(node: Tag) -> Tag | None:
    return _extension(node, "assignmentDefinition")


def _actions(node: Tag) -> Tag | None:
    headers = _extension(node, "taskHeaders")
    found = headers.all("header") if headers else []
    return next((each for each in found if each.get("key") == "actions"), None)


def _by_id(source: Source) -> dict[str, Tag]:
    """Steps and flows by their ids."""
    return {
        tag.get("id"): tag
        for tag in source.root.walk()
        if tag.get("id") and (_is_node(tag) or (tag.space == BPMN and tag.name == "sequenceFlow"))
    }


def _removable(source: Source, node: Tag) -> tuple[Tag, Tag] | None:
    """The only flows in and out of a step at whose edge nothing stands; None otherwise."""
    scope, id = node.parent, node.get("id")
    if scope is None or node.name in ("startEvent", "endEvent", "boundaryEvent"):
        return None
    flows = scope.all("sequenceFlow")
    before = [flow for flow in flows if flow.get("targetRef") == id]
    after = [flow for flow in flows if flow.get("sourceRef") == id]
    edge = any(each.get("attachedToRef") == id for each in scope.children)
    named = any(each.get("default") == flow.get("id") for each in scope.children for flow in after)
    if len(before) != 1 or len(after) != 1 or edge or named or before == after:
        return None
    return before[0], after[0]


# Writing -------------------------------------------------------------------------------------


def _change(source: Source, tag: Tag, field: str, value: str) -> Iterator[Change]:
    if field == NAME:
        if value != tag.get("name"):
            yield source.attribute(tag, "name", value)
        return
    if field == CONDITION:
        held, attribute = tag.first("conditionExpression"), ""
    elif field == WAITS:
        held, attribute = _time(tag), ""
    elif field == WHO:
        held, attribute = _groups(tag), "candidateGroups"
    elif field == ACTIONS:
        held, attribute = _actions(tag), "value"
    else:
        held, attribute = None, ""
    if field == CONDITION and held is None and tag.name == "sequenceFlow":
        if value.strip():
            yield _condition(source, tag, value)
        return
    if held is None:
        raise Refused([_no_step(source.file, tag.get("id"), field)])
    if attribute and value != held.get(attribute):
        yield source.attribute(held, attribute, value)
    elif not attribute and value != source.text_of(held):
        yield source.content(held, value)


def _condition(source: Source, flow: Tag, value: str) -> Change:
    name = f"{flow.prefix}:" if flow.prefix else ""
    words = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    markup = (
        f'<{name}conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:type="{name}tFormalExpression">{words}</{name}conditionExpression>'
    )
    if not flow.is_empty:
        return source.inserted(flow.close, markup)
    slash = source.data.rindex(b"/", flow.start, flow.end)
    return Change(slash, flow.end, f">{markup}</{name}sequenceFlow>".encode())


def _task(source: Source, flow: Tag, id: str, name: str, who: str, before: str, after: str) -> str:
    p = f"{flow.prefix}:" if flow.prefix else ""
    known = source.prefixes.get(ZEEBE)
    z, declared = known or "zeebe", "" if known else f' xmlns:zeebe="{ZEEBE}"'
    indent = source.data[: flow.start].rpartition(b"\n")[2].decode()
    gap = f"\n{indent}" if not indent.strip() else ""
    return (
        f'<{p}userTask id="{id}" name="{_quoted(name)}"><{p}extensionElements{declared}>'
        f'<{z}:userTask /><{z}:assignmentDefinition candidateGroups="{_quoted(who)}" />'
        f'<{z}:taskHeaders><{z}:header key="actions" value="done" /></{z}:taskHeaders>'
        f"</{p}extensionElements><{p}incoming>{before}</{p}incoming>"
        f"<{p}outgoing>{after}</{p}outgoing></{p}userTask>{gap}"
        f'<{p}sequenceFlow id="{after}" sourceRef="{id}" targetRef="{flow.get("targetRef")}" />'
        f"{gap}"
    )


def _quoted(value: str) -> str:
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace('"', "&quot;").replace("\n", " ")


def _shapes(source: Source) -> list[Tag]:
    names = ("BPMNShape", "BPMNEdge")
    return [tag for tag in source.root.walk() if tag.space == BPMNDI and tag.name in names]


def _drawn(source: Source, flow: str, id: str, after: str) -> Iterator[Change]:
    """The new step in the middle of its flow's line, and the line in two halves."""
    edge = next((each for each in _shapes(source) if each.get("bpmnElement") == flow), None)
    points = edge.all("waypoint") if edge else []
    if edge is None or len(points) < 2:
        return
    first, last = points[len(points) // 2 - 1], points[len(points) // 2]
    x = (_number(first, "x") + _number(last, "x")) / 2
    y = (_number(first, "y") + _number(last, "y")) / 2
    b, c = edge.prefix, source.prefixes.get(DC, "dc")
    d = points[0].prefix or source.prefixes.get(DI, "di")
    rest = "".join(source.written(point) for point in points[len(points) // 2 :])
    middle = f'<{d}:waypoint x="{x:g}" y="{y:g}" />'
    head = f"{b}:" if b else ""
    yield Change(points[len(points) // 2].start, points[-1].end, middle.encode())
    yield source.inserted(
        edge.start,
        f'<{head}BPMNShape id="{id}_di" bpmnElement="{id}"><{c}:Bounds x="{x - _WIDTH / 2:g}" '
        f'y="{y - _HEIGHT / 2:g}" width="{_WIDTH}" height="{_HEIGHT}" /></{head}BPMNShape>'
        f'<{head}BPMNEdge id="{after}_di" bpmnElement="{after}">{middle}{rest}</{head}BPMNEdge>',
    )


def _joined(source: Source, before: str, after: str) -> Iterator[Change]:
    """The line of the flow before goes on along that of the flow after."""
    edges = {each.get("bpmnElement"): each for each in _shapes(source)}
    one, other = edges.get(before), edges.get(after)
    points = one.all("waypoint") if one else []
    if points and other is not None:
        rest = "".join(source.written(point) for point in other.all("waypoint"))
        yield source.inserted(points[-1].end, rest)


def _number(tag: Tag, name: str) -> float:
    try:
        return float(tag.get(name))
    except ValueError:
        return 0.0


# Refused -------------------------------------------------------------------------------------


def _no_step(file: str, id: str, field: str = "") -> Finding:
    return Finding(
        "pack.E581",
        "error",
        Text(
            "流程里没有“{id}”，或者它没有“{field}”可改。",
            "The process has no “{id}”, or that has no “{field}” to change.",
            id=id,
            field=field or "id",
        ),
        Place(file),
        Text("请重新打开大纲。", "Open the outline again."),
    )


def _taken(file: str, id: str) -> Finding:
    return Finding(
        "pack.E582",
        "error",
        Text(
            "“{id}”不能作新步骤的编号：已经有了，或者写法不对。",
            "“{id}” cannot be the id of a new step: it is taken, or is none.",
            id=id,
        ),
        Place(file),
        Text("用小写字母、数字和下划线，如 review_again。",
             "Use small letters, digits and underscores, such as review_again."),
    )  # fmt: skip


def _not_removable(file: str, tag: Tag) -> Finding:
    return Finding(
        "pack.E583",
        "error",
        Text(
            "“{name}”不能直接去掉：进出它的线不止一条，或者它边上还有别的。",
            "“{name}” cannot be taken out: more than one flow leads to it or on, or something "
            "stands at its edge.",
            name=tag.get("name") or tag.get("id"),
        ),
        Place(file, tag.line),
        Text("请在文件里改，或用建模工具。", "Change it in the file, or with a modeller."),
    )
