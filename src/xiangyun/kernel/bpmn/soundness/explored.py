"""What an exploration has found, and small questions about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xiangyun.kernel.bpmn.model import Element, Process
from xiangyun.kernel.bpmn.soundness.game import Marking


@dataclass(slots=True)
class Explored:
    """What the exploration of one scope has found."""

    scope: str
    before: dict[Marking, tuple[Marking, tuple[str, ...]] | None] = field(default_factory=dict)
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    doubled: dict[str, Marking] = field(default_factory=dict)
    complete: bool = True

    def path(self, marking: Marking) -> list[str]:
        """The elements on the shortest way to a marking."""
        steps: list[str] = []
        at: Marking = marking
        while (came := self.before[at]) is not None:
            at, passed = came
            steps += reversed(passed)
        return steps[::-1]


def doubled_place(marking: Marking) -> str:
    """A place that holds two tokens at once, or nothing."""
    seen: set[tuple[str, str]] = set()
    for token in (*marking.resting, *marking.waiting):
        place = (token.at, token.flow)
        if place in seen:
            return token.at
        seen.add(place)
    return ""


def handled_errors(process: Process, scope: str) -> set[str]:
    """Codes of errors that an event sub-process of the scope catches; empty catches all."""
    return {
        start.trigger.name
        for _, start in process.wiring.handlers.get(scope, ())
        if start.trigger and start.trigger.kind == "error"
    }


def edge_triggers(process: Process, element: Element) -> Iterator[tuple[str, str]]:
    """Kind and name of what the boundary events of an activity catch."""
    for boundary in process.wiring.boundaries.get(element.id, ()):
        if boundary.trigger:
            yield boundary.trigger.kind, boundary.trigger.name
