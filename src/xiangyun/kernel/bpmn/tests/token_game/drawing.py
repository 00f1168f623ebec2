"""A process as plain nodes and flows, and the same as BPMN text."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

ROOT = ""


@dataclass
class Node:
    """A flow node. What a kind does not need stays empty.

    `kind`: start, end, task, service, abstract, sub, exclusive, parallel, inclusive, eventBased,
    throw, catch, boundary. `event`: none, timer, cycle, message, signal, error, escalation,
    compensate, terminate, cancel. `loop`: parallel, sequential, standard.
    """

    id: str
    kind: str
    parent: str = ROOT
    event: str = "none"
    code: str = ""
    interrupting: bool = True
    host: str = ""
    handler: bool = False
    transaction: bool = False
    undoes: str = ""
    loop: str = ""
    times: int = 0
    condition: str = ""
    before: bool = False


@dataclass
class Arrow:
    """A sequence flow; `condition` is the name of a boolean variable."""

    id: str
    source: str
    target: str
    condition: str = ""
    default: bool = False


@dataclass
class Drawing:
    """Nodes and arrows in the order of the file."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)

    def out(self, node: str) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.source == node]

    def into(self, node: str) -> list[Arrow]:
        return [arrow for arrow in self.arrows if arrow.target == node]

    def inside(self, scope: str) -> list[Node]:
        return [node for node in self.nodes.values() if node.parent == scope]

    def edges(self, host: str) -> list[Node]:
        """The boundary events of an activity."""
        return [node for node in self.nodes.values() if node.host == host]

    def undone_by(self, activity: str) -> str:
        """What compensates an activity, or nothing."""
        found = [node.id for node in self.nodes.values() if node.undoes == activity]
        return found[0] if found else ""


# -- as text --------------------------------------------------------------------------------------

_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "service": "serviceTask",
    "abstract": "task",
    "throw": "intermediateThrowEvent",
    "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent",
}


def as_bpmn(drawing: Drawing) -> str:
    """The drawing as BPMN 2.0 XML with the extension elements of the engine."""
    codes = {(node.event, node.code) for node in drawing.nodes.values() if node.code}
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">\n'
        f'<bpmn:process id="case" isExecutable="true">\n{_content(drawing, ROOT)}</bpmn:process>\n'
        + "".join(f"{_shared(*each)}\n" for each in sorted(codes))
        + "</bpmn:definitions>\n"
    )


def _shared(event: str, code: str) -> str:
    what = "Code" if event in ("error", "escalation") else ""
    name = f' {event}Code="{code}"' if what else f' name="{code}"'
    return f'<bpmn:{event} id="{event}_{code}"{name} />'


def _content(drawing: Drawing, scope: str) -> str:
    inside = drawing.inside(scope)
    rows = [_node(drawing, node) for node in inside]
    names = {node.id for node in inside}
    rows += [_arrow(arrow) for arrow in drawing.arrows if arrow.source in names]
    rows += [
        f'<bpmn:association id="as_{node.id}" sourceRef="c_{node.undoes}" targetRef="{node.id}" />'
        for node in inside
        if node.undoes
    ]
    return "\n".join(rows) + "\n"


def _arrow(arrow: Arrow) -> str:
    inner = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
        f"={arrow.condition}</bpmn:conditionExpression>"
        if arrow.condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{arrow.id}" sourceRef="{arrow.source}" '
        f'targetRef="{arrow.target}">{inner}</bpmn:sequenceFlow>'
    )


def _node(drawing: Drawing, node: Node) -> str:
    words = {"id": node.id}
    extension = inner = after = ""
    tag = _TAGS.get(node.kind, f"{node.kind}Gateway")
    if node.kind == "sub":
        tag = "transaction" if node.transaction else "subProcess"
        inner = "\n" + _content(drawing, node.id)
        if node.handler:
            words["triggeredByEvent"] = "true"
    if node.kind == "task":
        extension = '<zeebe:assignmentDefinition candidateGroups="clerk" />'
    if node.kind == "service":
        extension = '<zeebe:taskDefinition type="work" />'
    if node.undoes:
        words["isForCompensation"] = "true"
    default = [arrow.id for arrow in drawing.out(node.id) if arrow.default]
    if default:
        words["default"] = default[0]
    if node.kind == "boundary":
        words["attachedToRef"] = node.host
        words["cancelActivity"] = str(node.interrupting).lower()
    if node.kind == "start" and not node.interrupting:
        words["isInterrupting"] = "false"
    if node.event != "none":
        inner = _event(node)
    if node.loop:
        after = _loop(node)
    if drawing.undone_by(node.id):
        after += (
            f'</bpmn:{tag}><bpmn:boundaryEvent id="c_{node.id}" attachedToRef="{node.id}">'
            "<bpmn:compensateEventDefinition />"
        )
    held = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in words.items())
    close = "boundaryEvent" if drawing.undone_by(node.id) else tag
    return f"<bpmn:{tag}{attributes}>{held}{inner}{after}</bpmn:{close}>"


def _event(node: Node) -> str:
    if node.event in ("timer", "cycle"):
        tag, text = {
            "timer": ("timeDuration", "PT1H"),
            "cycle": ("timeCycle", "R2/PT1H"),
        }[node.event]
        inner = f"<bpmn:{tag}>{text}</bpmn:{tag}>"
        return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"
    if node.event == "compensate":
        what = f' activityRef="{node.code}"' if node.code else ""
        return f"<bpmn:compensateEventDefinition{what} />"
    what = f' {node.event}Ref="{node.event}_{node.code}"' if node.code else ""
    return f"<bpmn:{node.event}EventDefinition{what} />"


def _loop(node: Node) -> str:
    if node.loop == "standard":
        condition = (
            f"<bpmn:loopCondition>={node.condition}</bpmn:loopCondition>" if node.condition else ""
        )
        before = ' testBefore="true"' if node.before else ""
        return (
            f'<bpmn:standardLoopCharacteristics loopMaximum="{node.times}"{before}>{condition}'
            "</bpmn:standardLoopCharacteristics>"
        )
    enough = (
        f"<bpmn:completionCondition>={node.condition}</bpmn:completionCondition>"
        if node.condition
        else ""
    )
    sequential = str(node.loop == "sequential").lower()
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f"<bpmn:loopCardinality>{node.times}</bpmn:loopCardinality>{enough}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
