"""Draws that anybody can repeat: who is checked, and by whom, from a published record."""

from xiangyun.kernel.draw.assignment import Recusal
from xiangyun.kernel.draw.frame import (
    FRAME,
    INSPECTORS,
    Frame,
    Inspector,
    read_frame,
    read_inspectors,
    write_frame,
    write_inspectors,
)
from xiangyun.kernel.draw.order import FORMAT, Order, committed, read_order
from xiangyun.kernel.draw.record import (
    RECORD,
    RESULT,
    Repeated,
    Step,
    draw,
    repeat,
    write_result,
)
from xiangyun.kernel.draw.selection import Visit

__all__ = [
    "FORMAT",
    "FRAME",
    "INSPECTORS",
    "RECORD",
    "RESULT",
    "Frame",
    "Inspector",
    "Order",
    "Recusal",
    "Repeated",
    "Step",
    "Visit",
    "committed",
    "draw",
    "read_frame",
    "read_inspectors",
    "read_order",
    "repeat",
    "write_frame",
    "write_inspectors",
    "write_result",
]
