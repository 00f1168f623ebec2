"""Compensation: what was completed is undone in reverse order (BPMN 2.0.2 clause 13.5.5)."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn.engine.activities import enter
from xiangyun.kernel.bpmn.engine.walk import Walk
from xiangyun.kernel.bpmn.model import ROOT, Element
from xiangyun.kernel.bpmn.state import Live


def compensate(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A compensation event is thrown: it waits until the handlers have run, one after another."""
    wanted = element.trigger.activity if element.trigger else ""
    target = scope
    # Out of an event sub-process the scope around it is undone: it handles that scope's trouble.
    while target != ROOT and walk.element(target).event_driven:
        target = walk.live[target].scope
    chosen = [
        undo
        for undo in walk.undos
        if undo.scope == target
        and (not wanted or _is_part(undo.activity, wanted, walk.process.elements))
    ]
    walk.undos = [undo for undo in walk.undos if undo not in chosen]
    ident = walk.fresh(element.id)
    handlers = [undo.handler for undo in reversed(chosen)]
    walk.live[ident] = Live(scope, {}, "undo", {"todo": handlers})
    walk.later("undo", ident)


def undo(walk: Walk, ident: str) -> None:
    """Run the next handler; when none is left the throwing event is done."""
    live = walk.live[ident]
    todo = list(live.memo["todo"])
    if todo:
        enter(walk, ident, walk.process.elements[todo[0]], "")
        walk.live[ident] = live._replace(memo={"todo": todo[1:]})
        return
    del walk.live[ident]
    walk.leave(walk.element(ident), live.scope)


def _is_part(activity: str, wanted: str, elements: Mapping[str, Element]) -> bool:
    """Whether an activity is the wanted one or lies within it."""
    while activity != ROOT:
        if activity == wanted:
            return True
        activity = elements[activity].parent
    return False
