"""The drawing of a process as SVG: text as text, CSS classes, marks that do not lean on colour."""

from xiangyun.kernel.bpmn.drawing.canvas import Mark
from xiangyun.kernel.bpmn.drawing.svg import draw

__all__ = ["Mark", "draw"]
