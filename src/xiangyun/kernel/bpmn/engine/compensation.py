"""Compensation: what was completed is undone in reverse order (BPMN 2.0.2 clause 13.5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiangyun.kernel.bpmn.catching import match
from xiangyun.kernel.bpmn.engine.activities import enter
from xiangyun.kernel.bpmn.engine.events import caught
from xiangyun.kernel.bpmn.engine.walk import NOTHING, Walk
from xiangyun.kernel.bpmn.model import ROOT, Element
from xiangyun.kernel.bpmn.state import Live, Undo, element_of


def compensate(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A compensation event is thrown: it waits until the handlers have run, one after another."""
    wanted = element.trigger.activity if element.trigger else ""
    # An event sub-process undoes what it did itself, and what the scope around it did: it handles
    # that scope's trouble.
    scopes = {scope}
    outer = scope
    while outer != ROOT and walk.element(outer).event_driven:
        outer = walk.live[outer].scope
        scopes.add(outer)
    chosen = [
        undo
        for undo in walk.undos
        if undo.scope in scopes
        and (not wanted or _is_part(undo.activity, wanted, walk.process.elements))
    ]
    held = walk.inputs(element.inputs, scope, NOTHING)
    _undo_all(walk, scope, element, chosen, held, {})


def cancel(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A transaction is cancelled: all work in it stops, and all that it did is undone (13.5.6).

    Then it is left by its cancel boundary event. Of a transaction in a loop all instances go.
    """
    whole = scope
    while whole != ROOT and walk.element(whole).kind != "transaction":
        whole = walk.live[whole].scope
    if whole != ROOT and walk.is_body(walk.live[whole].scope):
        whole = walk.live[whole].scope
    chosen = [undo for undo in walk.undos if walk.is_within(undo.scope, whole)]
    walk.clear(whole)
    walk.disarm_handlers(whole)
    walk.touched.pop(whole, None)
    _undo_all(walk, whole, element, chosen, {}, {"cancels": True})


def _undo_all(
    walk: Walk,
    scope: str,
    element: Element,
    chosen: list[Undo],
    held: Mapping[str, Any],
    memo: Mapping[str, Any],
) -> None:
    walk.undos = [undo for undo in walk.undos if undo not in chosen]
    ident = walk.fresh(element.id)
    handlers = [undo.handler for undo in reversed(chosen)]
    walk.live[ident] = Live(scope, held, "undo", {"todo": handlers, **memo})
    walk.later("undo", ident)


def undo(walk: Walk, ident: str) -> None:
    """Run the next handler; when none is left the throwing event is done."""
    live = walk.live[ident]
    todo = list(live.memo["todo"])
    if todo:
        enter(walk, ident, walk.process.elements[todo[0]], "")
        walk.live[ident] = live._replace(memo={**live.memo, "todo": todo[1:]})
        return
    element = walk.element(ident)
    del walk.live[ident]
    if live.memo.get("cancels"):
        boundaries = walk.wiring.boundaries.get(element_of(live.scope), ())
        boundary = match(boundaries, "cancel", "")
        if boundary is not None:
            caught(walk, boundary, live.scope, NOTHING)
        return
    if element.outputs:
        walk.propagate(element, live.scope, live.locals, NOTHING)
    walk.leave(element, live.scope)


def _is_part(activity: str, wanted: str, elements: Mapping[str, Element]) -> bool:
    """Whether an activity is the wanted one or lies within it."""
    while activity != ROOT:
        if activity == wanted:
            return True
        activity = elements[activity].parent
    return False
