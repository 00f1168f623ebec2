"""Gateways: exclusive, parallel, inclusive and event-based (BPMN 2.0.2 clause 13.4)."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn.engine.walk import Stuck, Walk
from xiangyun.kernel.bpmn.model import Element
from xiangyun.kernel.bpmn.state import Live, element_of
from xiangyun.kernel.findings import Text


def exclusive(walk: Walk, scope: str, element: Element, came: str) -> None:
    """The first flow whose condition is true, else the default flow (13.4.2)."""
    ways = walk.wiring.ways[element.id]
    if len(ways) == 1 and ways[0].condition is None:
        walk.later("enter", scope, ways[0].target, ways[0].id)
        return
    for flow in ways:
        if flow.id == element.default:
            continue
        if flow.condition is None or walk.holds(flow.condition, scope, flow.name or flow.id):
            walk.later("enter", scope, flow.target, flow.id)
            return
    _default(walk, scope, element)


def _default(walk: Walk, scope: str, element: Element) -> None:
    for flow in walk.wiring.ways[element.id]:
        if flow.id == element.default:
            walk.later("enter", scope, flow.target, flow.id)
            return
    raise Stuck(
        Text(
            "“{label}”没有一个条件成立，也没有缺省流向。",
            "At “{label}” no condition holds and there is no default flow.",
            label=element.label,
        )
    )


def parallel(walk: Walk, scope: str, element: Element, came: str) -> None:
    """Waits for a token on every incoming flow, then sends one out on each (13.4.1)."""
    if len(element.incoming) > 1:
        arrived = (*walk.joins.pop((scope, element.id), ()), came)
        if not set(element.incoming) <= set(arrived):
            walk.joins[scope, element.id] = arrived
            return
        _consume(walk, scope, element.id, arrived)
    ways = walk.wiring.ways[element.id]
    for flow in ways:
        walk.later("enter", scope, flow.target, flow.id)
    if not ways:
        walk.touched[scope] = None


def _consume(walk: Walk, scope: str, gate: str, arrived: tuple[str, ...]) -> None:
    """Take one token from each flow that has one; the others keep waiting."""
    left = list(arrived)
    for flow in dict.fromkeys(arrived):
        left.remove(flow)
    walk.joins.pop((scope, gate), None)
    if left:
        walk.joins[scope, gate] = tuple(left)


def inclusive(walk: Walk, scope: str, element: Element, came: str) -> None:
    """A token comes; a join waits until `open_joins` finds that none can follow (13.4.3)."""
    if len(element.incoming) > 1:
        walk.joins[scope, element.id] = (*walk.joins.get((scope, element.id), ()), came)
    else:
        walk.later("split", scope, element.id, "")


def split(walk: Walk, scope: str, element: Element, came: str) -> None:
    """Every flow whose condition is true, else the default flow.

    So leaves an inclusive gateway, and so leave several flows an activity or event (13.2.1).
    """
    ways = walk.wiring.ways[element.id]
    taken = [
        flow
        for flow in ways
        if flow.id != element.default
        and (flow.condition is None or walk.holds(flow.condition, scope, flow.name or flow.id))
    ]
    for flow in taken:
        walk.later("enter", scope, flow.target, flow.id)
    if not taken or (element.default and not any(flow.condition for flow in taken)):
        _default(walk, scope, element)


def open_joins(walk: Walk) -> bool:
    """Open the first inclusive join that no token under way can still reach; False if none."""
    for (scope, gate), arrived in walk.joins.items():
        reach = walk.wiring.reach.get(gate)
        if reach is None:
            continue
        filled = set(arrived)
        if not any(
            _blocks(place, filled, reach) for place in _places(walk, scope) if place != gate
        ):
            _consume(walk, scope, gate, arrived)
            walk.later("split", scope, gate, "")
            return True
    return False


def _places(walk: Walk, scope: str) -> list[str]:
    """Elements of a scope at which a token lies, each as often as it has one."""
    return [element_of(ident) for ident, live in walk.live.items() if live.scope == scope] + [
        gate for (where, gate) in walk.joins if where == scope
    ]


def _blocks(place: str, filled: set[str], reach: Mapping[str, frozenset[str]]) -> bool:
    """Whether a token there can come to an empty flow of the join but to no filled one."""
    comes = {flow for flow, origins in reach.items() if place in origins}
    return bool(comes - filled) and not comes & filled


def event_based(walk: Walk, scope: str, element: Element, came: str) -> None:
    """Waits for the first of the events behind it (13.4.4)."""
    ident = walk.fresh(element.id)
    walk.live[ident] = Live(scope)
    for flow in walk.wiring.ways[element.id]:
        walk.arm(walk.process.elements[flow.target], ident, scope)
