"""The walk of one case over its drawing: one event in, a new state and commands out."""

from xiangyun.kernel.bpmn.engine.advance import Endless, NotWaiting, Step, advance

__all__ = ["Endless", "NotWaiting", "Step", "advance"]
