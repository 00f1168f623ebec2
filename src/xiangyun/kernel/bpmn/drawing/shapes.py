"""Tasks, events, gateways and what only lies around them, as SVG groups."""

from __future__ import annotations

from html import escape

from xiangyun.kernel.bpmn.drawing import signs
from xiangyun.kernel.bpmn.drawing.canvas import (
    LEADING,
    MARKS,
    NOW,
    SIZE,
    SMALL,
    Canvas,
    Mark,
    first_line,
    text,
)
from xiangyun.kernel.bpmn.drawing.lettering import width, wrap
from xiangyun.kernel.bpmn.model import Element, Shape


def draw_shape(canvas: Canvas, shape: Shape) -> str:
    """One drawn thing with its words, its sign and the mark of where the case stands."""
    element = canvas.process.elements.get(shape.of)
    if element is None:
        return _extra(canvas, shape)
    mark = canvas.marks.get(element.id)
    classes, inside = ["x-node"], ""
    if "Gateway" in element.kind:
        classes.append("x-gateway")
        inside = _diamond(shape) + _sign(signs.GATEWAYS.get(element.kind, ""), shape, 0.44)
    elif "Event" in element.kind:
        classes.append("x-end" if element.kind == "endEvent" else "x-event")
        inside = _circle(shape, element)
    else:
        classes += _activity_classes(element, canvas.is_frame(shape))
        inside = _activity(canvas, shape, element)
    if canvas.labelled_outside(shape):
        inside += text(*canvas.outside_label(shape), SMALL, "x-label")
    words = canvas.name(element.id, element.name)
    if mark:
        classes.append(f"x-{mark}")
        inside += _badge(canvas, shape, mark, element)
        words = f"{words or element.id} — {canvas.pick(MARKS[mark])}"
    title = f"<title>{escape(words)}</title>" if words else ""
    return f'<g class="{" ".join(classes)}" data-element="{escape(element.id)}">{title}{inside}</g>'


def _activity(canvas: Canvas, shape: Shape, element: Element) -> str:
    out = (
        f'<rect class="x-shape" x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}"'
        f' height="{shape.height:g}" rx="9"/>'
    )
    if element.kind == "transaction":
        # Two lines say that it is done whole or undone whole (BPMN 2.0.2 clause 10.3.5).
        out += (
            f'<rect class="x-shape" x="{shape.x + 3:g}" y="{shape.y + 3:g}"'
            f' width="{shape.width - 6:g}" height="{shape.height - 6:g}" rx="7"/>'
        )
    name = canvas.name(element.id, element.name)
    sign = signs.TASKS.get(element.kind, "")
    if sign:
        out += _at(sign, shape.x + 7, shape.y + 6, 15)
    markers = [signs.LOOPS[element.loop.kind]] if element.loop else []
    if element.for_compensation:
        markers.append(signs.EVENTS["compensate"][0])
    if ("ubProcess" in element.kind or element.kind == "transaction") and not canvas.is_frame(
        shape
    ):
        markers.append(signs.COLLAPSED)
    for at, marker in enumerate(markers):
        x = shape.x + shape.width / 2 - 8 * len(markers) + 16 * at
        out += _at(marker, x, shape.y + shape.height - 18, 14)
    if canvas.is_frame(shape):
        lines = wrap(name, (shape.width - 24) / SIZE, 1)
        out += text(lines, shape.x + shape.width / 2, shape.y + 22, SIZE)
        return out
    top = 16 if sign else 0
    # What stands on the lower edge needs a little room too.
    low = 14 if markers or canvas.process.wiring.boundaries.get(element.id) else 0
    room = shape.height - top - low - 8
    for size in (SIZE, 13.0, 12.0, 11.0):
        most = max(int(room / (size * LEADING)), 1)
        lines = wrap(name, (shape.width - 14) / size, 99)
        if len(lines) <= most or size == 11.0:
            lines = wrap(name, (shape.width - 14) / size, most)
            break
    # A single line sits in the middle; more lines make room for the sign above them.
    centre = shape.y + shape.height / 2
    if len(lines) > 1:
        centre += (top - low) * (0.3 if len(lines) == 2 else 0.42)
    out += text(lines, shape.x + shape.width / 2, first_line(centre, lines, size), size)
    return out


def _badge(canvas: Canvas, shape: Shape, mark: Mark, element: Element) -> str:
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
        word = canvas.pick(NOW)
        half = width(word) * 6 + 7
        centre, top = shape.x + shape.width / 2, shape.y - 7
        return (
            f'<path class="x-pointer" d="M{centre - half:g} {top - 17:g}h{2 * half:g}'
            f"a3 3 0 0 1 3 3v11a3 3 0 0 1 -3 3h{5 - half:g}l-5 6l-5 -6h{5 - half:g}"
            f'a3 3 0 0 1 -3 -3v-11a3 3 0 0 1 3 -3z"/>'
            f'<text class="x-now" x="{centre:g}" y="{top - 4.5:g}">{escape(word)}</text>'
        )
    return ""


def _extra(canvas: Canvas, shape: Shape) -> str:
    """Pools, lanes, annotations and data: drawn lightly, they carry no token."""
    thing = canvas.process.drawn[shape.of]
    name = canvas.name(thing.id, thing.name)
    x, y, wide, high = shape.x, shape.y, shape.width, shape.height
    if thing.kind in ("lane", "participant"):
        band = 30.0
        frame = f'<rect class="x-shape" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"/>'
        if not shape.horizontal:
            line = f'<path class="x-flow" d="M{x:g} {y + band:g}h{wide:g}"/>'
            label = text(wrap(name, wide / SIZE, 1), x + wide / 2, y + 20, SIZE)
        else:
            line = f'<path class="x-flow" d="M{x + band:g} {y:g}v{high:g}"/>'
            lines = wrap(name, high / SIZE, 1)
            turn = f'transform="rotate(-90 {x + 15:g} {y + high / 2:g})"'
            label = f"<g {turn}>{text(lines, x + 15, y + high / 2 + 5, SIZE)}</g>"
        return f'<g class="x-pool">{frame}{line}{label}</g>'
    if thing.kind == "textAnnotation":
        lines = wrap(name, (wide - 8) / SMALL, 8)
        rows = "".join(
            f'<tspan x="{x + 8:g}" y="{y + 16 + at * SMALL * LEADING:g}">{escape(line)}</tspan>'
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
    label = text(lines, x + wide / 2, y + high + SMALL + 3, SMALL, "x-label")
    return f'<g class="x-data"><path class="x-shape" d="{sheet}"/>{label if name else ""}</g>'


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
