"""A process as an outline: steps in their order, with who, conditions and deadlines in words.

What is changed in the outline is changed in the file at that place alone (`packfile.xmlsource`):
a drawing of any modeller goes into the outline and back without a change of anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from xiangyun.kernel.bpmn import outlineevents as events
from xiangyun.kernel.bpmn import outlinelanes as lanes
from xiangyun.kernel.bpmn import outlineloops as loops
from xiangyun.kernel.bpmn import outlinepairs as pairs
from xiangyun.kernel.bpmn.markup import BPMN, BPMNDI, ZEEBE
from xiangyun.kernel.bpmn.vocabulary import NODES
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.xmlsource import Change, Source, Tag

NAME, WHO, ACTIONS, WAITS, CONDITION = "name", "who", "actions", "waits", "condition"
DOES, HEADERS, INPUTS = "does", "headers", "inputs"
ABOUT, KEY, LANE = "about", "key", "lane"
FIELDS = (NAME, WHO, ACTIONS, WAITS, CONDITION, DOES, HEADERS, INPUTS, ABOUT, KEY, LANE,
          *loops.FIELDS)  # fmt: skip
_TIMES = ("timeDuration", "timeDate", "timeCycle")


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
    time as it is written; `does`: the type of a service task, the decision that is made or the
    process that is called; None where such a step has none. `headers` and `inputs`: lines
    `name = value` of a step that the platform does. `attached_to`: the step at whose edge
    it stands. `removable`: whether it can be taken out and the flows around it joined. `about`: the
    name or code of the message, signal, error or escalation (`event`) that it waits for or throws;
    `key`: by what a message finds its case. `loop`: how it is repeated, None for what cannot be.
    `lane`: the id of its lane, None in a process without lanes.
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
    does: str | None = None
    headers: str | None = None
    inputs: str | None = None
    event: str = ""
    about: str | None = None
    key: str | None = None
    loop: loops.Repeated | None = None
    lane: str | None = None


def outline(text: str, file: str = "process.bpmn") -> tuple[Step, ...]:
    """The steps of every process of a file, as a token would meet them, then the rest.

    Raises Refused where the file is no XML.
    """
    source = Source(text, file)
    steps: list[Step] = []
    for process in source.root.all("process"):
        if process.space == BPMN:
            steps += _scope(source, process, 0)
    return tuple(_one_key_each(steps))


def _one_key_each(steps: Iterable[Step]) -> Iterator[Step]:
    """Several steps may wait for one message: its key stands at the first of them."""
    told: set[str] = set()
    for step in steps:
        if step.key is not None and step.about:
            yield replace(step, key=None) if step.about in told else step
            told.add(step.about)
        else:
            yield step


def lanes_of(text: str, file: str = "process.bpmn") -> list[lanes.Lane]:
    """The lanes of every process of a file. Raises Refused where the file is no XML."""
    return lanes.lanes(Source(text, file))


def changed(text: str, edits: Mapping[str, Mapping[str, str]], file: str = "process.bpmn") -> str:
    """The file with these values: by the id of a step, flow or lane, by `FIELDS`.

    A value that is as it was changes nothing. Raises Refused `pack.E581` for a step that is not
    there, or that has no such value, and `pack.E588` where two of them say different things of one
    message.
    """
    source = Source(text, file)
    tags = by_id(source)
    changes: list[Change] = []
    for id, values in edits.items():
        tag = tags.get(id)
        if tag is None:
            raise Refused([no_step(file, id)])
        for field, value in values.items():
            if field not in _TOGETHER:
                changes += _change(source, tag, field, value)
        changes += _changed_together(source, tag, values)
    try:
        return source.changed(_once(changes))
    except ValueError:
        raise Refused([_both(file)]) from None


def without_step(text: str, id: str, file: str = "process.bpmn") -> str:
    """The file without a step; the flow before it leads where the one after it led.

    Raises Refused `pack.E583` for a step with more than one flow in or out, or with something at
    its edge.
    """
    source = Source(text, file)
    tags = by_id(source)
    tag = tags.get(id)
    if tag is None or tag.name not in NODES:
        raise Refused([no_step(file, id)])
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
    changes += [source.removed(each) for each in shapes(source) if each.get("bpmnElement") in gone]
    changes += _joined(source, before.get("id"), after.get("id"))
    changes += lanes.without(source, id)
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
                    condition is not None or _may_ask(node, flow),
                )
            )
    time = _time(node)
    groups, actions, does = _groups(node), _actions(node), _does(node)
    is_service, event = _is_service(node), events.about(source, node)
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
        does[0].get(does[1]) if does else None,
        pairs.lines(pairs.HEADERS, node) if is_service else None,
        pairs.lines(pairs.INPUTS, node) if is_service else None,
        event.kind if event else "",
        event.name if event else None,
        events.key(event, node),
        loops.repeated(source, node),
        lanes.of(source, node),
    )


def _may_ask(node: Tag, flow: Tag) -> bool:
    """Whether a way out of a fork may have a condition, which it has not yet."""
    is_fork = node.name in ("exclusiveGateway", "inclusiveGateway")
    return is_fork and flow.get("id") != node.get("default")


def _is_service(node: Tag) -> bool:
    return extension(node, "taskDefinition") is not None


_WHAT = {"taskDefinition": "type", "calledDecision": "decisionId", "calledElement": "processId"}


def _does(node: Tag) -> tuple[Tag, str] | None:
    """The element that says what the platform does at a step, and its attribute."""
    for name, attribute in _WHAT.items():
        if found := extension(node, name):
            return found, attribute
    return None


def _time(node: Tag) -> Tag | None:
    timer = node.first("timerEventDefinition")
    return timer.first(*_TIMES) if timer else None


def extension(node: Tag, name: str) -> Tag | None:
    """What a step holds of the extensions of Zeebe."""
    held = node.first("extensionElements")
    found = held.all(name) if held else []
    return next((each for each in found if each.space == ZEEBE), None)


def _groups(node: Tag) -> Tag | None:
    return extension(node, "assignmentDefinition")


def _actions(node: Tag) -> Tag | None:
    headers = extension(node, "taskHeaders")
    found = headers.all("header") if headers else []
    return next((each for each in found if each.get("key") == "actions"), None)


def by_id(source: Source) -> dict[str, Tag]:
    """Steps, flows and lanes by their ids."""
    named = ("sequenceFlow", "lane")
    return {
        tag.get("id"): tag
        for tag in source.root.walk()
        if tag.get("id") and (_is_node(tag) or (tag.space == BPMN and tag.name in named))
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

_TOGETHER = (ABOUT, KEY, LANE, *loops.FIELDS)
"""Values that one part of the file holds, so that they change it together."""


def _changed_together(source: Source, tag: Tag, values: Mapping[str, str]) -> Iterator[Change]:
    file, id = source.file, tag.get("id")
    found = events.about(source, tag)
    if (ABOUT in values or KEY in values) and found is None:
        raise Refused([no_step(file, id, ABOUT)])
    if found is not None:
        if KEY in values and events.key(found, tag) is None:
            raise Refused([no_step(file, id, KEY)])
        yield from events.changes(source, tag, found, values.get(ABOUT), values.get(KEY))
    if LANE in values:
        if lanes.of(source, tag) is None:
            raise Refused([no_step(file, id, LANE)])
        try:
            yield from lanes.changes(source, tag, values[LANE])
        except KeyError:
            raise Refused([no_step(file, values[LANE])]) from None
    if repeated := {name: values[name] for name in loops.FIELDS if name in values}:
        if loops.repeated(source, tag) is None:
            raise Refused([no_step(file, id, next(iter(repeated)))])
        yield from loops.changes(source, tag, repeated)


def _once(changes: Iterable[Change]) -> list[Change]:
    """Two steps about one message say the same of it: that is one change."""
    return list(dict.fromkeys(changes))


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
    elif field == DOES:
        held, attribute = _does(tag) or (None, "")
    elif field in (HEADERS, INPUTS) and _is_service(tag):
        kind = pairs.HEADERS if field == HEADERS else pairs.INPUTS
        yield from pairs.changes(source, kind, tag, value)
        return
    else:
        held, attribute = None, ""
    if field == CONDITION and held is None and tag.name == "sequenceFlow":
        if value.strip():
            yield _condition(source, tag, value)
        return
    if held is None:
        raise Refused([no_step(source.file, tag.get("id"), field)])
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
    return source.put_in(flow, markup)


def quoted(value: str) -> str:
    """Words as they stand in an attribute or an element."""
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return value.replace('"', "&quot;").replace("\n", " ")


def shapes(source: Source) -> list[Tag]:
    """What is drawn of steps and flows."""
    names = ("BPMNShape", "BPMNEdge")
    return [tag for tag in source.root.walk() if tag.space == BPMNDI and tag.name in names]


def _joined(source: Source, before: str, after: str) -> Iterator[Change]:
    """The line of the flow before goes on along that of the flow after."""
    edges = {each.get("bpmnElement"): each for each in shapes(source)}
    one, other = edges.get(before), edges.get(after)
    points = one.all("waypoint") if one else []
    if points and other is not None:
        rest = "".join(source.written(point) for point in other.all("waypoint"))
        yield source.inserted(points[-1].end, rest)


# Refused -------------------------------------------------------------------------------------


def no_step(file: str, id: str, field: str = "") -> Finding:
    """A step, flow or value that is not there."""
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


def _both(file: str) -> Finding:
    return Finding(
        "pack.E588",
        "error",
        Text(
            "两处对同一个消息写得不一样，什么都没有保存。",
            "Two places say different things of one message. Nothing was saved.",
        ),
        Place(file),
        Text("请一处一处地改。", "Change one, save, then the other."),
    )


def taken(file: str, id: str) -> Finding:
    """An id that cannot be given."""
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
