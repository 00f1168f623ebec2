"""A case that is taken away as a whole, such as a called process that nobody wants any more."""

from __future__ import annotations

from datetime import datetime

from xiangyun.kernel.bpmn.commands import Command
from xiangyun.kernel.bpmn.engine.walk import NOTHING, Walk
from xiangyun.kernel.bpmn.model import ROOT, Process
from xiangyun.kernel.bpmn.state import State
from xiangyun.kernel.worktime import WEEKDAYS


def abandoned(process: Process, state: State, at: datetime) -> tuple[Command, ...]:
    """What is to be closed of a case that goes no further: everything that is open in it."""
    walk = Walk(process, state, NOTHING, at, WEEKDAYS)
    walk.clear(ROOT)
    walk.disarm(ROOT)
    return tuple(walk.commands)
