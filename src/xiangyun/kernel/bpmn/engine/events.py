"""Events: thrown, caught, at boundaries and in event sub-processes (BPMN 2.0.2, 10.5 and 13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiangyun.kernel.bpmn.commands import CaseFailed, EscalationRaised, SignalThrown, TimerSet
from xiangyun.kernel.bpmn.engine.activities import ask_service, send_message
from xiangyun.kernel.bpmn.engine.walk import NOTHING, Stuck, Walk
from xiangyun.kernel.bpmn.model import ROOT, Element, Trigger
from xiangyun.kernel.bpmn.state import Live, element_of
from xiangyun.kernel.bpmn.times import FOREVER, iso, parse_cycle

SILENT = Trigger("none", 0)


def start(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A start event sends its token on."""
    walk.leave(element, scope)


def catch(walk: Walk, scope: str, element: Element, came: str) -> None:
    """An intermediate catch event waits; the target of a link goes on at once."""
    if element.trigger is not None and element.trigger.kind == "link":
        walk.leave(element, scope)
        return
    ident = walk.fresh(element.id)
    walk.live[ident] = Live(scope)
    walk.arm(element, ident, scope)


def throw(walk: Walk, scope: str, element: Element, came: str) -> None:
    """An intermediate throw event does its part and goes on."""
    kind = (element.trigger or SILENT).kind
    if kind == "link":
        target = walk.wiring.links[scope_element(scope), (element.trigger or SILENT).name]
        walk.later("enter", scope, target, "")
    elif kind == "compensate":
        walk.later("compensate", scope, element.id, "")
    elif element.type is not None:
        _hand_over(walk, scope, element)
    else:
        # The token is sent on first: an escalation that interrupts takes it away again.
        walk.leave(element, scope)
        _cast(walk, scope, element)


def end(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A token ends, with what its end event throws."""
    kind = (element.trigger or SILENT).kind
    if kind == "error":
        code = (element.trigger or SILENT).name
        if raise_error(walk, scope, "", code, element.name):
            return
        if not walk.process.is_called:
            raise Stuck(
                f"“{element.label}”抛出的错误 {code} 没有人处理。"
                f" / Nobody catches the error {code} thrown by “{element.label}”."
            )
        walk.clear(ROOT)
        walk.disarm(ROOT)
        walk.ended = True
        walk.commands.append(CaseFailed(element.id, code, element.name))
        return
    _name_outcome(walk, scope, element, forced=kind == "terminate")
    if kind == "compensate":
        walk.later("compensate", scope, element.id, "")
        return
    if element.type is not None:
        _hand_over(walk, scope, element)
        return
    if kind == "terminate":
        walk.clear(scope)
    walk.touched[scope] = None
    _cast(walk, scope, element)


def _hand_over(walk: Walk, scope: str, element: Element) -> None:
    """A message that a machine sends (it has a task definition): the event waits for it."""
    ident = walk.fresh(element.id)
    walk.live[ident] = Live(scope, walk.inputs(element.inputs, scope, NOTHING))
    ask_service(walk, ident, element)


def _cast(walk: Walk, scope: str, element: Element) -> None:
    """What leaves the case, or climbs up in it, from a throw or end event."""
    trigger = element.trigger or SILENT
    payload = walk.inputs(element.inputs, scope, NOTHING)
    if trigger.kind == "message":
        send_message(walk, element, scope, payload)
    elif trigger.kind == "signal":
        walk.commands.append(SignalThrown(trigger.name, payload))
    elif trigger.kind == "escalation":
        escalate(walk, scope, "", trigger.name, element.id, payload)


def _name_outcome(walk: Walk, scope: str, element: Element, forced: bool) -> None:
    """The end event that names the outcome: the last one at the top, one with a word for it first.

    An event sub-process of the case (a withdrawal) stands at the top too.
    """
    while scope != ROOT:
        if not walk.element(scope).event_driven:
            return
        scope = walk.live[scope].scope
    named = walk.last and "outcome" in walk.process.elements[walk.last].properties
    if forced or not named or "outcome" in element.properties:
        walk.last = element.id


# -- what fires ----------------------------------------------------------------------------------


def fire(walk: Walk, ident: str, payload: Mapping[str, Any]) -> None:
    """The awaited thing has happened."""
    wait = walk.waits[ident]
    element = walk.element(ident)
    owner = wait.owner
    if element.kind == "boundaryEvent":
        _spend(walk, ident, element)
        caught(walk, element, owner, payload)
    elif element.kind == "startEvent":
        _spend(walk, ident, element)
        handle(walk, walk.process.elements[element.parent], element, owner, payload)
    elif element_of(owner) == element.id:
        walk.unwait(ident, told=True)
        walk.later("complete", walk.live[owner].scope, owner, payload)
    else:
        walk.unwait(ident, told=True)
        scope = walk.live.pop(owner).scope
        walk.disarm(owner)
        walk.propagate(element, scope, NOTHING, payload)
        walk.leave(element, scope)


def _spend(walk: Walk, ident: str, element: Element) -> None:
    """End the wait, unless it may fire again: then a timer is set anew, the rest stays."""
    trigger = element.trigger or SILENT
    wait = walk.waits[ident]
    if element.interrupting or (trigger.kind == "timer" and wait.left == 0):
        walk.unwait(ident, told=True)
    elif trigger.kind == "timer":
        scope = wait.owner if element.kind == "startEvent" else walk.live[wait.owner].scope
        value = trigger.formula.value(walk.context(scope)) if trigger.formula else ""
        cycle = parse_cycle(iso(value))
        if cycle is None or wait.key is None:
            walk.unwait(ident, told=True)
            return
        moment = cycle[1].after(type(walk.at).fromisoformat(wait.key))
        left = wait.left if wait.left == FOREVER else wait.left - 1
        walk.waits[ident] = wait._replace(key=moment.isoformat(), left=left)
        walk.commands.append(TimerSet(ident, element.id, moment))


def caught(walk: Walk, boundary: Element, host: str, payload: Mapping[str, Any]) -> None:
    """A boundary event catches: its host goes away if it interrupts, a token leaves it."""
    scope = walk.live[host].scope
    if boundary.interrupting:
        walk.cancel(host)
    walk.propagate(boundary, scope, NOTHING, payload)
    walk.leave(boundary, scope)


def handle(
    walk: Walk, sub: Element, begin: Element, scope: str, payload: Mapping[str, Any]
) -> None:
    """An event sub-process begins in its scope; an interrupting one empties the scope first."""
    if begin.interrupting:
        walk.clear(scope)
        walk.disarm(scope)
        walk.touched.pop(scope, None)
        if scope == ROOT:
            walk.last = ""
    ident = walk.fresh(sub.id)
    walk.live[ident] = Live(scope)
    walk.propagate(begin, scope, NOTHING, payload)
    walk.later("begin", ident, begin.id, "")


def begin_scope(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A scope begins at a start event: its own event sub-processes listen from now on."""
    for _, start_event in walk.wiring.handlers.get(element.parent, ()):
        walk.arm(start_event, scope, scope)
    walk.leave(element, scope)


def look_at_conditions(walk: Walk) -> bool:
    """Fire the first conditional event that has become true; False when none has."""
    for ident, wait in list(walk.waits.items()):
        element = walk.element(ident)
        trigger = element.trigger or SILENT
        if trigger.kind != "conditional" or trigger.formula is None:
            continue
        inside = element.kind == "startEvent"
        scope = wait.owner if inside else walk.live[wait.owner].scope
        now = int(trigger.formula.value(walk.context(scope)) is True)
        if now != wait.left:
            walk.waits[ident] = wait._replace(left=now)
            if now:
                fire(walk, ident, NOTHING)
                return True
    return False


# -- what climbs ---------------------------------------------------------------------------------


def raise_error(walk: Walk, scope: str, ident: str, code: str, message: str) -> bool:
    """Let an error climb from an instance, or out of a scope; False when nobody catches it."""
    payload = {"error": {"code": code, "message": message}}
    return bool(climb(walk, "error", scope, ident, code, payload))


def escalate(
    walk: Walk, scope: str, ident: str, code: str, element: str, payload: Mapping[str, Any]
) -> None:
    """Let an escalation climb from an instance, or out of a scope, and tell who caught it."""
    caught = climb(walk, "escalation", scope, ident, code, payload)
    walk.commands.append(EscalationRaised(code, element, caught, payload))


def climb(
    walk: Walk, kind: str, scope: str, ident: str, code: str, payload: Mapping[str, Any]
) -> str:
    """Find who catches, from the inside outwards; the catching element, or empty.

    At each level first the boundary of the activity, then the event sub-processes around it
    (BPMN 2.0.2 clause 10.5.6). A catcher with the very code is preferred to one without.
    """
    while True:
        if ident:
            element = walk.element(ident)
            outer = walk.live[ident].scope
            if not (outer and walk.live[outer].phase == "body"):
                boundary = _match(walk.wiring.boundaries.get(element.id, ()), kind, code)
                if boundary is not None:
                    # Only output mappings carry what was thrown; nothing leaks unasked.
                    caught(walk, boundary, ident, payload if boundary.outputs else NOTHING)
                    return boundary.id
            scope = outer
        if not (ident and walk.element(ident).event_driven):
            handlers = walk.wiring.handlers.get(scope_element(scope), ())
            begin = _match([each for _, each in handlers], kind, code)
            if begin is not None:
                sub = walk.process.elements[begin.parent]
                handle(walk, sub, begin, scope, payload if begin.outputs else NOTHING)
                return begin.id
        if scope == ROOT:
            return ""
        ident = scope


def _match(events: Any, kind: str, code: str) -> Element | None:
    fitting = [
        each
        for each in events
        if each.trigger and each.trigger.kind == kind and each.trigger.name in ("", code)
    ]
    return max(fitting, key=lambda each: bool(each.trigger.name), default=None)


def scope_element(scope: str) -> str:
    """The element of a scope instance; ROOT for the root."""
    return element_of(scope) if scope else ROOT
