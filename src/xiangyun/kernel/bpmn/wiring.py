"""Compiles a drawing into look-ups, and answers once which tokens an inclusive join waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiangyun.kernel.bpmn.model import ROOT, Element, Flow, Wiring


def wire(
    elements: Mapping[str, Element],
    flows: Mapping[str, Flow],
    associations: Iterable[tuple[str, str, str]],
) -> Wiring:
    """Index the elements and flows of one process."""
    children: dict[str, list[Element]] = {ROOT: []}
    boundaries: dict[str, list[Element]] = {}
    starts: dict[str, list[Element]] = {}
    links: dict[tuple[str, str], str] = {}
    for element in elements.values():
        children.setdefault(element.parent, []).append(element)
        if element.kind == "startEvent":
            starts.setdefault(element.parent, []).append(element)
        elif element.kind == "boundaryEvent":
            boundaries.setdefault(element.attached_to, []).append(element)
        elif element.kind == "intermediateCatchEvent" and _is(element, "link"):
            links[element.parent, element.trigger.name if element.trigger else ""] = element.id
    handlers: dict[str, list[tuple[Element, Element]]] = {}
    for element in elements.values():
        if element.event_driven:
            for start in starts.get(element.id, [])[:1]:
                handlers.setdefault(element.parent, []).append((element, start))
    ways = {
        ident: tuple(flows[flow] for flow in element.outgoing if flows[flow].target in elements)
        for ident, element in elements.items()
    }
    steps = _steps(elements, ways, boundaries, links)
    joins = (each for each in elements.values() if each.kind == "inclusiveGateway")
    return Wiring(
        ways=ways,
        children={key: tuple(value) for key, value in children.items()},
        boundaries={key: tuple(value) for key, value in boundaries.items()},
        starts={key: tuple(value) for key, value in starts.items()},
        handlers={key: tuple(value) for key, value in handlers.items()},
        links=links,
        reach={
            join.id: {flow: _origins(join.id, flows[flow].source, steps) for flow in join.incoming}
            for join in joins
            if len(join.incoming) > 1
        },
        ends=frozenset(
            ident for ident, element in elements.items() if not ways[ident] and _may_end(element)
        ),
        compensations=_compensations(elements, associations),
    )


def _may_end(element: Element) -> bool:
    """Whether a token may end here: BPMN knows implicit ends (clause 13.4.4).

    A start or boundary event without a way on has been forgotten, and so has a gateway.
    """
    if element.kind == "intermediateThrowEvent":
        return not _is(element, "link")
    if element.is_activity:
        return not element.event_driven and not element.for_compensation
    return element.kind in ("endEvent", "intermediateCatchEvent")


def _is(element: Element, kind: str) -> bool:
    return element.trigger is not None and element.trigger.kind == kind


def _steps(
    elements: Mapping[str, Element],
    ways: Mapping[str, tuple[Flow, ...]],
    boundaries: Mapping[str, list[Element]],
    links: Mapping[tuple[str, str], str],
) -> dict[str, list[str]]:
    """element -> elements from which a token can come to it in one step of the same scope."""
    back: dict[str, list[str]] = {}
    for ident, element in elements.items():
        for flow in ways[ident]:
            back.setdefault(flow.target, []).append(ident)
        for boundary in boundaries.get(ident, ()):
            back.setdefault(boundary.id, []).append(ident)
        if element.kind == "intermediateThrowEvent" and _is(element, "link"):
            target = links.get((element.parent, element.trigger.name if element.trigger else ""))
            if target:
                back.setdefault(target, []).append(ident)
    return back


def _origins(join: str, source: str, back: Mapping[str, list[str]]) -> frozenset[str]:
    """Elements from which a token can reach `source` without visiting `join`.

    The condition (iii) and (vi) of the inclusive gateway, BPMN 2.0.2 clause 13.4.3.
    """
    if source == join:
        return frozenset()
    seen = {source}
    todo = [source]
    while todo:
        for before in back.get(todo.pop(), ()):
            if before != join and before not in seen:
                seen.add(before)
                todo.append(before)
    return frozenset(seen)


def _compensations(
    elements: Mapping[str, Element], associations: Iterable[tuple[str, str, str]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, source, target in associations:
        boundary, handler = elements.get(source), elements.get(target)
        if boundary and handler and handler.for_compensation and _is(boundary, "compensate"):
            found[boundary.attached_to] = handler.id
    return found
