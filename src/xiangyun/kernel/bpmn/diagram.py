"""BPMN DI (OMG BPMN 2.0.2 clause 12): shapes with bounds, edges with points, labels with boxes."""

from __future__ import annotations

from math import isfinite

from xiangyun.kernel.bpmn.datatypes import flag
from xiangyun.kernel.bpmn.markup import BPMNDI, DC, DI, Markup
from xiangyun.kernel.bpmn.model import Diagram, Edge, Shape
from xiangyun.kernel.bpmn.tags import ref


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
                    ref(node.get("bpmnElement")),
                    *_box(bounds),
                    label=_box(box) if box is not None else None,
                    expanded=flag(node, "isExpanded", True),
                    horizontal=flag(node, "isHorizontal", True),
                )
            )
        elif node.name == "BPMNEdge":
            points = tuple(
                (_number(point.get("x")), _number(point.get("y")))
                for point in node.all(DI, "waypoint")
            )
            label_box = _box(box) if box is not None else None
            edges.append(Edge(ref(node.get("bpmnElement")), points, label_box))
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
        value = float(text)
    except ValueError:
        return 0.0
    # xsd:double also knows INF and NaN, at which nothing can be drawn.
    return value if isfinite(value) else 0.0
