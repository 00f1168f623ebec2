"""The token game of one scope with all data abstracted: any gate may go any way.

A place holds tokens at rest (an activity or event under way) or arrivals (tokens at a join). What
lies between is passed at once, as the engine does. A sub-process counts as one activity here; its
inside is a game of its own. A token that a non-interrupting boundary event adds carries that
event as its tag, and the event adds a second one only when the first is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from xiangyun.kernel.bpmn.model import Element, Flow, Process

MOST_SUBSETS = 6
"""Ways out of an inclusive gate up to which every combination is tried; then few, and all."""


class Token(NamedTuple):
    """A token at an element; `flow` by which it came; `tag` the boundary event that added it."""

    at: str
    flow: str = ""
    tag: str = ""


class Marking(NamedTuple):
    """Where the tokens of one scope are: under way, at rest, and waiting at joins."""

    moving: tuple[Token, ...] = ()
    resting: tuple[Token, ...] = ()
    waiting: tuple[Token, ...] = ()
    escaped: str = ""
    """the error end event by which the scope was left"""

    @property
    def is_final(self) -> bool:
        """Whether the scope is over."""
        return bool(self.escaped) or not (self.moving or self.resting or self.waiting)


class Move(NamedTuple):
    """One step of the game: the element it is about, and the marking after it.

    `silent`: a token only comes and stays; the path is told by what is left or passed.
    """

    element: str
    after: Marking
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How a sub-process can be left, as its own game has shown."""

    completes: bool
    errors: frozenset[str]
    escalations: frozenset[str]


class Game:
    """The moves possible in one scope."""

    def __init__(self, process: Process, scope: str, inner: Mapping[str, Outcomes]) -> None:
        self.process = process
        self.scope = scope
        self.inner = inner
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
            left = _without(marking.resting, token)
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
            elif trigger == "error":
                yield Move(element.id, Marking(escaped=element.id))
            else:
                yield Move(element.id, rest)
        elif kind == "intermediateThrowEvent" and trigger == "link":
            name = element.trigger.name if element.trigger else ""
            target = self.wiring.links[self.scope, name]
            yield Move(element.id, _moved(rest, [Token(target, "", token.tag)]))
        elif kind == "exclusiveGateway":
            for flow in self.wiring.ways[element.id]:
                yield Move(element.id, _moved(rest, [_on(flow, token.tag)]))
        elif kind == "parallelGateway":
            yield self.synchronise(element, token, rest)
        elif kind == "inclusiveGateway" and len(element.incoming) > 1:
            yield Move(element.id, _waits(rest, token), silent=True)
        elif kind in ("startEvent", "inclusiveGateway", "intermediateThrowEvent") or (
            kind == "intermediateCatchEvent" and trigger == "link"
        ):
            yield from self.leave(element, token.tag, rest)
        else:
            yield Move(element.id, _rests(rest, Token(element.id, "", token.tag)), silent=True)

    def synchronise(self, gate: Element, token: Token, rest: Marking) -> Move:
        """A parallel gateway opens when every incoming flow has a token."""
        arrived = [each for each in rest.waiting if each.at == gate.id] + [token]
        first = {each.flow: each for each in reversed(arrived)}
        if len(gate.incoming) > 1 and not set(gate.incoming) <= set(first):
            return Move(gate.id, _waits(rest, token), silent=True)
        waiting = (*rest.waiting, token) if len(gate.incoming) > 1 else rest.waiting
        tag = token.tag
        if len(gate.incoming) > 1:
            for each in first.values():
                waiting = _without(waiting, each)
            # The case itself takes over where it meets what ran beside it.
            tag = min(each.tag for each in first.values())
        opened = Marking(rest.moving, rest.resting, _sorted(waiting))
        return Move(gate.id, _moved(opened, [_on(f, tag) for f in self.wiring.ways[gate.id]]))

    def leave(self, element: Element, tag: str, rest: Marking) -> Iterator[Move]:
        """Out of anything that is not an exclusive or parallel gateway."""
        ways = self.wiring.ways[element.id]
        always = [f for f in ways if f.condition is None and f.id != element.default]
        perhaps = [f for f in ways if f.condition is not None and f.id != element.default]
        default = [f for f in ways if f.id == element.default]
        for chosen in _subsets(perhaps):
            if chosen or default or always or not perhaps:
                taken = [*always, *chosen, *([] if chosen else default)]
                yield Move(element.id, _moved(rest, [_on(flow, tag) for flow in taken]))

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
                waiting = _without(waiting, token)
            tag = min(token.tag for token in arrived)
            rest = Marking((), marking.resting, waiting)
            moves = list(self.leave(self.elements[gate], tag, rest))
            # Every choice of the split is a move; they share the opening of the join.
            return moves[0] if len(moves) == 1 else Move(gate, _split(rest, gate, tag), silent=True)
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
        outcomes = self.inner.get(element.id)
        if outcomes is None or outcomes.completes:
            yield from self.leave(element, token.tag, gone)
        for boundary in self.wiring.boundaries.get(element.id, ()):
            if not _can_fire(boundary, outcomes):
                continue
            if boundary.interrupting:
                yield from self.leave(boundary, token.tag, gone)
            elif not _is_out(boundary.id, marking):
                yield from self.leave(boundary, boundary.id, marking)


def _can_fire(boundary: Element, outcomes: Outcomes | None) -> bool:
    trigger = boundary.trigger
    if trigger is None or trigger.kind == "compensate":
        return False
    if outcomes is not None and trigger.kind in ("error", "escalation"):
        thrown = outcomes.errors if trigger.kind == "error" else outcomes.escalations
        return "*" in thrown or (bool(thrown) if not trigger.name else trigger.name in thrown)
    return True


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


def _on(flow: Flow, tag: str) -> Token:
    return Token(flow.target, flow.id, tag)


def _moved(rest: Marking, tokens: list[Token]) -> Marking:
    return Marking((*rest.moving, *tokens), rest.resting, rest.waiting)


def _rests(rest: Marking, token: Token) -> Marking:
    return Marking(rest.moving, _sorted((*rest.resting, token)), rest.waiting)


def _split(rest: Marking, gate: str, tag: str) -> Marking:
    """An opened inclusive join with several ways out: its token rests until it has chosen."""
    return _rests(rest, Token(gate, "", tag))


def _waits(rest: Marking, token: Token) -> Marking:
    return Marking(rest.moving, rest.resting, _sorted((*rest.waiting, token)))


def _sorted(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(sorted(tokens))


def _without(tokens: tuple[Token, ...], token: Token) -> tuple[Token, ...]:
    at = tokens.index(token)
    return tokens[:at] + tokens[at + 1 :]
