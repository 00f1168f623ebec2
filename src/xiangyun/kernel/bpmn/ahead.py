"""What can still come from where a case stands: elements, flows, and the variables they set."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xiangyun.kernel.bpmn.engine.loops import COUNTER
from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Element, Flow, Formula, Process


@dataclass(frozen=True, slots=True)
class Ahead:
    """`elements` can still be entered, `flows` still be taken; `here` are the positions."""

    process: Process
    here: frozenset[str]
    elements: frozenset[str]
    flows: tuple[Flow, ...]

    @property
    def sets(self) -> frozenset[str]:
        """Names of root variables that may still be set."""
        found: set[str] = set()
        for ident in self.here | self.elements:
            element = self.process.elements.get(ident)
            if element is not None:
                found.update(_sets(element))
        return frozenset(found)

    def needs(self) -> Iterator[tuple[Element | Flow, Formula, frozenset[str]]]:
        """Every formula that will be asked on the way, with the names it needs from the case.

        Outputs and the ends of loops are left out: they are asked over a result, whose names no
        drawing knows.
        """
        for ident in sorted(self.elements):
            element = self.process.elements[ident]
            own = {transfer.target.partition(".")[0] for transfer in element.inputs}
            if element.loop is not None:
                own |= {element.loop.item, COUNTER}
            for formula in _formulas(element):
                if formula.expression is not None:
                    yield element, formula, formula.expression.free_names - own
        for flow in self.flows:
            if flow.condition is not None and flow.condition.expression is not None:
                yield flow, flow.condition, flow.condition.expression.free_names


def ahead_of(process: Process, here: Iterable[str]) -> Ahead:
    """What can come after the elements `here`, as far as the drawing alone can say."""
    begin = frozenset(here)
    entered: set[str] = set()
    flows: dict[str, Flow] = {}
    waiting = deque(sorted(begin))
    left: set[tuple[str, bool]] = set()
    for scope in {ROOT, *begin}:
        for handler, start in process.wiring.handlers.get(scope, ()):
            waiting.extend((handler.id, start.id))
            entered.update((handler.id, start.id))
    while waiting:
        ident = waiting.popleft()
        fresh = ident in entered or ident not in begin
        if (ident, fresh) in left or ident not in process.elements:
            continue
        left.add((ident, fresh))
        for flow in process.wiring.ways.get(ident, ()):
            flows[flow.id] = flow
        for each in _next(process, process.elements[ident], fresh):
            entered.add(each)
            waiting.append(each)
    return Ahead(process, begin, frozenset(entered), tuple(flows.values()))


def _next(process: Process, element: Element, fresh: bool) -> Iterator[str]:
    """Elements that may be entered from this one; into its inside only when it is entered anew."""
    wiring = process.wiring
    for flow in wiring.ways.get(element.id, ()):
        yield flow.target
    for boundary in wiring.boundaries.get(element.id, ()):
        yield boundary.id
    if element.id in wiring.compensations:
        yield wiring.compensations[element.id]
    trigger = element.trigger
    if trigger is not None and trigger.kind == "link":
        target = wiring.links.get((element.parent, trigger.name))
        if target is not None:
            yield target
    if fresh and element.kind in SCOPES:
        for child in wiring.children.get(element.id, ()):
            if not child.incoming and child.kind != "boundaryEvent":
                yield child.id
        for _, start in wiring.handlers.get(element.id, ()):
            yield start.id


def _sets(element: Element) -> Iterator[str]:
    for transfer in element.outputs:
        yield transfer.target.partition(".")[0]
    if element.result_variable:
        yield element.result_variable
    if element.loop is not None and element.loop.output_collection:
        yield element.loop.output_collection


def _formulas(element: Element) -> Iterator[Formula]:
    """The formulas asked when a token comes to an element."""
    yield from (transfer.source for transfer in element.inputs)
    trigger, loop = element.trigger, element.loop
    asked = (
        element.type,
        element.decision,
        element.groups,
        element.due,
        element.script,
        element.called,
        trigger.formula if trigger else None,
        loop.collection if loop else None,
        loop.cardinality if loop else None,
    )
    yield from (formula for formula in asked if formula is not None)
