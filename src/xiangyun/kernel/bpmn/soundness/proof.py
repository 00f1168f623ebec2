"""The proof: explore every marking of every scope, and say by which path one goes wrong.

Soundness after van der Aalst (workflow nets): option to complete, proper completion, no dead
element. What a proof here does not say: data are abstracted (a fault found may need a combination
of data that never occurs), a loop of many is one activity, and beyond `MOST` markings of a scope
the proof stops and says so (`bpmn.W050`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Element, Process
from xiangyun.kernel.bpmn.soundness.ends import scope_outcomes
from xiangyun.kernel.bpmn.soundness.exploration import (
    Exploration,
    allowed_places,
    doubled_place,
    follow,
)
from xiangyun.kernel.bpmn.soundness.faults import dead, never_met, scope_findings, uncaught
from xiangyun.kernel.bpmn.soundness.game import Game
from xiangyun.kernel.bpmn.soundness.marking import Marking
from xiangyun.kernel.bpmn.soundness.outcomes import Outcomes
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
    outcomes, explorations = _explore_all(process, called, most)
    unmet: list[Element] = []
    for found in explorations.values():
        findings += scope_findings(process, found, most, outcomes)
        unmet += never_met(process, found)
    if unmet:
        # What follows an escalation is drawn as if it went on, even where it is interrupted.
        loose = _explore_all(process, called, most, loose=True)[1]
        findings += [dead(process, each) for each in unmet if each.id not in loose[each.parent].met]
    if not process.is_called:
        findings += uncaught(process, outcomes)
    whole = outcomes[ROOT]
    if process.is_called and whole.escalations.codes:
        always = {
            code
            for code in whole.escalations.codes
            if not _explore_all(process, called, most, {code})[0][ROOT].completes
        }
        whole = replace(whole, always=frozenset(always))
    return Proof(findings, whole)


def _explore_all(
    process: Process,
    called: Mapping[str, Outcomes],
    most: int,
    cut: Collection[str] = (),
    loose: bool = False,
) -> tuple[dict[str, Outcomes], dict[str, Exploration]]:
    """Explore every scope, the inner ones first; how each can be left, and what was found."""
    outcomes: dict[str, Outcomes] = {
        element.id: called[element.called.text]
        for element in process.elements.values()
        if element.called is not None and element.called.text in called
    }
    explorations: dict[str, Exploration] = {}
    allowed = allowed_places(process)
    for scope in _inside_out(process):
        starts = process.wiring.starts.get(scope, ())
        game = Game(process, scope, outcomes, cut, loose)
        explorations[scope] = explore(game, [start.id for start in starts], most, allowed)
        outcomes[scope] = scope_outcomes(process, explorations[scope], outcomes)
    return outcomes, explorations


def explore(game: Game, starts: list[str], most: int, allowed: Collection[str] = ()) -> Exploration:
    """Breadth first, so that a path that is named is a shortest one.

    `allowed`: elements at which there may be several tokens.
    """
    found = Exploration(game)
    todo: deque[Marking] = deque()
    for start in starts:
        first = game.begin(start)
        found.before[first] = None
        todo.append(first)
    while todo:
        marking = todo.popleft()
        double = doubled_place(marking, allowed)
        if double:
            # Already a fault: what follows from it would only say the same again.
            found.doubled.setdefault(double, marking)
            found.cut_off.add(marking)
            found.after[marking] = []
            continue
        after = found.after.setdefault(marking, [])
        for move in game.moves(marking):
            reached, passed = follow(game, move)
            found.met.update(step.element for step in passed)
            after.append(reached)
            if reached not in found.before:
                names = tuple(step.element for step in passed if not step.silent)
                found.before[reached] = (marking, names)
                todo.append(reached)
        if len(found.before) > most:
            found.complete = False
            break
    return found


def _inside_out(process: Process) -> list[str]:
    """Scopes with the inner ones before the ones around them."""
    depth: dict[str, int] = {ROOT: 0}
    for element in process.elements.values():
        if element.kind in SCOPES:
            depth[element.id] = _depth(process, element)
    return sorted(depth, key=lambda scope: -depth[scope])


def _depth(process: Process, element: Element) -> int:
    level, at = 1, element.parent
    while at != ROOT:
        level, at = level + 1, process.elements[at].parent
    return level
