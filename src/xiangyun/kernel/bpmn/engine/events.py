"""Events: thrown, caught, at boundaries and in event sub-processes (BPMN 2.0.2, 10.5 and 13.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiangyun.kernel.bpmn.catching import listening, match
from xiangyun.kernel.bpmn.commands import (
    CaseFailed,
    EscalationRaised,
    IncidentRaised,
    SignalThrown,
)
from xiangyun.kernel.bpmn.engine.activities import ask_service, send_message
from xiangyun.kernel.bpmn.engine.walk import NOTHING, Stuck, Walk
from xiangyun.kernel.bpmn.model import ROOT, Element, Trigger
from xiangyun.kernel.bpmn.state import NO_NEXT, Live, element_of
from xiangyun.kernel.findings import Text

SILENT = Trigger("none", 0)


def start(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A start event sends its token on."""
    walk.leave(element, scope)


def catch(walk: Walk, scope: str, element: Element, came: str) -> None:
    """An intermediate catch event waits; the target of a link goes on at once."""
    if element.trigger is not None and element.trigger.kind == "link":
        _map(walk, element, scope, NOTHING)
        walk.leave(element, scope)
        return
    ident = walk.fresh(element.id)
    walk.live[ident] = Live(scope, walk.inputs(element.inputs, scope, NOTHING))
    walk.arm(element, ident, ident)


def throw(walk: Walk, scope: str, element: Element, came: str) -> None:
    """An intermediate throw event does its part and goes on."""
    kind = (element.trigger or SILENT).kind
    if kind == "link":
        _map(walk, element, scope, NOTHING)
        target = walk.wiring.links[scope_element(scope), (element.trigger or SILENT).name]
        walk.later("enter", scope, target, "")
    elif kind == "compensate":
        walk.later("compensate", scope, element.id, "")
    elif element.type is not None:
        _hand_over(walk, scope, element)
    elif _cast(walk, scope, element):
        walk.leave(element, scope)


def end(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A token ends, with what its end event throws."""
    kind = (element.trigger or SILENT).kind
    if kind == "error":
        _fail(walk, scope, element)
        return
    walk.name_outcome(scope, element, forced=kind == "terminate")
    if kind in ("compensate", "cancel"):
        walk.later(kind, scope, element.id, "")
    elif element.type is not None:
        _hand_over(walk, scope, element)
    elif _cast(walk, scope, element):
        if kind == "terminate":
            walk.clear(scope)
        walk.touched[scope] = None


def _fail(walk: Walk, scope: str, element: Element) -> None:
    """An error end event: the error climbs, or ends a called process, or holds the token."""
    code = (element.trigger or SILENT).name
    if raise_error(walk, scope, "", code, element.name):
        return
    if not walk.process.is_called:
        raise Stuck(
            Text(
                "“{label}”抛出的错误 {code} 没有人处理。",
                "Nobody catches the error {code} thrown by “{label}”.",
                label=element.label,
                code=code,
            )
        )
    walk.clear(ROOT)
    walk.disarm(ROOT)
    walk.ended = True
    walk.commands.append(CaseFailed(element.id, code, element.name))


def _hand_over(walk: Walk, scope: str, element: Element) -> None:
    """A message that a machine sends (it has a task definition): the event waits for it."""
    ident = walk.fresh(element.id)
    walk.live[ident] = Live(scope, walk.inputs(element.inputs, scope, NOTHING))
    ask_service(walk, ident, element)


def _cast(walk: Walk, scope: str, element: Element) -> bool:
    """What leaves the case, or climbs up in it, from a throw or end event, and its mappings.

    False when whoever caught it has taken the throwing token away.
    """
    trigger = element.trigger or SILENT
    payload = walk.inputs(element.inputs, scope, NOTHING)
    if trigger.kind == "message":
        send_message(walk, element, scope, payload)
    elif trigger.kind == "signal":
        walk.commands.append(SignalThrown(trigger.name, payload))
    elif trigger.kind == "escalation":
        catcher = escalate(walk, scope, "", trigger.name, element.id, payload)
        # Who catches stands around the token, so one that interrupts takes it away.
        if catcher and walk.process.elements[catcher].interrupting:
            return False
    if element.outputs:
        walk.propagate(element, scope, payload, NOTHING)
    return True


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
        walk.unwait(ident, fired=True)
        walk.later("complete", walk.live[owner].scope, owner, payload)
    else:
        walk.unwait(ident, fired=True)
        scope = walk.live.pop(owner).scope
        walk.disarm(owner)
        _map(walk, element, scope, payload)
        walk.leave(element, scope)


def _spend(walk: Walk, ident: str, element: Element) -> None:
    """End the wait, unless it may fire again: then a timer is set anew, the rest stays."""
    trigger = element.trigger or SILENT
    if element.interrupting or (trigger.kind == "timer" and walk.waits[ident].left == 0):
        walk.unwait(ident, fired=True)
    elif trigger.kind == "timer":
        set_again(walk, ident)


def set_again(walk: Walk, ident: str) -> None:
    """Set a repeating timer for its next time; an incident where its formula gives none now."""
    if walk.element(ident).decision is not None:
        walk.ask_when(ident, walk.seen_by(ident))
    else:
        _set_or_stand(walk, ident, walk.context(walk.seen_by(ident)))


def decided_when(walk: Walk, ident: str, value: Any) -> None:
    """The decision of a timer has been made."""
    context = dict(walk.context(walk.seen_by(ident)))
    name = walk.element(ident).result_variable
    _set_or_stand(walk, ident, {**context, name: value} if name else context)


def stand(walk: Walk, ident: str, text: Text) -> None:
    """A timer that cannot be set stands before a supervisor."""
    walk.waits[ident] = walk.waits[ident]._replace(key=NO_NEXT)
    walk.commands.append(IncidentRaised(ident, element_of(ident), text))


def _set_or_stand(walk: Walk, ident: str, context: Mapping[str, Any]) -> None:
    if (stuck := walk.set_timer(ident, context)) is not None:
        stand(walk, ident, stuck)


def caught(walk: Walk, boundary: Element, host: str, payload: Mapping[str, Any]) -> None:
    """A boundary event catches: its host goes away if it interrupts, a token leaves it."""
    scope = walk.live[host].scope
    if boundary.interrupting:
        walk.cancel(host)
    _map(walk, boundary, scope, payload)
    walk.leave(boundary, scope)


def _map(walk: Walk, element: Element, scope: str, payload: Mapping[str, Any]) -> None:
    """Carry what came with an event into the scope, through its mappings."""
    if element.inputs or element.outputs or payload:
        own = walk.inputs(element.inputs, scope, NOTHING, payload)
        walk.propagate(element, scope, own, payload)


def handle(
    walk: Walk,
    sub: Element,
    begin: Element,
    scope: str,
    payload: Mapping[str, Any],
    seen: Mapping[str, Any] = NOTHING,
) -> None:
    """An event sub-process begins in its scope; an interrupting one empties the scope first.

    The boundary events of the scope go on listening: it is still under way. `seen` is what the
    input mappings may use besides.
    """
    if begin.interrupting:
        walk.clear(scope)
        walk.disarm_handlers(scope)
        walk.touched.pop(scope, None)
        if scope == ROOT:
            walk.last = ""
    walk.propagate(begin, scope, NOTHING, payload)
    ident = walk.fresh(sub.id)
    walk.live[ident] = Live(scope, walk.inputs(sub.inputs, scope, NOTHING, seen))
    walk.later("begin", ident, begin.id, "")


def begin_scope(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A scope begins at a start event: its own event sub-processes listen from now on."""
    if element.outputs and (element.trigger or SILENT).kind == "none" and scope != ROOT:
        walk.propagate(element, scope, NOTHING, NOTHING)
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
        now = int(walk.value(trigger.formula, walk.context(scope)) is True)
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
) -> str:
    """Let an escalation climb from an instance, or out of a scope; the element that caught it."""
    catcher = climb(walk, "escalation", scope, ident, code, payload)
    walk.commands.append(EscalationRaised(code, element, catcher, payload))
    return catcher


def climb(
    walk: Walk, kind: str, scope: str, ident: str, code: str, payload: Mapping[str, Any]
) -> str:
    """Find who catches, from the inside outwards; the catching element, or empty.

    At each level first the boundary of the activity, then the event sub-processes around it
    (BPMN 2.0.2 clause 10.5.6). The body of a loop is no scope: its boundary is the activity's.
    """
    while True:
        if ident:
            scope = walk.live[ident].scope
            boundaries = walk.wiring.boundaries.get(element_of(ident), ())
            boundary = None if walk.is_body(scope) else match(boundaries, kind, code)
            if boundary is not None:
                # Only mappings carry what was thrown; nothing leaks unasked.
                caught(walk, boundary, ident, payload if boundary.outputs else NOTHING)
                return boundary.id
        if not walk.is_body(scope):
            inner = walk.process.elements[element_of(ident)] if ident else None
            begin = match(listening(walk.process, scope_element(scope), inner), kind, code)
            if begin is not None:
                sub = walk.process.elements[begin.parent]
                handle(walk, sub, begin, scope, payload if begin.outputs else NOTHING, payload)
                return begin.id
        if scope == ROOT:
            return ""
        ident = scope


def scope_element(scope: str) -> str:
    """The element of a scope instance; ROOT for the root."""
    return element_of(scope) if scope else ROOT
