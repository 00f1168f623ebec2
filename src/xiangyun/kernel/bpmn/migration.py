"""A running case moves to another drawing of its process, if everything it stands on is there.

A state names elements only, so it fits another drawing as it is when each of them exists there,
is of the same kind, lies in the same scope and waits for the same thing. Everything else is
refused with the element and the reason: nothing is guessed, and no token is ever moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiangyun.kernel.bpmn.ahead import ahead_of
from xiangyun.kernel.bpmn.commands import Command, IncidentRaised, TaskOpened
from xiangyun.kernel.bpmn.engine.activities import ask_again
from xiangyun.kernel.bpmn.engine.walk import AWAITED, Stuck, Walk
from xiangyun.kernel.bpmn.model import ROOT, Element, Process, Trigger
from xiangyun.kernel.bpmn.state import Live, State, element_of
from xiangyun.kernel.findings import Conflict, Finding, Place, Text
from xiangyun.kernel.worktime import WEEKDAYS, Calendar


@dataclass(frozen=True, slots=True)
class Migrated:
    """A case in its new drawing.

    `commands`: what it now waits for besides, since the new drawing has more deadlines or
    messages. `tasks`: its open user tasks as the new drawing words them, under their old ids.
    """

    state: State
    commands: tuple[Command, ...]
    tasks: tuple[TaskOpened, ...]


def check_migration(
    old: Process, new: Process, state: State, data: Mapping[str, Any]
) -> list[Finding]:
    """Everything that keeps a case from moving; empty when it may.

    `data` are its root variables and the host functions, as `advance` takes them.
    """
    # Only where it can stand can be asked what lies ahead of it.
    found = list(_standing(old, new, state)) or list(_variables(old, new, state, data))
    return list(dict.fromkeys(found))


def migrate(
    old: Process,
    new: Process,
    state: State,
    data: Mapping[str, Any],
    at: datetime,
    calendar: Calendar = WEEKDAYS,
) -> Migrated:
    """Move a case. Raises Refused with everything that keeps it from moving."""
    findings = check_migration(old, new, state, data)
    if findings:
        raise Conflict(findings)
    walk = Walk(new, state, data, at, calendar)
    try:
        for element, owner, scope in _new_waits(old, new, state):
            walk.arm(element, owner, scope)
    except Stuck as stuck:
        raise Conflict([_no_value(new, stuck.text)]) from None
    commands = tuple(walk.commands)
    return Migrated(walk.state(), commands, _tasks(walk, state))


def _tasks(walk: Walk, state: State) -> tuple[TaskOpened, ...]:
    """The open user tasks, worded anew: asked for once more, under the ids they have."""
    walk.commands.clear()
    for ident, live in state.live.items():
        if walk.element(ident).kind == "userTask" and not live.phase:
            ask_again(walk, ident)
    incidents = [each.text for each in walk.commands if isinstance(each, IncidentRaised)]
    if incidents:
        raise Conflict([_no_value(walk.process, text) for text in incidents])
    return tuple(each for each in walk.commands if isinstance(each, TaskOpened))


# -- where it stands -------------------------------------------------------------------------------


def _standing(old: Process, new: Process, state: State) -> Iterator[Finding]:
    for ident, live in state.live.items():
        element = old.elements[element_of(ident)]
        yield from _same_place(new, element)
        there = new.elements.get(element.id)
        if there is not None and there.kind == element.kind:
            yield from _same_work(new, element, there, live)
    for ident in state.waits:
        element = old.elements[element_of(ident)]
        yield from _same_place(new, element)
        there = new.elements.get(element.id)
        if there is not None and there.kind == element.kind:
            yield from _same_event(new, element, there)
    for _, gate in state.joins:
        yield from _same_place(new, old.elements[gate])
        if gate in new.elements and _ways_in(old, gate) != _ways_in(new, gate):
            yield _finding(
                new,
                old.elements[gate],
                "bpmn.E114",
                Text(
                    "已有分支在此等待，而新图的入口不同",
                    "branches wait here and its ways in differ",
                ),
            )
    named = {state.last, *(i for u in state.undos for i in (u.activity, u.handler))} - {""}
    for ident in sorted(named - new.elements.keys()):
        yield _gone(new, old.elements[ident])


def _same_place(new: Process, element: Element) -> Iterator[Finding]:
    there = new.elements.get(element.id)
    if there is None:
        yield _gone(new, element)
    elif (there.kind, there.event_driven) != (element.kind, element.event_driven):
        words = Text(
            "原来是 {kind}，新图里是 {there_kind}",
            "a {kind} became a {there_kind}",
            kind=element.kind,
            there_kind=there.kind,
        )
        yield _finding(new, element, "bpmn.E111", words)
    elif (there.parent, there.attached_to) != (element.parent, element.attached_to):
        words = Text(
            "它在新图里属于别的子流程或活动", "it belongs to another sub-process or activity now"
        )
        yield _finding(new, element, "bpmn.E112", words)


def _same_work(new: Process, element: Element, there: Element, live: Live) -> Iterator[Finding]:
    """What is under way must be the same work: what was asked is what the answer will be to."""
    loops = [each.loop.kind if each.loop else "" for each in (element, there)]
    if loops[0] != loops[1]:
        words = Text("重复办理的方式不同", "it is repeated in another way")
        yield _finding(new, element, "bpmn.E113", words)
    if live.phase == "undo":
        words = Text("正在撤销已办的事", "what was done is just being undone")
        yield _finding(new, element, "bpmn.E113", words)
    asked = [
        [formula.text if formula else "" for formula in (each.type, each.decision, each.called)]
        for each in (element, there)
    ]
    if not live.phase and asked[0] != asked[1]:
        words = Text("已经发出的请求与新图所要的不同", "it has asked for something else already")
        yield _finding(new, element, "bpmn.E113", words)
    if element.kind == "eventBasedGateway" and {*element.outgoing} != {*there.outgoing}:
        words = Text("所等的事件不同", "it waits for other events")
        yield _finding(new, element, "bpmn.E114", words)


def _same_event(new: Process, element: Element, there: Element) -> Iterator[Finding]:
    if _awaits(element.trigger) != _awaits(there.trigger):
        words = Text("所等的消息、信号或时间不同", "the message, signal or kind of time differs")
        yield _finding(new, element, "bpmn.E113", words)


def _awaits(trigger: Trigger | None) -> tuple[str, str, str]:
    return (trigger.kind, trigger.name, trigger.timer) if trigger else ("", "", "")


def _ways_in(process: Process, gate: str) -> frozenset[tuple[str, str]]:
    flows = (process.flows[ident] for ident in process.elements[gate].incoming)
    return frozenset((flow.id, flow.source) for flow in flows)


# -- what it will need -----------------------------------------------------------------------------


def _variables(
    old: Process, new: Process, state: State, data: Mapping[str, Any]
) -> Iterator[Finding]:
    """Variables that the new drawing sets only behind where the case stands.

    A variable that the old drawing too left unset here is null, as it always was.
    """
    here = {element_of(ident) for ident in (*state.live, *state.waits)}
    here |= {gate for _, gate in state.joins}
    was, will = ahead_of(old, here), ahead_of(new, here)
    known = {*data, *(name for live in state.live.values() for name in live.locals)}
    still, before = will.sets, was.sets
    for held, formula, names in will.needs():
        for name in sorted(names - known - still):
            if name in before or name not in old.sets:
                words = Text(
                    "公式 {text} 要用变量“{name}”，新图在此前已设它，这件办件没有",
                    "{text} needs “{name}”, which the new drawing sets earlier "
                    "and this case does not have",
                    text=formula.text,
                    name=name,
                )
                label = held.name or held.id
                yield _said(new, "bpmn.E115", label, held.line, words)


def _new_waits(old: Process, new: Process, state: State) -> Iterator[tuple[Element, str, str]]:
    """(event, owner, scope) for what only the new drawing listens to where the case stands.

    An event that the old drawing had too is waited for already, or has fired.
    """
    taken = {
        live.scope for ident, live in state.live.items() if _has_interrupted(new, element_of(ident))
    }
    for _, start in new.wiring.handlers.get(ROOT, ()):
        if start.id not in old.elements and _outside(start) and ROOT not in taken:
            yield start, ROOT, ROOT
    for ident, live in state.live.items():
        inner = live.scope in state.live and state.live[live.scope].phase == "body"
        element = element_of(ident)
        if live.phase not in ("", "body"):
            continue
        if not inner:
            for boundary in new.wiring.boundaries.get(element, ()):
                if boundary.id not in old.elements and _outside(boundary):
                    yield boundary, ident, live.scope
        if live.phase == "" and ident not in taken:
            for _, start in new.wiring.handlers.get(element, ()):
                if start.id not in old.elements and _outside(start):
                    yield start, ident, ident


def _has_interrupted(process: Process, ident: str) -> bool:
    """Whether it is an event sub-process that took over its scope: no other begins there then."""
    element = process.elements.get(ident)
    starts = process.wiring.starts.get(ident, ())
    return bool(element and element.event_driven and any(each.interrupting for each in starts))


def _outside(event: Element) -> bool:
    return event.trigger is not None and event.trigger.kind in AWAITED


# -- words -----------------------------------------------------------------------------------------


def _gone(new: Process, element: Element) -> Finding:
    words = Text("新图里没有它", "the new drawing does not have it")
    return _finding(new, element, "bpmn.E110", words)


def _no_value(new: Process, text: Text) -> Finding:
    """What the engine says when a formula comes to nothing, in its own words."""
    return Finding("bpmn.E116", "error", text, Place(new.file, new.line))


def _finding(new: Process, element: Element, ident: str, words: Text) -> Finding:
    there = new.elements.get(element.id)
    return _said(new, ident, element.label, there.line if there else new.line, words)


def _said(new: Process, ident: str, label: str, line: int, words: Text) -> Finding:
    return Finding(
        ident,
        "error",
        Text(
            "办件停在“{label}”：{words}。",
            "The case stands on “{label}”: {words}.",
            label=label,
            words=words,
        ),
        Place(new.file, line),
        Text(
            "让它按原版本办完，或在新图里保留这一步。",
            "Let it end by its own version, or keep this step in the new drawing.",
        ),
    )
