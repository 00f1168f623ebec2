"""How a scope can end: by itself, by what is thrown, by an event sub-process, from outside."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn.catching import listening
from xiangyun.kernel.bpmn.model import ROOT, Element, Process
from xiangyun.kernel.bpmn.soundness.exploration import Exploration, edge_codes, handled_codes
from xiangyun.kernel.bpmn.soundness.outcomes import ANYTHING, NOTHING_THROWN, Outcomes, Thrown

_THROWN = ("error", "escalation")


def scope_outcomes(process: Process, found: Exploration, inner: Mapping[str, Outcomes]) -> Outcomes:
    """How a scope can be left, normally or not, and what leaves it."""
    scope = found.scope
    thrown = {kind: _thrown(process, found, inner, kind) for kind in _THROWN}
    begun = _begun(process, scope, inner, thrown)
    leaving = {kind: _leaving(process, scope, begun, inner, kind, thrown[kind]) for kind in _THROWN}
    early = [sub for sub, start in begun if start.interrupting]
    completes = (
        not found.complete
        or any(marking.is_final and not marking.escaped for marking in found.before)
        or any(inner[sub.id].completes for sub in early)
    )
    return Outcomes(
        completes,
        leaving["error"],
        leaving["escalation"],
        cancels=_cancels(process, found, inner),
        ends_early=bool(early),
    )


def _thrown(
    process: Process, found: Exploration, inner: Mapping[str, Outcomes], kind: str
) -> Thrown:
    """Errors or escalations that come out of the elements of a scope, event sub-processes apart."""
    out = NOTHING_THROWN
    for element in process.wiring.children.get(found.scope, ()):
        if element.event_driven or (found.complete and not _is_met(element, found)):
            continue
        trigger = element.trigger
        throws = element.kind in ("endEvent", "intermediateThrowEvent")
        if throws and trigger is not None and trigger.kind == kind:
            out |= Thrown(frozenset((trigger.name,)))
            continue
        if element.id in inner:
            came = inner[element.id].errors if kind == "error" else inner[element.id].escalations
        elif element.called or (element.type is not None and kind == "error"):
            came = ANYTHING
        else:
            continue
        out |= came.past(edge_codes(process, element.id, kind))
    return out


def _is_met(element: Element, found: Exploration) -> bool:
    # What undoes is called by no token of its own.
    return element.id in found.met or element.for_compensation


def _begun(
    process: Process, scope: str, inner: Mapping[str, Outcomes], thrown: Mapping[str, Thrown]
) -> list[tuple[Element, Element]]:
    """The event sub-processes of a scope that can begin, as (sub-process, start event)."""
    handlers = process.wiring.handlers.get(scope, ())
    begun: list[tuple[Element, Element]] = []
    grown = True
    while grown:
        grown = False
        for sub, start in handlers:
            if (sub, start) not in begun and _can_begin(process, sub, start, begun, inner, thrown):
                begun.append((sub, start))
                grown = True
    return begun


def _can_begin(
    process: Process,
    sub: Element,
    start: Element,
    begun: list[tuple[Element, Element]],
    inner: Mapping[str, Outcomes],
    thrown: Mapping[str, Thrown],
) -> bool:
    kind = start.trigger.kind if start.trigger else "none"
    if kind not in _THROWN:
        return True
    heard = thrown[kind]
    for other, begin in begun:
        # One beside it is heard, unless it has interrupted the scope.
        if other is not sub and not begin.interrupting:
            out = inner[other.id]
            heard |= out.errors if kind == "error" else out.escalations
    name = start.trigger.name if start.trigger else ""
    return heard.reaches(name, set(handled_codes(process, sub.parent, kind)))


def _leaving(
    process: Process,
    scope: str,
    begun: list[tuple[Element, Element]],
    inner: Mapping[str, Outcomes],
    kind: str,
    thrown: Thrown,
) -> Thrown:
    """What no event sub-process of the scope catches, and what they throw themselves."""
    out = thrown.past(set(handled_codes(process, scope, kind)))
    for sub, _ in begun:
        came = inner[sub.id].errors if kind == "error" else inner[sub.id].escalations
        beside = listening(process, scope, sub)
        out |= came.past(
            {each.trigger.name for each in beside if each.trigger and each.trigger.kind == kind}
        )
    return out


def _cancels(process: Process, found: Exploration, inner: Mapping[str, Outcomes]) -> bool:
    """Whether a transaction can be cancelled out of this scope, or out of one within it."""
    return any(
        inner[element.id].cancels
        if element.id in inner and element.kind != "transaction"
        else element.trigger is not None
        and (element.kind, element.trigger.kind) == ("endEvent", "cancel")
        and element.id in found.met
        for element in process.wiring.children.get(found.scope, ())
    )


def is_ended_from_outside(process: Process, scope: str, outcomes: Mapping[str, Outcomes]) -> bool:
    """Whether something can end what goes round in a scope.

    That is an event sub-process of it, or an interrupting event at its edge or further out.
    """
    if outcomes[scope].ends_early:
        return True
    thrown = {"error": outcomes[scope].errors, "escalation": outcomes[scope].escalations}
    while scope != ROOT:
        owner = process.elements[scope]
        for events in (
            process.wiring.boundaries.get(scope, ()),
            listening(process, owner.parent, owner),
        ):
            if any(each.interrupting and _fires(each, events, thrown) for each in events):
                return True
            for kind in _THROWN:
                thrown[kind] = thrown[kind].past(
                    {e.trigger.name for e in events if e.trigger and e.trigger.kind == kind}
                )
        scope = owner.parent
    return False


def _fires(
    event: Element, beside: tuple[Element, ...] | list[Element], thrown: Mapping[str, Thrown]
) -> bool:
    kind = event.trigger.kind if event.trigger else "none"
    if kind in _THROWN:
        codes = {each.trigger.name for each in beside if each.trigger and each.trigger.kind == kind}
        return thrown[kind].reaches(event.trigger.name if event.trigger else "", codes)
    return kind not in ("none", "compensate", "cancel")
