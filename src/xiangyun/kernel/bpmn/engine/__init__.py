"""The walk of one case over its drawing: one event in, a new state and commands out."""

from xiangyun.kernel.bpmn.engine.abandoning import abandoned
from xiangyun.kernel.bpmn.engine.advance import Step, advance
from xiangyun.kernel.bpmn.engine.refusals import Endless, NotWaiting

__all__ = ["Endless", "NotWaiting", "Step", "abandoned", "advance"]
