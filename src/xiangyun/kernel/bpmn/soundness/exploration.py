"""What an exploration has found, and small questions about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.bpmn.soundness.game import Game
from xiangyun.kernel.bpmn.soundness.marking import Marking, Move, Token

MOST_TOKENS = 8
"""Tokens at one place, where an author allows several, beyond which they would grow for ever."""


@dataclass(slots=True)
class Exploration:
    """What the exploration of one scope has found."""

    game: Game
    before: dict[Marking, tuple[Marking, tuple[str, ...]] | None] = field(default_factory=dict)
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    doubled: dict[str, Marking] = field(default_factory=dict)
    cut_off: set[Marking] = field(default_factory=set)
    """markings with a double that were not followed further"""
    complete: bool = True
    has_end: bool = True
    """whether every marking leads to an end, or something outside ends it"""

    @property
    def scope(self) -> str:
        """The scope that was explored."""
        return self.game.scope

    def path(self, marking: Marking) -> list[str]:
        """The elements on the shortest way to a marking."""
        steps: list[str] = []
        at: Marking = marking
        while (came := self.before[at]) is not None:
            at, passed = came
            steps += reversed(passed)
        return steps[::-1]

    def paths_of_tokens(self, marking: Marking, place: str) -> list[list[str]]:
        """The ways by which the tokens came that lie at one element, in the order they came."""
        chain = [marking]
        while (came := self.before[chain[-1]]) is not None:
            chain.append(came[0])
        chain.reverse()
        ways = [(token, [token.at]) for token in chain[0].tokens]
        for at, reached in pairwise(chain):
            last = at
            for step in self._steps(at, reached):
                ways = _carried_on(ways, Counter(last.tokens), step, self.game)
                last = step.after
        return [way for token, way in ways if token.at == place]

    def _steps(self, at: Marking, reached: Marking) -> list[Move]:
        for move in self.game.moves(at):
            end, passed = follow(self.game, move)
            if end == reached:
                return passed
        return []


Way = tuple[Token, list[str]]


def _carried_on(ways: list[Way], before: Counter[Token], step: Move, game: Game) -> list[Way]:
    """The ways of all tokens after one more step."""
    after = Counter(step.after.tokens)
    gone, come = before - after, after - before
    left: list[Way] = []
    moved: list[Way] = []
    for token, way in ways:
        if gone[token] > 0:
            gone[token] -= 1
            moved.append((token, way))
        else:
            left.append((token, way))
    beside = game.elements[step.element].attached_to
    for token in come.elements():
        stays = next((way for old, way in moved if old.at == token.at), None)
        if stays is not None:
            left.append((token, stays))
            continue
        hosts = [way for old, way in (*left, *moved) if old.at == beside]
        base = hosts[0] if hosts else moved[0][1] if moved else []
        passed = [] if base and base[-1] == step.element else [step.element]
        left.append((token, [*base, *passed, token.at]))
    return left


def follow(game: Game, move: Move) -> tuple[Marking, list[Move]]:
    """Go on while there is only one way to go: such markings need not be remembered."""
    passed = [move]
    seen = {move.after}
    while passed[-1].after.moving:
        onward = list(islice(game.moves(passed[-1].after), 2))
        if len(onward) != 1 or onward[0].after in seen:
            break
        seen.add(onward[0].after)
        passed += onward
    return passed[-1].after, passed


def allowed_places(process: Process) -> frozenset[str]:
    """Elements at which the author allows several tokens at once (`multiple_tokens` = `true`)."""
    if process.properties.get("multiple_tokens") == "true":
        return frozenset(process.elements)
    return frozenset(
        ident
        for ident, element in process.elements.items()
        if element.properties.get("multiple_tokens") == "true"
    )


def doubled_place(marking: Marking, allowed: Collection[str] = ()) -> str:
    """An element that holds more tokens at once than it may, or nothing."""
    tokens = marking.resting + marking.waiting
    if len(tokens) < 2:
        return ""
    seen: set[tuple[str, str]] = set()
    for token in tokens:
        place = token[:2]
        if place in seen and token.at not in allowed:
            return token.at
        seen.add(place)
    return _too_many(tokens) if len(seen) < len(tokens) else ""


def _too_many(tokens: tuple[Token, ...]) -> str:
    counts = Counter((token.at, token.flow) for token in tokens)
    return next((at for (at, _), count in sorted(counts.items()) if count > MOST_TOKENS), "")


def handled_codes(process: Process, scope: str, kind: str) -> Iterator[str]:
    """Codes of errors or escalations that event sub-processes of a scope catch."""
    for _, start in process.wiring.handlers.get(scope, ()):
        if start.trigger and start.trigger.kind == kind:
            yield start.trigger.name


def edge_codes(process: Process, element: str, kind: str) -> set[str]:
    """Codes of errors or escalations that the boundary events of an activity catch."""
    return {
        boundary.trigger.name
        for boundary in process.wiring.boundaries.get(element, ())
        if boundary.trigger and boundary.trigger.kind == kind
    }
