"""The proof: explore every marking of every scope, and say by which path one goes wrong.

Soundness after van der Aalst (workflow nets): option to complete, proper completion, no dead
element. What a proof here does not say: data are abstracted (a fault found may need a combination
of data that never occurs), a loop of many is one activity, and beyond `MOST` markings of a scope
the proof stops and says so (`bpmn.W050`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from xiangyun.kernel.bpmn.model import ROOT, Element, Process
from xiangyun.kernel.bpmn.soundness.explored import (
    Explored,
    doubled_place,
    edge_triggers,
    handled_errors,
)
from xiangyun.kernel.bpmn.soundness.game import Game, Marking, Move, Outcomes
from xiangyun.kernel.bpmn.soundness.told import scope_findings, uncaught
from xiangyun.kernel.findings import Finding

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof of one process found, and how the process can end, for who calls it."""

    findings: list[Finding]
    outcomes: Outcomes


def soundness_findings(process: Process, most: int = MOST) -> list[Finding]:
    """Findings of a process that is already well-formed; none for a sound one."""
    return prove(process, {}, most).findings


def prove(process: Process, called: Mapping[str, Outcomes], most: int = MOST) -> Proof:
    """The proof of a process; `called`: how the processes that it calls can end, by their ids.

    A call to a process that is not among them may end in any way.
    """
    findings: list[Finding] = []
    outcomes: dict[str, Outcomes] = {}
    for element in process.elements.values():
        if element.called is not None and element.called.text in called:
            ends = called[element.called.text]
            # Over an empty list nothing is called at all.
            outcomes[element.id] = replace(ends, completes=True) if element.loop else ends
    for scope in _inside_out(process):
        starts = process.wiring.starts.get(scope, ())
        game = Game(process, scope, outcomes)
        explored = explore(game, [start.id for start in starts], most)
        findings += scope_findings(process, explored, most)
        outcomes[scope] = _outcomes(process, scope, explored, outcomes)
    if not process.is_called:
        findings += uncaught(process, outcomes)
    return Proof(findings, outcomes[ROOT])


def explore(game: Game, starts: list[str], most: int) -> Explored:
    """Breadth first, so that a path that is told is a shortest one."""
    found = Explored(game.scope)
    todo: deque[Marking] = deque()
    for start in starts:
        first = game.begin(start)
        found.before[first] = None
        todo.append(first)
    while todo:
        marking = todo.popleft()
        double = doubled_place(marking)
        if double:
            # Already a fault: what follows from it would only tell the same again.
            found.doubled.setdefault(double, marking)
            found.after[marking] = []
            continue
        after = found.after.setdefault(marking, [])
        for move in game.moves(marking):
            reached, passed = _follow(game, move)
            found.met.update(step.element for step in passed)
            after.append(reached)
            if reached not in found.before:
                told = tuple(step.element for step in passed if not step.silent)
                found.before[reached] = (marking, told)
                todo.append(reached)
        if len(found.before) > most:
            found.complete = False
            break
    return found


def _follow(game: Game, move: Move) -> tuple[Marking, list[Move]]:
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


def _inside_out(process: Process) -> list[str]:
    """Scopes with the inner ones before the ones around them."""
    depth: dict[str, int] = {ROOT: 0}
    for element in process.elements.values():
        if element.kind == "subProcess":
            level, at = 1, element.parent
            while at != ROOT:
                level, at = level + 1, process.elements[at].parent
            depth[element.id] = level
    return sorted(depth, key=lambda scope: -depth[scope])


def _outcomes(
    process: Process, scope: str, explored: Explored, inner: dict[str, Outcomes]
) -> Outcomes:
    """How a scope can be left: normally, by which errors, with which escalations."""
    errors: set[str] = set()
    beyond: set[str] = set()
    escalations: set[str] = set()
    handled = handled_errors(process, scope)
    for element in process.wiring.children.get(scope, ()):
        kind, name = _trigger(element)
        if element.kind == "endEvent" and kind == "error" and element.id in explored.met:
            errors.add(name)
        elif element.kind != "boundaryEvent" and kind == "escalation":
            escalations.add(name)
        elif element.type is not None or (element.called and element.id not in inner):
            errors.add("*")
        elif element.id in inner:
            escalations |= inner[element.id].escalations
            caught = {code for kind, code in edge_triggers(process, element) if kind == "error"}
            left = set() if "" in caught else inner[element.id].errors - caught
            # What a handler throws is not caught by the handlers beside it.
            (beyond if element.event_driven else errors).update(left)
    completes = any(m.is_final and not m.escaped for m in explored.before) or bool(handled)
    beyond |= set() if "" in handled else errors - handled
    return Outcomes(completes or not explored.complete, frozenset(beyond), frozenset(escalations))


def _trigger(element: Element) -> tuple[str, str]:
    return (element.trigger.kind, element.trigger.name) if element.trigger else ("none", "")
