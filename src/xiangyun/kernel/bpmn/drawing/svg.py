"""An SVG from BPMN DI (OMG BPMN 2.0.2 clause 12), with marks for where a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from xiangyun.kernel.bpmn.drawing.canvas import LEADING, MARKS, SMALL, Canvas, Mark
from xiangyun.kernel.bpmn.drawing.edges import draw_edge, draw_edge_label
from xiangyun.kernel.bpmn.drawing.layout import lay_out
from xiangyun.kernel.bpmn.drawing.lettering import width
from xiangyun.kernel.bpmn.drawing.shapes import draw_shape
from xiangyun.kernel.bpmn.drawing.style import STYLE
from xiangyun.kernel.bpmn.model import Diagram, Edge, Element, Process, Shape
from xiangyun.kernel.bpmn.words import KINDS
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import CHINESE, Language

PAD = 28.0

_DRAWING = Text("流程图", "process drawing")
_STATES = Text("各环节的状态", "where each step stands")


def draw(
    process: Process,
    marks: Mapping[str, Mark] | None = None,
    language: Language = CHINESE,
    labels: Mapping[str, str] | None = None,
) -> str:
    """The process as SVG text.

    `marks`: element id -> where it stands; they differ by weight, outline and badge as well as by
    colour. `labels`: other words for elements and flows, by id (a translation). A process without
    a drawing of its own is laid out from left to right. Colours come from the site's custom
    properties, see `style.py`.
    """
    diagram = process.diagram
    if not any(shape.of in process.elements for shape in diagram.shapes):
        diagram = lay_out(process)
    return _svg(Canvas(process, marks or {}, language, labels or {}), diagram)


def _svg(canvas: Canvas, diagram: Diagram) -> str:
    known = canvas.process.elements.keys() | canvas.process.drawn.keys()
    shapes = [shape for shape in diagram.shapes if shape.of in known]
    ends = canvas.process.flows.keys() | {each[0] for each in canvas.process.associations}
    edges = [edge for edge in diagram.edges if edge.of in ends and len(edge.points) > 1]
    left, top, right, bottom = _box(canvas, shapes, edges)
    # Frames first, then flows, then what stands on them, so that nothing is covered.
    frames = [shape for shape in shapes if canvas.is_frame(shape)]
    frames.sort(key=lambda shape: -shape.width * shape.height)
    nodes = [shape for shape in shapes if not canvas.is_frame(shape)]
    nodes.sort(key=lambda shape: _is_boundary(canvas, shape))
    body = [draw_shape(canvas, shape) for shape in frames]
    body += [draw_edge(canvas, edge) for edge in edges]
    body += [draw_shape(canvas, shape) for shape in nodes]
    body += [draw_edge_label(canvas, edge) for edge in edges]
    words = _words(canvas)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="x-process" role="img"'
        f' lang="{canvas.language.tag}"'
        f' viewBox="{left:g} {top:g} {right - left:g} {bottom - top:g}"'
        f' width="{right - left:g}" height="{bottom - top:g}">'
        f"<title>{escape(_title(canvas))}</title><desc>{escape(words)}</desc>"
        f"<style>{STYLE}</style>\n" + "\n".join(filter(None, body)) + "\n</svg>\n"
    )


def _title(canvas: Canvas) -> str:
    name = canvas.name(canvas.process.id, canvas.process.name or canvas.process.id)
    return f"{name}{canvas.language.colon}{canvas.pick(_DRAWING)}"


def _words(canvas: Canvas) -> str:
    """The drawing in a sentence for whoever hears it: the steps in order and their state."""
    steps = []
    for element in _in_order(canvas.process):
        mark = canvas.marks.get(element.id)
        name = canvas.name(element.id, element.name)
        if name and (mark or not canvas.marks):
            kind = canvas.pick(KINDS.get(element.kind, Text("", "")))
            steps.append(f"{name} — {canvas.pick(MARKS[mark])}" if mark else f"{name} ({kind})")
    head = f"{canvas.pick(_STATES)}: " if canvas.marks else ""
    return head + "; ".join(steps)


def _is_boundary(canvas: Canvas, shape: Shape) -> bool:
    element = canvas.process.elements.get(shape.of)
    return element is not None and element.kind == "boundaryEvent"


def _box(
    canvas: Canvas, shapes: Iterable[Shape], edges: Iterable[Edge]
) -> tuple[float, float, float, float]:
    """What everything takes up, labels and marks included."""
    xs: list[float] = []
    ys: list[float] = []
    for shape in shapes:
        xs += [shape.x, shape.x + shape.width]
        ys += [shape.y, shape.y + shape.height]
        if canvas.marks.get(shape.of) == "here":
            ys.append(shape.y - 20)
        if canvas.labelled_outside(shape):
            lines, x, y = canvas.outside_label(shape)
            half = max(map(width, lines)) * SMALL / 2
            xs += [x - half, x + half]
            ys += [y - SMALL, y + len(lines) * SMALL * LEADING - SMALL]
    for edge in edges:
        xs += [x for x, _ in edge.points]
        ys += [y for _, y in edge.points]
    if not xs:
        return 0, 0, 2 * PAD, 2 * PAD
    return min(xs) - PAD, min(ys) - PAD, max(xs) + PAD, max(ys) + PAD


def _in_order(process: Process) -> list[Element]:
    """Elements as a token would meet them, then the rest."""
    seen: dict[str, Element] = {}
    starts = [each.id for each in process.elements.values() if each.kind == "startEvent"]
    todo = list(reversed(starts))
    while todo:
        ident = todo.pop()
        if ident in seen or ident not in process.elements:
            continue
        seen[ident] = process.elements[ident]
        onward = [flow.target for flow in process.wiring.ways[ident]]
        onward += [each.id for each in process.wiring.boundaries.get(ident, ())]
        todo += reversed(onward)
    return list((seen | dict(process.elements)).values())
