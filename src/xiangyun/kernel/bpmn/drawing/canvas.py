"""What every part of a drawing asks: names in the reader's language, marks, where labels go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Literal

from xiangyun.kernel.bpmn.drawing.lettering import wrap
from xiangyun.kernel.bpmn.model import Process, Shape
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language

Mark = Literal["done", "here", "ahead", "failed"]
SIZE = 14.0
SMALL = 12.5
LEADING = 1.35

MARKS: dict[str, Text] = {
    "done": Text("已完成", "done"),
    "here": Text("正在办理", "happening now"),
    "ahead": Text("尚未开始", "still ahead"),
    "failed": Text("出错", "failed"),
}
NOW = Text("现在", "now")


@dataclass(frozen=True, slots=True)
class Canvas:
    """One drawing under way."""

    process: Process
    marks: Mapping[str, Mark]
    language: Language
    labels: Mapping[str, str]

    def pick(self, text: Text) -> str:
        """The words in the reader's language."""
        return text.pick(self.language)

    def name(self, ident: str, name: str) -> str:
        """The label of an element or flow: the translation, or what the drawing says."""
        return self.labels.get(ident, name)

    def is_frame(self, shape: Shape) -> bool:
        """Whether other things lie within it."""
        element = self.process.elements.get(shape.of)
        if element is not None:
            return element.kind in ("subProcess", "transaction", "adHocSubProcess") and (
                shape.expanded and shape.width > 130
            )
        return self.process.drawn[shape.of].kind in ("lane", "participant", "group")

    def labelled_outside(self, shape: Shape) -> bool:
        """Events and gateways are too small for their words."""
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
                first = min(first, shape.y - 6 - (len(lines) - 1) * SMALL * LEADING)
            return lines, x + wide / 2, first
        lines = wrap(name, 96 / SMALL, 4)
        return lines, shape.x + shape.width / 2, shape.y + shape.height + SMALL + 4


def first_line(centre: float, lines: list[str], size: float) -> float:
    """The first base line of lines centred on a height."""
    return centre - (len(lines) - 1) * size * LEADING / 2 + size * 0.35


def text(lines: list[str], x: float, y: float, size: float, css: str = "") -> str:
    """Lines of text around a middle, from a first base line."""
    rows = "".join(
        f'<tspan x="{x:g}" y="{y + at * size * LEADING:g}">{escape(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    own = f' font-size="{size:g}"' if size not in (SIZE, SMALL) else ""
    return f"<text{f' class={chr(34)}{css}{chr(34)}' if css else ''}{own}>{rows}</text>"
