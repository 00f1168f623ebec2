"""Rings without a wait: a token could go round in one for ever without anybody acting.

A ring may lead through gateways, thrown events and tasks that are done at once, into sub-processes
and out of them by an escalation or an error that is caught at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiangyun.kernel.bpmn.catching import catcher
from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Element, Process
from xiangyun.kernel.bpmn.words import fault
from xiangyun.kernel.findings import Finding, Text

_GATES = frozenset(("exclusiveGateway", "parallelGateway", "inclusiveGateway"))
_IN_A_RING = (*_GATES, "intermediateThrowEvent", *SCOPES, "startEvent")
"""Of these kinds every ring has at least one."""
_DONE_AT_ONCE = frozenset(("manualTask", "task"))


def spinning_findings(process: Process) -> Iterator[Finding]:
    """One finding for each ring."""
    seen: set[str] = set()
    for element in process.elements.values():
        if element.id not in seen and element.kind in _IN_A_RING:
            ring = _ring(process, element)
            seen |= ring
            if ring:
                yield fault(
                    process,
                    "E057",
                    element,
                    Text(
                        "会原地打转：从它出发不等任何人、任何事又回到它",
                        "can spin: from it a way leads back to it on which nothing is waited for",
                    ),
                    Text(
                        "请在这个循环里放一个任务或等待事件。",
                        "Put a task or a waiting event into this loop.",
                    ),
                )


def _ring(process: Process, begin: Element) -> set[str]:
    """Elements passed at once on a way from `begin` back to it; empty when there is none."""
    todo = list(_next(process, begin))
    seen: set[str] = set()
    while todo:
        ident = todo.pop()
        if ident not in seen:
            seen.add(ident)
            todo += _next(process, process.elements[ident])
    return seen if begin.id in seen else set()


def _next(process: Process, element: Element) -> Iterator[str]:
    """Where a token is next at once; nothing where it waits, or where the element changes data."""
    kind = element.trigger.kind if element.trigger else "none"
    done = element.kind in _DONE_AT_ONCE and not element.outputs
    if done or element.kind in (*_GATES, "startEvent", "boundaryEvent"):
        yield from _on(process, element)
    elif element.kind in SCOPES:
        yield from (start.id for start in process.wiring.starts.get(element.id, ()))
    elif kind == "link" and element.kind == "intermediateThrowEvent":
        name = element.trigger.name if element.trigger else ""
        yield from filter(None, [process.wiring.links.get((element.parent, name))])
    elif kind == "link":
        yield from _on(process, element)
    elif element.kind in ("intermediateThrowEvent", "endEvent") and element.type is None:
        yield from _after_throw(process, element, kind)


def _after_throw(process: Process, element: Element, kind: str) -> Iterator[str]:
    name = element.trigger.name if element.trigger else ""
    if kind in ("error", "escalation"):
        event = catcher(process, element.parent, kind, name)
        if event is not None:
            yield event.id
        if kind == "error" or (event is not None and event.interrupting):
            return
    if not element.outputs and kind != "cancel":
        yield from _on(process, element)


def _on(process: Process, element: Element) -> Iterator[str]:
    """Along the flows; where a path ends, on from its sub-process if nothing else goes on in it."""
    ways = process.wiring.ways[element.id]
    yield from (flow.target for flow in ways)
    if ways or element.parent == ROOT or not _is_one_path(process, element.parent):
        return
    owner = process.elements[element.parent]
    if not owner.event_driven:
        yield from _on(process, owner)
    elif all(start.interrupting for start in process.wiring.starts.get(owner.id, ())):
        yield from _after_handler(process, owner)


def _after_handler(process: Process, handler: Element) -> Iterator[str]:
    """An interrupting event sub-process is done, and with it the scope that it took over."""
    if handler.parent != ROOT:
        yield from _on(process, process.elements[handler.parent])


def _is_one_path(process: Process, scope: str) -> bool:
    """Whether there is never more than one token in a scope."""
    return not any(
        each.kind in ("parallelGateway", "inclusiveGateway")
        or (each.kind != "exclusiveGateway" and len(process.wiring.ways[each.id]) > 1)
        or (each.kind == "boundaryEvent" and not each.interrupting)
        for each in process.wiring.children.get(scope, ())
    )
