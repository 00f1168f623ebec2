"""An SVG from BPMN DI (OMG BPMN 2.0.2 clause 12), with marks for where a case stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from xiangyun.kernel.bpmn.drawing import signs
from xiangyun.kernel.bpmn.drawing.layout import lay_out
from xiangyun.kernel.bpmn.drawing.lettering import width, wrap
from xiangyun.kernel.bpmn.drawing.lines import arrow, beside_line, middle, path
from xiangyun.kernel.bpmn.drawing.style import STYLE
from xiangyun.kernel.bpmn.model import Diagram, Edge, Element, Process, Shape
from xiangyun.kernel.bpmn.words import KINDS
from xiangyun.kernel.findings import Text

Mark = Literal["done", "here", "ahead", "failed"]
PAD = 28.0
SIZE = 14.0
SMALL = 12.5

_MARKS: dict[str, Text] = {
    "done": Text("已完成", "done"),
    "here": Text("正在办理", "happening now"),
    "ahead": Text("尚未开始", "still ahead"),
    "failed": Text("出错", "failed"),
}
_NOW = Text("现在", "now")
_DRAWING = Text("流程图", "process drawing")
_STATES = Text("各环节的状态", "where each step stands")


def draw(
    process: Process,
    marks: Mapping[str, Mark] | None = None,
    language: str = "zh",
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
    return _Drawing(process, diagram, marks or {}, language, labels or {}).svg()


class _Drawing:
    def __init__(
        self,
        process: Process,
        diagram: Diagram,
        marks: Mapping[str, Mark],
        language: str,
        labels: Mapping[str, str],
    ) -> None:
        self.process = process
        self.diagram = diagram
        self.marks = marks
        self.language = language
        self.labels = labels

    def svg(self) -> str:
        known = self.process.elements.keys() | self.process.drawn.keys()
        shapes = [shape for shape in self.diagram.shapes if shape.of in known]
        ends = self.process.flows.keys() | {each[0] for each in self.process.associations}
        edges = [edge for edge in self.diagram.edges if edge.of in ends and len(edge.points) > 1]
        left, top, right, bottom = self.box(shapes, edges)
        # Frames first, then flows, then what stands on them, so that nothing is covered.
        frames = [shape for shape in shapes if self.is_frame(shape)]
        frames.sort(key=lambda shape: -shape.width * shape.height)
        nodes = [shape for shape in shapes if not self.is_frame(shape)]
        nodes.sort(key=lambda shape: self.is_boundary(shape))
        body = [self.shape(shape) for shape in frames]
        body += [self.edge(edge) for edge in edges]
        body += [self.shape(shape) for shape in nodes]
        body += [self.edge_label(edge) for edge in edges]
        words = self.words()
        lang = "en" if self.language.startswith("en") else "zh-Hans"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="x-process" role="img" lang="{lang}"'
            f' viewBox="{left:g} {top:g} {right - left:g} {bottom - top:g}"'
            f' width="{right - left:g}" height="{bottom - top:g}">'
            f"<title>{escape(self.title())}</title><desc>{escape(words)}</desc>"
            f"<style>{STYLE}</style>\n" + "\n".join(filter(None, body)) + "\n</svg>\n"
        )

    # -- words ------------------------------------------------------------------------------

    def pick(self, text: Text) -> str:
        return text.pick(self.language)

    def name(self, ident: str, name: str) -> str:
        return self.labels.get(ident, name)

    def title(self) -> str:
        name = self.name(self.process.id, self.process.name or self.process.id)
        return f"{name}{'：' if self.language == 'zh' else ': '}{self.pick(_DRAWING)}"

    def words(self) -> str:
        """The drawing in a sentence for whoever hears it: the steps in order and their state."""
        steps = []
        for element in _in_order(self.process):
            mark = self.marks.get(element.id)
            name = self.name(element.id, element.name)
            if name and (mark or not self.marks):
                kind = self.pick(KINDS.get(element.kind, Text("", "")))
                steps.append(f"{name} — {self.pick(_MARKS[mark])}" if mark else f"{name} ({kind})")
        head = f"{self.pick(_STATES)}: " if self.marks else ""
        return head + "; ".join(steps)

    # -- where things lie -------------------------------------------------------------------

    def is_frame(self, shape: Shape) -> bool:
        element = self.process.elements.get(shape.of)
        if element is not None:
            return element.kind in ("subProcess", "transaction", "adHocSubProcess") and (
                shape.expanded and shape.width > 130
            )
        return self.process.drawn[shape.of].kind in ("lane", "participant", "group")

    def is_boundary(self, shape: Shape) -> bool:
        element = self.process.elements.get(shape.of)
        return element is not None and element.kind == "boundaryEvent"

    def box(
        self, shapes: Iterable[Shape], edges: Iterable[Edge]
    ) -> tuple[float, float, float, float]:
        """What everything takes up, labels and marks included."""
        xs: list[float] = []
        ys: list[float] = []
        for shape in shapes:
            xs += [shape.x, shape.x + shape.width]
            ys += [shape.y, shape.y + shape.height]
            if self.marks.get(shape.of) == "here":
                ys.append(shape.y - 20)
            if self.labelled_outside(shape):
                lines, x, y = self.outside_label(shape)
                half = max(map(width, lines)) * SMALL / 2
                xs += [x - half, x + half]
                ys += [y - SMALL, y + len(lines) * SMALL * 1.35 - SMALL]
        for edge in edges:
            xs += [x for x, _ in edge.points]
            ys += [y for _, y in edge.points]
        if not xs:
            return 0, 0, 2 * PAD, 2 * PAD
        return min(xs) - PAD, min(ys) - PAD, max(xs) + PAD, max(ys) + PAD

    # -- shapes -----------------------------------------------------------------------------

    def shape(self, shape: Shape) -> str:
        element = self.process.elements.get(shape.of)
        if element is None:
            return self.extra(shape)
        mark = self.marks.get(element.id)
        classes, inside = ["x-node"], ""
        if "Gateway" in element.kind:
            classes.append("x-gateway")
            inside = _diamond(shape) + _sign(signs.GATEWAYS.get(element.kind, ""), shape, 0.44)
        elif "Event" in element.kind:
            classes.append("x-end" if element.kind == "endEvent" else "x-event")
            inside = _circle(shape, element)
        else:
            classes += _activity_classes(element, self.is_frame(shape))
            inside = self.activity(shape, element)
        if self.labelled_outside(shape):
            inside += self.outside(shape)
        words = self.name(element.id, element.name)
        if mark:
            classes.append(f"x-{mark}")
            inside += self.badge(shape, mark, element)
            words = f"{words or element.id} — {self.pick(_MARKS[mark])}"
        title = f"<title>{escape(words)}</title>" if words else ""
        return (
            f'<g class="{" ".join(classes)}" data-element={quoteattr(element.id)}>'
            f"{title}{inside}</g>"
        )

    def activity(self, shape: Shape, element: Element) -> str:
        out = (
            f'<rect class="x-shape" x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}"'
            f' height="{shape.height:g}" rx="9"/>'
        )
        name = self.name(element.id, element.name)
        sign = signs.TASKS.get(element.kind, "")
        if sign:
            out += _at(sign, shape.x + 7, shape.y + 6, 15)
        markers = [signs.LOOPS[element.loop.kind]] if element.loop else []
        if element.for_compensation:
            markers.append(signs.EVENTS["compensate"][0])
        if "ubProcess" in element.kind and not self.is_frame(shape):
            markers.append(signs.COLLAPSED)
        for at, marker in enumerate(markers):
            x = shape.x + shape.width / 2 - 8 * len(markers) + 16 * at
            out += _at(marker, x, shape.y + shape.height - 18, 14)
        if self.is_frame(shape):
            lines = wrap(name, (shape.width - 24) / SIZE, 1)
            out += _text(lines, shape.x + shape.width / 2, shape.y + 22, SIZE)
            return out
        top = 16 if sign else 0
        # What stands on the lower edge needs a little room too.
        low = 14 if markers or self.process.wiring.boundaries.get(element.id) else 0
        room = shape.height - top - low - 8
        for size in (SIZE, 13.0, 12.0, 11.0):
            most = max(int(room / (size * 1.35)), 1)
            lines = wrap(name, (shape.width - 14) / size, 99)
            if len(lines) <= most or size == 11.0:
                lines = wrap(name, (shape.width - 14) / size, most)
                break
        # A single line sits in the middle; more lines make room for the sign above them.
        centre = shape.y + shape.height / 2
        if len(lines) > 1:
            centre += (top - low) * (0.3 if len(lines) == 2 else 0.42)
        out += _text(lines, shape.x + shape.width / 2, _first(centre, lines, size), size)
        return out

    def badge(self, shape: Shape, mark: Mark, element: Element) -> str:
        """A check, a cross, or a flag saying where the case is: never colour alone."""
        corner = 0.0 if "Task" in element.kind or "Process" in element.kind else shape.width * 0.12
        x, y = shape.x + shape.width - corner, shape.y + corner
        if "Gateway" in element.kind and mark != "here":
            return ""
        if mark in ("done", "failed"):
            sign = signs.CHECK if mark == "done" else signs.CROSS
            size = 16.0 if shape.width > 60 else 13.0
            return f'<circle class="x-badge" cx="{x:g}" cy="{y:g}" r="{size * 0.6:g}"/>' + _at(
                sign, x - size / 2, y - size / 2, size
            )
        if mark == "here":
            word = self.pick(_NOW)
            half = width(word) * 6 + 7
            centre, top = shape.x + shape.width / 2, shape.y - 7
            return (
                f'<path class="x-pointer" d="M{centre - half:g} {top - 17:g}h{2 * half:g}'
                f"a3 3 0 0 1 3 3v11a3 3 0 0 1 -3 3h{5 - half:g}l-5 6l-5 -6h{5 - half:g}"
                f'a3 3 0 0 1 -3 -3v-11a3 3 0 0 1 3 -3z"/>'
                f'<text class="x-now" x="{centre:g}" y="{top - 4.5:g}">{escape(word)}</text>'
            )
        return ""

    def labelled_outside(self, shape: Shape) -> bool:
        element = self.process.elements.get(shape.of)
        return (
            element is not None
            and ("Event" in element.kind or "Gateway" in element.kind)
            and bool(self.name(element.id, element.name))
        )

    def outside_label(self, shape: Shape) -> tuple[list[str], float, float]:
        """Lines, middle and first base line of the label of an event or gateway."""
        element = self.process.elements[shape.of]
        name = self.name(element.id, element.name)
        if shape.label is not None and shape.label[2] > 0:
            x, y, wide, high = shape.label
            lines = wrap(name, max(wide, 84.0) / SMALL, 4)
            above = y + high / 2 < shape.y
            first = y + SMALL
            if above:
                # Grow upwards, so that more lines than the modeller saw do not cover the shape.
                first = min(first, shape.y - 6 - (len(lines) - 1) * SMALL * 1.35)
            return lines, x + wide / 2, first
        lines = wrap(name, 96 / SMALL, 4)
        return lines, shape.x + shape.width / 2, shape.y + shape.height + SMALL + 4

    def outside(self, shape: Shape) -> str:
        lines, x, y = self.outside_label(shape)
        return _text(lines, x, y, SMALL, "x-label")

    def extra(self, shape: Shape) -> str:
        """Pools, lanes, annotations and data: drawn lightly, they carry no token."""
        thing = self.process.drawn[shape.of]
        name = self.name(thing.id, thing.name)
        x, y, wide, high = shape.x, shape.y, shape.width, shape.height
        if thing.kind in ("lane", "participant"):
            band = 30.0
            frame = (
                f'<rect class="x-shape" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"/>'
            )
            if not shape.horizontal:
                line = f'<path class="x-flow" d="M{x:g} {y + band:g}h{wide:g}"/>'
                label = _text(wrap(name, wide / SIZE, 1), x + wide / 2, y + 20, SIZE)
            else:
                line = f'<path class="x-flow" d="M{x + band:g} {y:g}v{high:g}"/>'
                lines = wrap(name, high / SIZE, 1)
                turn = f'transform="rotate(-90 {x + 15:g} {y + high / 2:g})"'
                label = f"<g {turn}>{_text(lines, x + 15, y + high / 2 + 5, SIZE)}</g>"
            return f'<g class="x-pool">{frame}{line}{label}</g>'
        if thing.kind == "textAnnotation":
            lines = wrap(name, (wide - 8) / SMALL, 8)
            rows = "".join(
                f'<tspan x="{x + 8:g}" y="{y + 16 + at * SMALL * 1.35:g}">{escape(line)}</tspan>'
                for at, line in enumerate(lines)
            )
            bracket = f"M{x + 12:g} {y:g}h-12v{high:g}h12"
            return (
                f'<g class="x-annotation"><path class="x-flow" d="{bracket}"/>'
                f'<text class="x-note">{rows}</text></g>'
            )
        if thing.kind == "group":
            return (
                f'<g class="x-pool"><rect class="x-shape x-beside" x="{x:g}" y="{y:g}"'
                f' width="{wide:g}" height="{high:g}" rx="10"/></g>'
            )
        fold = min(10.0, wide / 3)
        sheet = (
            f"M{x:g} {y:g}h{wide - fold:g}l{fold:g} {fold:g}v{high - fold:g}h{-wide:g}z"
            f"M{x + wide - fold:g} {y:g}v{fold:g}h{fold:g}"
        )
        lines = wrap(name, 100 / SMALL, 3)
        label = _text(lines, x + wide / 2, y + high + SMALL + 3, SMALL, "x-label")
        return f'<g class="x-data"><path class="x-shape" d="{sheet}"/>{label if name else ""}</g>'

    # -- flows ------------------------------------------------------------------------------

    def edge(self, edge: Edge) -> str:
        flow = self.process.flows.get(edge.of)
        if flow is None:
            return f'<g class="x-edge"><path class="x-flow x-link" d="{path(edge.points)}"/></g>'
        walked = ("done", "here", "failed")
        taken = self.marks.get(flow.source) == "done" and self.marks.get(flow.target) in walked
        source = self.process.elements.get(flow.source)
        extra = ""
        if source is not None and source.default == flow.id:
            extra = arrow(edge.points, "default")
        elif flow.condition is not None and source is not None and "Gateway" not in source.kind:
            extra = arrow(edge.points, "condition")
        return (
            f'<g class="x-edge{" x-taken" if taken else ""}" data-flow={quoteattr(flow.id)}>'
            f'<path class="x-flow" d="{path(edge.points, short=5)}"/>'
            f"{arrow(edge.points, 'head')}{extra}</g>"
        )

    def edge_label(self, edge: Edge) -> str:
        flow = self.process.flows.get(edge.of)
        name = self.name(flow.id, flow.name) if flow else ""
        if not name:
            return ""
        if edge.label is not None and edge.label[2] > 0:
            x, y, wide, high = edge.label
            lines = wrap(name, max(wide, 60.0) / SMALL, 4)
            first = _first(y + high / 2, lines, SMALL)
            tall = (len(lines) - 1) * SMALL * 1.35
            span = max(map(width, lines)) * SMALL / 2
            first = beside_line(edge.points, x + wide / 2, span, first, tall, SMALL)
            return _text(lines, x + wide / 2, first, SMALL, "x-label")
        lines = wrap(name, 110 / SMALL, 3)
        x, y, upright = middle(edge.points)
        if upright:
            x += max(map(width, lines)) * SMALL / 2 + 6
            return _text(lines, x, _first(y, lines, SMALL), SMALL, "x-label")
        return _text(lines, x, y - 6 - (len(lines) - 1) * SMALL * 1.35, SMALL, "x-label")


def _activity_classes(element: Element, frame: bool) -> list[str]:
    classes = ["x-scope" if frame else "x-task"]
    if element.kind == "callActivity":
        classes.append("x-call")
    if element.event_driven:
        classes.append("x-event-scope")
    return classes


def _circle(shape: Shape, element: Element) -> str:
    radius = shape.width / 2
    x, y = shape.x + radius, shape.y + shape.height / 2
    beside = "" if element.interrupting or element.kind == "endEvent" else " x-beside"
    out = f'<circle class="x-shape{beside}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'
    if element.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        out += f'<circle class="x-shape{beside}" cx="{x:g}" cy="{y:g}" r="{radius - 3.5:g}"/>'
    kind = element.trigger.kind if element.trigger else "none"
    throws = element.kind in ("endEvent", "intermediateThrowEvent")
    return out + _sign(signs.EVENTS.get(kind, ("", ""))[int(throws)], shape, 0.46)


def _diamond(shape: Shape) -> str:
    half, tall = shape.width / 2, shape.height / 2
    return (
        f'<path class="x-shape" stroke-linejoin="round" d="M{shape.x + half:g} {shape.y:g}'
        f'l{half:g} {tall:g}l{-half:g} {tall:g}l{-half:g} {-tall:g}z"/>'
    )


def _sign(sign: str, shape: Shape, share: float) -> str:
    size = shape.width * share
    x = shape.x + (shape.width - size) / 2
    return _at(sign, x, shape.y + (shape.height - size) / 2, size)


def _at(sign: str, x: float, y: float, size: float) -> str:
    if not sign:
        return ""
    return (
        f'<g class="x-sign-box" transform="translate({x:g} {y:g}) scale({size / 16:g})">{sign}</g>'
    )


def _first(centre: float, lines: list[str], size: float) -> float:
    """The first base line of lines centred on a height."""
    return centre - (len(lines) - 1) * size * 1.35 / 2 + size * 0.35


def _text(lines: list[str], x: float, y: float, size: float, css: str = "") -> str:
    rows = "".join(
        f'<tspan x="{x:g}" y="{y + at * size * 1.35:g}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    own = f' font-size="{size:g}"' if size not in (SIZE, SMALL) else ""
    return f"<text{f' class={chr(34)}{css}{chr(34)}' if css else ''}{own}>{rows}</text>"


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
