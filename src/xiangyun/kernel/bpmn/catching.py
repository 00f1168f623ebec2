"""Who catches an error or an escalation: one rule, for the walk of a case and for the proof.

What is thrown climbs from the inside outwards (BPMN 2.0.2 clauses 10.5.6 and 13.5.4). At each level
the boundary of the activity is asked first, then the event sub-processes of the scope around it.
"""

from __future__ import annotations

from collections.abc import Iterable

from xiangyun.kernel.bpmn.model import ROOT, Element, Process


def match(events: Iterable[Element], kind: str, code: str) -> Element | None:
    """The event that catches a code, one that names it before one that catches all."""
    found: Element | None = None
    for each in events:
        trigger = each.trigger
        if trigger is not None and trigger.kind == kind:
            if trigger.name == code:
                return each
            if not trigger.name and found is None:
                found = each
    return found


def listening(process: Process, scope: str, inner: Element | None) -> list[Element]:
    """The start events of event sub-processes that hear what comes out of `inner` in a scope.

    An event sub-process hears the ones beside it, but never itself; and once one has interrupted
    the scope, no other begins there.
    """
    handlers = process.wiring.handlers.get(scope, ())
    if not handlers or inner is None or not inner.event_driven:
        return [start for _, start in handlers]
    if any(start.interrupting for sub, start in handlers if sub is inner):
        return []
    return [start for sub, start in handlers if sub is not inner]


def catcher(
    process: Process, scope: str, kind: str, code: str, inner: Element | None = None
) -> Element | None:
    """Who catches what is thrown in a scope, or leaves the activity `inner` of it."""
    while True:
        if inner is not None:
            boundary = match(process.wiring.boundaries.get(inner.id, ()), kind, code)
            if boundary is not None:
                return boundary
        start = match(listening(process, scope, inner), kind, code)
        if start is not None or scope == ROOT:
            return start
        inner = process.elements[scope]
        scope = inner.parent
