"""BPMN 2.0 XML to values: reading understands a drawing, whether it can run or not.

Whether it can run is the question of `check.py`. Read are the elements of OMG BPMN 2.0.2 with DI,
and the `zeebe:` extension elements that Camunda Modeler writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from xiangyun.kernel.bpmn.datatypes import datatype_findings, flag
from xiangyun.kernel.bpmn.details import NodeReader
from xiangyun.kernel.bpmn.diagram import read_diagram
from xiangyun.kernel.bpmn.dialects import (
    Translation,
    dialect_finding,
    is_foreign,
    translated,
)
from xiangyun.kernel.bpmn.markup import BPMN, Markup, Page, parse
from xiangyun.kernel.bpmn.model import ROOT, Diagram, Drawn, Element, Flow, Process
from xiangyun.kernel.bpmn.tags import (
    elements_in_no_namespace,
    flow_content,
    lanes_of,
    names_set,
    pairs,
    ref,
    words,
)
from xiangyun.kernel.bpmn.vocabulary import DRAWN, NODES, SILENT
from xiangyun.kernel.bpmn.wiring import wire
from xiangyun.kernel.feel.host import HOST_NAMES
from xiangyun.kernel.findings import Finding, Place, Refused, Text

MOST_ELEMENTS = 2_000
"""Names with blanks that the platform places in every FEEL context."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A BPMN file understood: its processes, how many of each element, and what reading found."""

    file: str
    page: Page
    processes: tuple[Process, ...]
    counts: Counter[str]
    findings: tuple[Finding, ...]
    translation: Translation | None = None
    """Set when the drawing is written for another engine: it is understood as translated."""


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
                        "这不是 BPMN 2.0 文件：根元素 {name} {space}。",
                        "This is not a BPMN 2.0 file: its root element is {name} in {space}.",
                        name=page.root.name,
                        space=_space(page.root),
                    ),
                    Place(file, page.root.line),
                    Text(
                        "请用 BPMN 2.0 格式导出；命名空间是 {bpmn}。",
                        "Export it as BPMN 2.0, whose namespace is {bpmn}.",
                        bpmn=BPMN,
                    ),
                )
            ]
        )
    _count(page, file)
    translation = translated(page) if is_foreign(page) else None
    if translation is None or not translation.engine:
        return _Reader(page, file, names).document()
    document = _Reader(translation.page, file, names, page).document()
    findings = (dialect_finding(translation, file), *document.findings)
    return replace(document, findings=findings, translation=translation)


def _count(page: Page, file: str) -> None:
    """Refuse more elements than anybody draws, before they are understood one by one."""
    count = sum(1 for node in page.root.walk() if node.space == BPMN and node.name in NODES)
    if count > MOST_ELEMENTS:
        raise Refused(
            [
                Finding(
                    "bpmn.E018",
                    "error",
                    Text(
                        "图里有 {count} 个元素，最多 {most} 个；没有读下去。",
                        "The drawing has {count} elements, at most {most} are read.",
                        count=count,
                        most=MOST_ELEMENTS,
                    ),
                    Place(file),
                    Text("请把流程拆开，用调用活动相连。", "Part it, and connect it by calls."),
                )
            ]
        )


class _Reader:
    """One reading: the shared definitions, the formulas met so far, and the findings."""

    def __init__(
        self, page: Page, file: str, names: Collection[str], written: Page | None = None
    ) -> None:
        self.page = page
        self.written = written or page  # as the author wrote it, for writing back
        self.file = file
        self.sets = frozenset(names_set(page.root))
        self.findings: list[Finding] = []
        shared = {
            child.get("id"): child
            for child in page.root.children
            if child.space == BPMN and child.get("id")
        }
        self.nodes = NodeReader(file, shared, frozenset(names) | self.sets)

    def document(self) -> Document:
        diagram = read_diagram(self.page.root)
        processes = tuple(
            self.process(node, diagram) for node in self.page.root.all(BPMN, "process")
        )
        counts = Counter(node.name for node in self.page.root.walk() if node.space == BPMN)
        self.findings += datatype_findings(self.page.root, self.file)
        self.findings += map(self.nameless_space, elements_in_no_namespace(self.page.root))
        findings = (*self.findings, *self.nodes.findings)
        return Document(self.file, self.written, processes, counts, findings)

    def process(self, node: Markup, diagram: Diagram) -> Process:
        self.nodes.formulas = []
        elements: dict[str, Element] = {}
        flows: dict[str, Flow] = {}
        drawn: dict[str, Drawn] = {}
        associations: list[tuple[str, str, str]] = []
        lanes = lanes_of(node)
        for owner, ident, child in flow_content(node, ROOT, set()):
            if ident != child.get("id"):
                self.note_duplicate(child)
            if child.name in NODES:
                elements[ident] = self.nodes.element(child, ident, owner, lanes)
            elif child.name == "sequenceFlow":
                flows[ident] = self.flow(child, ident, owner)
            elif child.name == "association":
                ends = (ref(child.get("sourceRef")), ref(child.get("targetRef")))
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
            if ref(pool.get("processRef")) == node.get("id")
        }
        return Process(
            id=node.get("id"),
            name=node.get("name"),
            file=self.file,
            line=node.line,
            executable=flag(node, "isExecutable"),
            elements=elements,
            flows=flows,
            wiring=wire(elements, flows, associations),
            diagram=diagram,
            drawn=drawn | pools,
            associations=tuple(associations),
            formulas=tuple(self.nodes.formulas),
            sets=self.sets,
            documentation=words(node),
            properties=pairs(node, "properties", "property", "name"),
            page=self.written,
        )

    def flow(self, node: Markup, ident: str, owner: str) -> Flow:
        condition = node.first(BPMN, "conditionExpression")
        return Flow(
            ident,
            node.get("name"),
            node.line,
            ref(node.get("sourceRef")),
            ref(node.get("targetRef")),
            owner,
            self.nodes.formula(condition.text, node, condition.line)
            if condition is not None
            else None,
        )

    def note_unknown(self, node: Markup) -> None:
        self.findings.append(
            Finding(
                "bpmn.E003",
                "error",
                Text(
                    "不认识的元素 {name}（“{name2}”）。",
                    "Unknown element {name} (“{name2}”).",
                    name=node.name,
                    name2=node.get("name") or node.get("id"),
                ),
                Place(self.file, node.line),
                Text("BPMN 2.0 没有这个元素，请删除。", "BPMN 2.0 has no such element: remove it."),
            )
        )

    def nameless_space(self, node: Markup) -> Finding:
        label = node.get("name") or node.get("id") or node.name
        return Finding(
            "bpmn.E008",
            "error",
            Text(
                "{name}（“{label}”）不在任何命名空间里，不会被读作 BPMN。",
                "The {name} “{label}” is in no namespace and is not read as BPMN.",
                name=node.name,
                label=label,
            ),
            Place(self.file, node.line),
            Text(
                "请写上 BPMN 的前缀，或声明 xmlns={bpmn}。",
                "Give it the prefix of BPMN, or declare xmlns={bpmn}.",
                bpmn=BPMN,
            ),
        )

    def note_duplicate(self, node: Markup) -> None:
        ident = node.get("id")
        label = node.get("name") or ident or node.name
        self.findings.append(
            Finding(
                "bpmn.E005",
                "error",
                Text(
                    "“{label}”的编号“{id}”缺失或重复。",
                    "The id “{id}” of “{label}” is missing or double.",
                    label=label,
                    id=ident,
                ),
                Place(self.file, node.line),
                Text("每个元素要有自己的编号。", "Give every element an id of its own."),
            )
        )


def _space(node: Markup) -> Text:
    if not node.space:
        return Text("不在任何命名空间里", "no namespace")
    return Text("在命名空间 {space} 里", "the namespace {space}", space=node.space)


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
