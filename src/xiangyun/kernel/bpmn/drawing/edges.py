"""Sequence flows and associations as SVG groups, with their labels."""

from __future__ import annotations

from html import escape

from xiangyun.kernel.bpmn.drawing.canvas import LEADING, SMALL, Canvas, first_line, text
from xiangyun.kernel.bpmn.drawing.lettering import width, wrap
from xiangyun.kernel.bpmn.drawing.lines import arrow, beside_line, middle, path
from xiangyun.kernel.bpmn.model import Edge


def draw_edge(canvas: Canvas, edge: Edge) -> str:
    """A flow with its arrow head; `x-taken` where the case has gone along it."""
    flow = canvas.process.flows.get(edge.of)
    if flow is None:
        return f'<g class="x-edge"><path class="x-flow x-link" d="{path(edge.points)}"/></g>'
    walked = ("done", "here", "failed")
    taken = canvas.marks.get(flow.source) == "done" and canvas.marks.get(flow.target) in walked
    source = canvas.process.elements.get(flow.source)
    extra = ""
    if source is not None and source.default == flow.id:
        extra = arrow(edge.points, "default")
    elif flow.condition is not None and source is not None and "Gateway" not in source.kind:
        extra = arrow(edge.points, "condition")
    return (
        f'<g class="x-edge{" x-taken" if taken else ""}" data-flow="{escape(flow.id)}">'
        f'<path class="x-flow" d="{path(edge.points, short=5)}"/>'
        f"{arrow(edge.points, 'head')}{extra}</g>"
    )


def draw_edge_label(canvas: Canvas, edge: Edge) -> str:
    """The name of a flow, beside its own line."""
    flow = canvas.process.flows.get(edge.of)
    name = canvas.name(flow.id, flow.name) if flow else ""
    if not name:
        return ""
    if edge.label is not None and edge.label[2] > 0:
        x, y, wide, high = edge.label
        lines = wrap(name, max(wide, 60.0) / SMALL, 4)
        first = first_line(y + high / 2, lines, SMALL)
        tall = (len(lines) - 1) * SMALL * LEADING
        span = max(map(width, lines)) * SMALL / 2
        first = beside_line(edge.points, x + wide / 2, span, first, tall, SMALL)
        return text(lines, x + wide / 2, first, SMALL, "x-label")
    lines = wrap(name, 110 / SMALL, 3)
    x, y, upright = middle(edge.points)
    if upright:
        x += max(map(width, lines)) * SMALL / 2 + 6
        return text(lines, x, first_line(y, lines, SMALL), SMALL, "x-label")
    return text(lines, x, y - 6 - (len(lines) - 1) * SMALL * LEADING, SMALL, "x-label")
