"""BPMN 2.0 XML to values: reading understands a drawing, whether it can run or not.

Whether it can run is the question of `check.py`. Read are the elements of OMG BPMN 2.0.2 with DI,
and the `zeebe:` extension elements that Camunda Modeler writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xiangyun.kernel.bpmn.markup import BPMN, BPMNDI, DC, DI, ZEEBE, Markup, Page, parse
from xiangyun.kernel.bpmn.model import (
    ROOT,
    Diagram,
    Drawn,
    Edge,
    Element,
    Flow,
    Formula,
    Loop,
    Process,
    Shape,
    Transfer,
    Trigger,
    TriggerKind,
)
from xiangyun.kernel.bpmn.wiring import wire
from xiangyun.kernel.feel import parse_expression
from xiangyun.kernel.findings import Finding, Place, Refused, Text

HOST_NAMES = ("working days after",)
"""Names with blanks that the platform places in every FEEL context."""

EVENTS = (
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
)
TASKS = (
    "task",
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "manualTask",
)
SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")
GATEWAYS = (
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "complexGateway",
)
NODES = frozenset((*EVENTS, *TASKS, *SUBPROCESSES, *GATEWAYS, "callActivity"))
DRAWN = frozenset(
    (
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "textAnnotation",
        "group",
        "lane",
    )
)
SILENT = frozenset(
    (
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "association",
        "sequenceFlow",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "rendering",
        "script",
        "auditing",
        "monitoring",
        "categoryValueRef",
        "supports",
        "correlationSubscription",
        "ioBinding",
        "completionCondition",
        "activationCondition",
        "inputSet",
        "outputSet",
        "eventDefinitionRef",
    )
)
"""Children of a process or a flow node that carry no token of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A BPMN file understood: its processes, how many of each element, and what reading found."""

    file: str
    page: Page
    processes: tuple[Process, ...]
    counts: Counter[str]
    findings: tuple[Finding, ...]


def read_document(
    text: str | bytes, file: str = "process.bpmn", names: Collection[str] = HOST_NAMES
) -> Document:
    """Understand any BPMN 2.0 file, also one that cannot run.

    `names`: names with blanks that FEEL must know besides those the process sets itself.
    Raises `Refused` only when the text is no XML or no BPMN at all.
    """
    page = parse(text, file)
    if page.root.tag != f"{{{BPMN}}}definitions":
        raise Refused(
            [
                Finding(
                    "bpmn.E001",
                    "error",
                    Text(
                        f"这不是 BPMN 2.0 文件：根元素是 {page.root.name}。",
                        f"This is not a BPMN 2.0 file: its root element is {page.root.name}.",
                    ),
                    Place(file, page.root.line),
                    Text("请用 BPMN 2.0 格式导出。", "Export it as BPMN 2.0."),
                )
            ]
        )
    return _Reader(page, file, names).document()


class _Reader:
    """One reading: the shared definitions, the formulas met so far, and the findings."""

    def __init__(self, page: Page, file: str, names: Collection[str]) -> None:
        self.page = page
        self.file = file
        self.sets = frozenset(_names_set(page.root))
        self.names = frozenset(names) | self.sets
        self.findings: list[Finding] = []
        self.formulas: list[Formula] = []
        self.shared = {
            child.get("id"): child
            for child in page.root.children
            if child.space == BPMN and child.get("id")
        }

    def document(self) -> Document:
        diagram = read_diagram(self.page.root)
        processes = tuple(
            self.process(node, diagram) for node in self.page.root.all(BPMN, "process")
        )
        counts = Counter(node.name for node in self.page.root.walk() if node.space == BPMN)
        return Document(self.file, self.page, processes, counts, tuple(self.findings))

    def process(self, node: Markup, diagram: Diagram) -> Process:
        self.formulas = []
        elements: dict[str, Element] = {}
        flows: dict[str, Flow] = {}
        drawn: dict[str, Drawn] = {}
        associations: list[tuple[str, str, str]] = []
        lanes = _lanes(node)
        for owner, child in _flow_content(node, ROOT):
            if child.name in NODES:
                element = self.element(child, owner, lanes)
                if element.id in elements:
                    self.note_duplicate(element)
                elements[element.id] = element
            elif child.name == "sequenceFlow":
                flow = self.flow(child, owner)
                flows[flow.id] = flow
            elif child.name == "association":
                ends = (_ref(child.get("sourceRef")), _ref(child.get("targetRef")))
                associations.append((child.get("id"), *ends))
            elif child.name in DRAWN:
                name = child.get("name")
                if child.name == "textAnnotation":
                    text = child.first(BPMN, "text")
                    name = text.text.strip() if text else ""
                drawn[child.get("id")] = Drawn(child.get("id"), child.name, name, child.line)
            elif child.name not in SILENT and not child.name.endswith("EventDefinition"):
                self.note_unknown(child)
        elements = _connect(elements, flows)
        pools = {
            pool.get("id"): Drawn(pool.get("id"), "participant", pool.get("name"), pool.line)
            for collaboration in self.page.root.all(BPMN, "collaboration")
            for pool in collaboration.all(BPMN, "participant")
            if _ref(pool.get("processRef")) == node.get("id")
        }
        return Process(
            id=node.get("id"),
            name=node.get("name"),
            file=self.file,
            line=node.line,
            executable=node.get("isExecutable") == "true",
            elements=elements,
            flows=flows,
            wiring=wire(elements, flows, associations),
            diagram=diagram,
            drawn=drawn | pools,
            associations=tuple(associations),
            formulas=tuple(self.formulas),
            sets=self.sets,
            documentation=_words(node),
            properties=_pairs(node, "properties", "property", "name"),
            page=self.page,
        )

    def flow(self, node: Markup, owner: str) -> Flow:
        condition = node.first(BPMN, "conditionExpression")
        return Flow(
            node.get("id"),
            node.get("name"),
            node.line,
            _ref(node.get("sourceRef")),
            _ref(node.get("targetRef")),
            owner,
            self.formula(condition.text, node, condition.line) if condition is not None else None,
        )

    def element(self, node: Markup, owner: str, lanes: dict[str, str]) -> Element:
        task = _zeebe(node, "taskDefinition")
        decision = _zeebe(node, "calledDecision")
        script = _zeebe(node, "script")
        called = _zeebe(node, "calledElement")
        form = _zeebe(node, "formDefinition")
        mapping = _zeebe(node, "ioMapping")
        ident = node.get("id")
        return Element(
            id=ident,
            kind=node.name,
            name=" ".join(node.get("name").split()),
            line=node.line,
            parent=owner,
            documentation=_words(node),
            properties=_pairs(node, "properties", "property", "name"),
            headers=_pairs(node, "taskHeaders", "header", "key"),
            default=_ref(node.get("default")),
            trigger=self.trigger(node),
            interrupting=node.get("cancelActivity", "true") != "false"
            and node.get("isInterrupting", "true") != "false",
            attached_to=_ref(node.get("attachedToRef")),
            loop=self.loop(node),
            inputs=self.transfers(mapping, "input", node),
            outputs=self.transfers(mapping, "output", node),
            type=self.attribute(task, "type", node),
            decision=self.attribute(decision, "decisionId", node),
            result_variable=(decision or script or node).get("resultVariable"),
            groups=self.attribute(_zeebe(node, "assignmentDefinition"), "candidateGroups", node),
            due=self.attribute(_zeebe(node, "taskSchedule"), "dueDate", node),
            form=(form.get("formId") or form.get("formKey")) if form else "",
            script=self.attribute(script, "expression", node),
            called=self.attribute(called, "processId", node),
            propagate_all=called is not None
            and called.get("propagateAllChildVariables", "true") != "false",
            event_driven=node.get("triggeredByEvent") == "true",
            for_compensation=node.get("isForCompensation") == "true",
            lane=lanes.get(ident, ""),
            notes=_notes(node),
        )

    def transfers(self, mapping: Markup | None, name: str, node: Markup) -> tuple[Transfer, ...]:
        if mapping is None:
            return ()
        return tuple(
            Transfer(self.formula(item.get("source"), node, item.line), item.get("target"))
            for item in mapping.all(ZEEBE, name)
        )

    def attribute(self, source: Markup | None, name: str, node: Markup) -> Formula | None:
        if source is None or not source.get(name):
            return None
        return self.formula(source.get(name), node, source.line)

    def formula(self, text: str, node: Markup, line: int) -> Formula:
        """The text compiled when it is FEEL; a fault is noted and the formula stays static."""
        source = text.strip()
        line += text[: len(text) - len(text.lstrip())].count("\n")
        if not source.startswith("="):
            return Formula(source, node.get("id"), line)
        try:
            expression = parse_expression(source[1:], self.names)
        except Refused as refused:
            self.findings += [self.misspelt(each, node, line) for each in refused.findings]
            return Formula(source, node.get("id"), line)
        formula = Formula(source, node.get("id"), line, expression)
        self.formulas.append(formula)
        return formula

    def misspelt(self, fault: Finding, node: Markup, line: int) -> Finding:
        """A FEEL fault placed in this file: line of the formula, column within it."""
        inner = fault.place or Place(self.file)
        # The column counts from the text after the equals sign, which the author also sees.
        column = inner.column + 1 if inner.line <= 1 and inner.column else inner.column
        name = node.get("name") or node.get("id")
        return Finding(
            "bpmn.E021",
            "error",
            Text(
                f"“{name}”（{node.get('id')}）的表达式有误：{fault.message.zh}",
                f"The formula of “{name}” ({node.get('id')}) is faulty: {fault.message.en}",
            ),
            Place(self.file, line + max(inner.line - 1, 0), column),
            fault.hint,
        )

    def trigger(self, node: Markup) -> Trigger | None:
        if node.name not in EVENTS and node.name not in ("receiveTask", "sendTask"):
            return None
        if node.name in ("receiveTask", "sendTask"):
            return self.message(node, node) if node.get("messageRef") else None
        definitions = [
            child
            for child in node.children
            if child.space == BPMN and child.name.endswith("EventDefinition")
        ]
        definitions += [
            self.shared[_ref(child.text)]
            for child in node.all(BPMN, "eventDefinitionRef")
            if _ref(child.text) in self.shared
        ]
        if not definitions:
            return Trigger("none", node.line)
        if len(definitions) > 1:
            return Trigger("multiple", node.line)
        return self.definition(definitions[0], node)

    def definition(self, node: Markup, event: Markup) -> Trigger:
        kind = node.name.removesuffix("EventDefinition")
        if kind == "message":
            return self.message(node, event)
        if kind == "timer":
            for name in ("timeDate", "timeDuration", "timeCycle"):
                child = node.first(BPMN, name)
                if child is not None:
                    timer = name.removeprefix("time").lower()
                    formula = self.formula(child.text, event, child.line)
                    return Trigger("timer", node.line, formula=formula, timer=timer)
            return Trigger("timer", node.line)
        if kind == "conditional":
            child = node.first(BPMN, "condition")
            condition = self.formula(child.text, event, child.line) if child else None
            return Trigger("conditional", node.line, formula=condition)
        if kind in ("signal", "error", "escalation"):
            reference = _ref(node.get(f"{kind}Ref"))
            shared = self.shared.get(reference)
            attribute = "name" if kind == "signal" else f"{kind}Code"
            name = shared.get(attribute) if shared else ""
            return Trigger(_KINDS[kind], node.line, name, reference)
        if kind == "link":
            return Trigger("link", node.line, node.get("name"))
        if kind == "compensate":
            return Trigger("compensate", node.line, activity=_ref(node.get("activityRef")))
        return Trigger(_KINDS.get(kind, "multiple"), node.line)

    def message(self, node: Markup, event: Markup) -> Trigger:
        reference = _ref(node.get("messageRef"))
        shared = self.shared.get(reference)
        key = None
        if shared is not None:
            key = self.attribute(_zeebe(shared, "subscription"), "correlationKey", event)
        name = shared.get("name") if shared else ""
        return Trigger("message", node.line, name, reference, key)

    def loop(self, node: Markup) -> Loop | None:
        many = node.first(BPMN, "multiInstanceLoopCharacteristics")
        if many is not None:
            zeebe = _zeebe(many, "loopCharacteristics")
            done = many.first(BPMN, "completionCondition")
            return Loop(
                "sequential" if many.get("isSequential") == "true" else "parallel",
                many.line,
                self.attribute(zeebe, "inputCollection", node),
                zeebe.get("inputElement") if zeebe else "",
                zeebe.get("outputCollection") if zeebe else "",
                self.attribute(zeebe, "outputElement", node),
                self.formula(done.text, node, done.line) if done else None,
            )
        again = node.first(BPMN, "standardLoopCharacteristics")
        if again is None:
            return None
        condition = again.first(BPMN, "loopCondition")
        maximum = again.get("loopMaximum")
        return Loop(
            "standard",
            again.line,
            condition=self.formula(condition.text, node, condition.line) if condition else None,
            test_before=again.get("testBefore") == "true",
            maximum=int(maximum) if maximum.isdigit() else None,
        )

    def note_unknown(self, node: Markup) -> None:
        self.findings.append(
            Finding(
                "bpmn.E003",
                "error",
                Text(
                    f"不认识的元素 {node.name}（“{node.get('name') or node.get('id')}”）。",
                    f"Unknown element {node.name} (“{node.get('name') or node.get('id')}”).",
                ),
                Place(self.file, node.line),
                Text("BPMN 2.0 没有这个元素，请删除。", "BPMN 2.0 has no such element: remove it."),
            )
        )

    def note_duplicate(self, element: Element) -> None:
        self.findings.append(
            Finding(
                "bpmn.E005",
                "error",
                Text(
                    f"“{element.label}”的编号 {element.id or '（空）'} 缺失或重复。",
                    f"The id {element.id or '(empty)'} of “{element.label}” is missing or double.",
                ),
                Place(self.file, element.line),
                Text("每个元素要有自己的编号。", "Give every element an id of its own."),
            )
        )


_KINDS: dict[str, TriggerKind] = {
    "signal": "signal",
    "error": "error",
    "escalation": "escalation",
    "terminate": "terminate",
    "cancel": "cancel",
}


def _flow_content(node: Markup, owner: str) -> Iterator[tuple[str, Markup]]:
    """Everything inside a process with the scope it lies in; sub-processes are entered."""
    for child in node.children:
        if child.space != BPMN:
            continue
        yield owner, child
        if child.name in SUBPROCESSES:
            yield from _flow_content(child, child.get("id"))
        elif child.name == "laneSet":
            yield from _lane_content(child, owner)


def _lane_content(node: Markup, owner: str) -> Iterator[tuple[str, Markup]]:
    for lane in node.all(BPMN, "lane"):
        yield owner, lane
        for inner in lane.all(BPMN, "childLaneSet"):
            yield from _lane_content(inner, owner)


def _lanes(node: Markup) -> dict[str, str]:
    """Flow node id -> name of the innermost lane it lies in."""
    return {
        _ref(member.text): lane.get("name")
        for lane in node.walk()
        if lane.space == BPMN and lane.name == "lane"
        for member in lane.all(BPMN, "flowNodeRef")
    }


def _connect(elements: dict[str, Element], flows: dict[str, Flow]) -> dict[str, Element]:
    """Incoming and outgoing flows are taken from the flows: the hints on the nodes may be stale."""
    incoming: dict[str, list[str]] = {}
    outgoing: dict[str, list[str]] = {}
    for flow in flows.values():
        outgoing.setdefault(flow.source, []).append(flow.id)
        incoming.setdefault(flow.target, []).append(flow.id)
    return {
        ident: _with_flows(element, incoming.get(ident, []), outgoing.get(ident, []))
        for ident, element in elements.items()
    }


def _with_flows(element: Element, incoming: list[str], outgoing: list[str]) -> Element:
    values = {name: getattr(element, name) for name in Element.__slots__}
    return Element(**{**values, "incoming": tuple(incoming), "outgoing": tuple(outgoing)})


def _notes(node: Markup) -> tuple[str, ...]:
    """What stands on an element that no execution here honours."""
    found = [
        item.name
        for extension in node.all(BPMN, "extensionElements")
        for item in extension.children
        if item.space == ZEEBE and item.name in ("executionListeners", "taskListeners")
    ]
    if node.name in ("receiveTask", "eventBasedGateway") and node.get("instantiate") == "true":
        found.append("instantiate")
    if node.name == "eventBasedGateway" and node.get("eventGatewayType") == "Parallel":
        found.append("eventGatewayType=Parallel")
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


def _names_set(root: Markup) -> Iterator[str]:
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


def _zeebe(node: Markup, name: str) -> Markup | None:
    for extension in node.all(BPMN, "extensionElements"):
        found = extension.first(ZEEBE, name)
        if found is not None:
            return found
    return None


def _pairs(node: Markup, group: str, item: str, key: str) -> dict[str, str]:
    holder = _zeebe(node, group)
    if holder is None:
        return {}
    return {each.get(key): each.get("value") for each in holder.all(ZEEBE, item)}


def _words(node: Markup) -> str:
    return "\n".join(child.text.strip() for child in node.all(BPMN, "documentation"))


def _ref(text: str) -> str:
    """An id out of a QName: `tns:Message_1` and `Message_1` name the same thing."""
    return text.strip().rpartition(":")[2]


def read_diagram(root: Markup) -> Diagram:
    """The shapes and edges of all BPMN diagrams of the file, in drawing order."""
    shapes: list[Shape] = []
    edges: list[Edge] = []
    for node in root.walk():
        if node.space != BPMNDI:
            continue
        bounds = node.first(DC, "Bounds")
        label = node.first(BPMNDI, "BPMNLabel")
        box = label.first(DC, "Bounds") if label is not None else None
        if node.name == "BPMNShape" and bounds is not None:
            shapes.append(
                Shape(
                    _ref(node.get("bpmnElement")),
                    *_box(bounds),
                    label=_box(box) if box is not None else None,
                    expanded=node.get("isExpanded", "true") == "true",
                    horizontal=node.get("isHorizontal", "true") == "true",
                )
            )
        elif node.name == "BPMNEdge":
            points = tuple(
                (_number(point.get("x")), _number(point.get("y")))
                for point in node.all(DI, "waypoint")
            )
            label_box = _box(box) if box is not None else None
            edges.append(Edge(_ref(node.get("bpmnElement")), points, label_box))
    return Diagram(tuple(shapes), tuple(edges))


def _box(bounds: Markup) -> tuple[float, float, float, float]:
    return (
        _number(bounds.get("x")),
        _number(bounds.get("y")),
        _number(bounds.get("width")),
        _number(bounds.get("height")),
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
