"""The token game of one scope with all data abstracted: any gate may go any way.

A place holds tokens at rest (an activity or event under way) or arrivals (tokens at a join). What
lies between is passed at once, as the engine does. A sub-process counts as one activity here; its
inside is a game of its own. A token that a non-interrupting boundary event adds carries that
event as its tag, and the event adds a second one only when the first is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from xiangyun.kernel.bpmn.catching import catcher
from xiangyun.kernel.bpmn.model import Element, Flow, Process
from xiangyun.kernel.bpmn.soundness.marking import (
    Marking,
    Move,
    Token,
    in_order,
    moved,
    on_flow,
    rests,
    split,
    waits,
    without,
)
from xiangyun.kernel.bpmn.soundness.outcomes import Outcomes
from xiangyun.kernel.bpmn.times import parse_cycle

MOST_SUBSETS = 6
"""Ways out of an inclusive gate up to which every combination is tried; then few, and all."""


class _Ends(NamedTuple):
    """How an activity can be left: by itself, past its scope, by boundary events.

    Of each event, whether it fires at most once while the activity is under way.
    """

    completes: bool
    escapes: bool
    boundaries: tuple[tuple[Element, bool], ...]


class Game:
    """The moves possible in one scope.

    `inner`: how the activities in it can be left that hold a scope or call a process. `cut`: codes
    of escalations that shall end whatever throws them, where nobody in the process catches them.
    `loose`: an escalation that is caught may also let its thrower go on, whoever catches it.
    """

    def __init__(
        self,
        process: Process,
        scope: str,
        inner: Mapping[str, Outcomes],
        cut: Collection[str] = (),
        loose: bool = False,
    ) -> None:
        self.process = process
        self.scope = scope
        self.inner = inner
        self.cut = cut
        self.loose = loose
        self.ends: dict[str, _Ends] = {}
        self.wiring = process.wiring
        self.elements = process.elements

    def begin(self, start: str) -> Marking:
        """The marking with one token at the start event."""
        return Marking(moving=(Token(start),))

    def moves(self, marking: Marking) -> Iterator[Move]:
        """Every move from a marking; tokens under way go first, and joins before people."""
        if marking.escaped:
            return
        if marking.moving:
            token, rest = marking.moving[0], marking.moving[1:]
            yield from self.enter(token, Marking(rest, marking.resting, marking.waiting))
            return
        join = self.ready(marking)
        if join is not None:
            yield join
            return
        for token in dict.fromkeys(marking.resting):
            left = without(marking.resting, token)
            yield from self.happen(token, marking, left)

    # -- tokens under way -------------------------------------------------------------------

    def enter(self, token: Token, rest: Marking) -> Iterator[Move]:
        """What becomes of a token that comes to an element."""
        element = self.elements[token.at]
        kind = element.kind
        trigger = element.trigger.kind if element.trigger else "none"
        if kind == "endEvent":
            if trigger == "terminate":
                yield Move(element.id, Marking())
            elif trigger in ("error", "cancel") or self.is_cut(element):
                yield Move(element.id, Marking(escaped=element.id))
                if self.loose and trigger == "escalation":
                    yield Move(element.id, rest)
            else:
                yield Move(element.id, rest)
        elif kind == "intermediateThrowEvent" and self.is_cut(element):
            yield Move(element.id, Marking(escaped=element.id))
            if self.loose:
                yield from self.leave(element, token.tag, rest)
        elif kind == "intermediateThrowEvent" and trigger == "link":
            name = element.trigger.name if element.trigger else ""
            target = self.wiring.links[self.scope, name]
            yield Move(element.id, moved(rest, [Token(target, "", token.tag)]))
        elif kind == "exclusiveGateway":
            for flow in self.wiring.ways[element.id]:
                yield Move(element.id, moved(rest, [on_flow(flow, token.tag)]))
        elif kind == "parallelGateway":
            yield self.synchronise(element, token, rest)
        elif kind == "inclusiveGateway" and len(element.incoming) > 1:
            yield Move(element.id, waits(rest, token), silent=True)
        elif kind in ("startEvent", "inclusiveGateway", "intermediateThrowEvent") or (
            kind == "intermediateCatchEvent" and trigger == "link"
        ):
            yield from self.leave(element, token.tag, rest)
        else:
            yield Move(element.id, rests(rest, Token(element.id, "", token.tag)), silent=True)

    def is_cut(self, element: Element) -> bool:
        """Whether an escalation thrown here takes its own token away."""
        trigger = element.trigger
        if trigger is None or trigger.kind != "escalation":
            return False
        return self.interrupts(trigger.name, None)

    def interrupts(self, code: str, inner: Element | None) -> bool:
        """Whether whoever catches an escalation ends what throws it."""
        event = catcher(self.process, self.scope, "escalation", code, inner)
        return code in self.cut if event is None else event.interrupting

    def synchronise(self, gate: Element, token: Token, rest: Marking) -> Move:
        """A parallel gateway opens when every incoming flow has a token."""
        arrived = [each for each in rest.waiting if each.at == gate.id] + [token]
        first = {each.flow: each for each in reversed(arrived)}
        if len(gate.incoming) > 1 and not set(gate.incoming) <= set(first):
            return Move(gate.id, waits(rest, token), silent=True)
        waiting = (*rest.waiting, token) if len(gate.incoming) > 1 else rest.waiting
        tag = token.tag
        if len(gate.incoming) > 1:
            for each in first.values():
                waiting = without(waiting, each)
            # The case itself takes over where it meets what ran beside it.
            tag = min(each.tag for each in first.values())
        opened = Marking(rest.moving, rest.resting, in_order(waiting))
        return Move(gate.id, moved(opened, [on_flow(f, tag) for f in self.wiring.ways[gate.id]]))

    def leave(self, element: Element, tag: str, rest: Marking) -> Iterator[Move]:
        """Out of anything that is not an exclusive or parallel gateway."""
        ways = self.wiring.ways[element.id]
        if not ways:
            yield Move(element.id, rest)
            return
        if len(ways) == 1 and ways[0].condition is None:
            yield Move(element.id, moved(rest, [on_flow(ways[0], tag)]))
            return
        always = [f for f in ways if f.condition is None and f.id != element.default]
        perhaps = [f for f in ways if f.condition is not None and f.id != element.default]
        default = [f for f in ways if f.id == element.default]
        for chosen in _subsets(perhaps):
            if chosen or default or always or not perhaps:
                taken = [*always, *chosen, *([] if chosen else default)]
                yield Move(element.id, moved(rest, [on_flow(flow, tag) for flow in taken]))

    def ready(self, marking: Marking) -> Move | None:
        """The first inclusive join that nothing can reach any more, opened."""
        for gate in dict.fromkeys(token.at for token in marking.waiting):
            reach = self.wiring.reach.get(gate)
            if reach is None:
                continue
            arrived = [token for token in marking.waiting if token.at == gate]
            filled = {token.flow for token in arrived}
            places = {token.at for token in (*marking.resting, *marking.waiting)} - {gate}
            if any(_blocks(place, filled, reach) for place in places):
                continue
            waiting = marking.waiting
            for token in {token.flow: token for token in arrived}.values():
                waiting = without(waiting, token)
            tag = min(token.tag for token in arrived)
            rest = Marking((), marking.resting, waiting)
            moves = list(self.leave(self.elements[gate], tag, rest))
            # Every choice of the split is a move; they share the opening of the join.
            return moves[0] if len(moves) == 1 else Move(gate, split(rest, gate, tag), silent=True)
        return None

    # -- tokens at rest ---------------------------------------------------------------------

    def happen(self, token: Token, marking: Marking, left: tuple[Token, ...]) -> Iterator[Move]:
        """Everything that can happen to an activity or event under way."""
        element = self.elements[token.at]
        gone = Marking((), left, marking.waiting)
        if element.kind == "inclusiveGateway":
            yield from self.leave(element, token.tag, gone)
            return
        if element.kind == "eventBasedGateway":
            for flow in self.wiring.ways[element.id]:
                yield from self.leave(self.elements[flow.target], token.tag, gone)
            return
        ends = self.ends.get(element.id) or self.ends_of(element)
        if ends.completes:
            yield from self.leave(element, token.tag, gone)
        if ends.escapes:
            yield Move(element.id, Marking(escaped=element.id))
        for boundary, once in ends.boundaries:
            if boundary.interrupting:
                yield from self.leave(boundary, token.tag, gone)
            elif boundary.id not in token.spent and not _is_out(boundary.id, marking):
                beside = marking
                if once:
                    spent = token._replace(spent=(*token.spent, boundary.id))
                    beside = rests(gone, spent)
                yield from self.leave(boundary, boundary.id, beside)

    def ends_of(self, element: Element) -> _Ends:
        """How an activity can be left: worked out once."""
        outcomes = self.inner.get(element.id)
        boundaries = self.wiring.boundaries.get(element.id, ())
        ends = _Ends(
            outcomes is None or _can_complete(element, outcomes, boundaries),
            outcomes is not None and self.escapes(element, outcomes, boundaries),
            tuple(
                (each, _rings_once(each))
                for each in boundaries
                if _can_fire(each, element, outcomes, boundaries)
            ),
        )
        self.ends[element.id] = ends
        return ends

    def escapes(self, element: Element, outcomes: Outcomes, boundaries: _Boundaries) -> bool:
        """Whether an error, or an escalation that interrupts, leaves an activity and its scope."""
        errors = outcomes.errors.past(_codes(boundaries, "error")).codes
        if any(self.is_caught(code, element) for code in errors):
            return True
        left = outcomes.escalations.past(_codes(boundaries, "escalation")).codes
        return any(self.interrupts(code, element) for code in left)

    def is_caught(self, code: str, inner: Element) -> bool:
        """Whether an error that leaves an activity ends something, instead of standing still."""
        event = catcher(self.process, self.scope, "error", code, inner)
        return event is not None or self.process.is_called


_Boundaries = tuple[Element, ...]


def _codes(boundaries: _Boundaries, kind: str) -> set[str]:
    return {each.trigger.name for each in boundaries if each.trigger and each.trigger.kind == kind}


def _can_complete(element: Element, outcomes: Outcomes, boundaries: _Boundaries) -> bool:
    """Whether an activity can come to its normal end, past the boundaries that would end it."""
    if element.loop is not None and (element.loop.kind != "standard" or element.loop.test_before):
        return True  # over nothing at all it is done at once
    return outcomes.completes and not any(
        each.interrupting and not outcomes.always.isdisjoint(_codes((each,), "escalation"))
        for each in boundaries
    )


def _can_fire(
    boundary: Element, host: Element, outcomes: Outcomes | None, boundaries: _Boundaries
) -> bool:
    trigger = boundary.trigger
    if trigger is None or trigger.kind == "compensate":
        return False
    if trigger.kind == "cancel":
        return outcomes is not None and outcomes.cancels
    if trigger.kind not in ("error", "escalation"):
        return True
    if outcomes is None:
        # A task can fail; only what holds or calls others can escalate.
        return trigger.kind == "error" or host.kind == "callActivity"
    thrown = outcomes.errors if trigger.kind == "error" else outcomes.escalations
    return thrown.reaches(trigger.name, _codes(boundaries, trigger.kind))


def _rings_once(boundary: Element) -> bool:
    """Whether it is a timer that fires at most once while its activity is under way."""
    trigger = boundary.trigger
    if trigger is None or trigger.kind != "timer":
        return False
    cycle = parse_cycle(trigger.formula.text) if trigger.formula else None
    return trigger.timer != "cycle" or (cycle is not None and cycle.repeats == 1)


def _is_out(boundary: str, marking: Marking) -> bool:
    """Whether what this boundary event added is still under way."""
    return any(token.tag == boundary for token in (*marking.resting, *marking.waiting))


def _blocks(place: str, filled: set[str], reach: Mapping[str, frozenset[str]]) -> bool:
    comes = {flow for flow, origins in reach.items() if place in origins}
    return bool(comes - filled) and not comes & filled


def _subsets(flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    """The combinations of conditional flows that may be true, none included."""
    count = len(flows)
    sizes = range(count + 1) if count <= MOST_SUBSETS else (0, 1, 2, count)
    for size in sizes:
        yield from combinations(flows, size)
