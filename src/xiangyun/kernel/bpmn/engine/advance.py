"""`advance`: one event worked off until the case waits again or is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.bpmn.commands import (
    CaseEnded,
    Command,
    IncidentRaised,
    VariablesSet,
)
from xiangyun.kernel.bpmn.engine import activities, compensation, events, gateways, loops
from xiangyun.kernel.bpmn.engine.incoming import ON
from xiangyun.kernel.bpmn.engine.refusals import Endless, NotWaiting, Unworkable
from xiangyun.kernel.bpmn.engine.walk import Stuck, Walk
from xiangyun.kernel.bpmn.events import Event, Started
from xiangyun.kernel.bpmn.model import ROOT, SCOPES, Element, Process
from xiangyun.kernel.bpmn.state import State, element_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import WEEKDAYS, Calendar

MOST_STEPS = 100_000
"""Work within one event beyond which a case is taken to go round for ever."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one event: the new state, and what the outside shall do, in order."""

    state: State
    commands: tuple[Command, ...]


def advance(
    process: Process,
    state: State | None,
    event: Event,
    data: Mapping[str, Any],
    calendar: Calendar = WEEKDAYS,
) -> Step:
    """Work off one event.

    `state` is None only with `Started`. `data` are the root variables (FEEL values), held by the
    caller; changes come back as `VariablesSet`, always the first command. `calendar`: the office's
    days and hours, by which its timers count. The same arguments give the same step.

    Raises `NotWaiting` (`bpmn.E100`) when the case does not wait for the event, `Endless`
    (`bpmn.E101`) when it would go round without ever waiting, and `Unworkable` (`bpmn.E102`) when
    a formula over what the event brings uses up its budget.
    """
    if (state is None) != isinstance(event, Started) or (state is not None and state.ended):
        raise NotWaiting(process, type(event).__name__)
    walk = Walk(process, state or State(), data, event.at, calendar)
    try:
        ON[type(event)](walk, event)
        _run(walk)
    except Stuck as stuck:
        raise Unworkable(process, stuck.text) from None
    commands = tuple(walk.commands)
    if walk.changes:
        commands = (VariablesSet(walk.changes), *commands)
    return Step(walk.state(), commands)


def _run(walk: Walk) -> None:
    steps = 0
    while not walk.ended:
        if walk.work:
            steps += 1
            if steps > MOST_STEPS:
                raise Endless(walk.process, _where(walk))
            _work(walk)
        elif not (
            (walk.joins and gateways.open_joins(walk))
            or (walk.touched and _close_scopes(walk))
            or (walk.changed and _conditions(walk))
        ):
            break
    if walk.joins and not any(_can_move(walk, ident) for ident in walk.live):
        _report_deadlock(walk)


def _where(walk: Walk) -> str:
    """The element that the next work is about."""
    what, scope, args = walk.work[0]
    return str(args[0]) if what in _STEPS else element_of(args[0] if args else scope)


def _work(walk: Walk) -> None:
    what, scope, args = walk.work.popleft()
    before = (walk.count, len(walk.commands), len(walk.work))
    try:
        step = _STEPS.get(what)
        if step is not None:
            element = walk.process.elements[args[0]]
            step(walk, scope, element, args[1])
        else:
            _WORK[what](walk, scope, *args)
    except Stuck as stuck:
        if what in _ANSWERED:
            raise
        walk.rollback(*before)
        element_id = args[0] if args else element_of(scope)
        walk.stick(what, scope, element_id, args[1] if len(args) > 1 else "", stuck.text)


def _enter(walk: Walk, scope: str, element: Element, came: str) -> None:
    _ENTER[element.kind](walk, scope, element, came)


def _close_scopes(walk: Walk) -> bool:
    """Complete the scopes in which the last token has ended; False when there is none."""
    scope = next(iter(walk.touched))
    del walk.touched[scope]
    if scope != ROOT and scope not in walk.live:
        return True
    if walk.is_empty(scope):
        if scope == ROOT:
            _end_case(walk)
        elif walk.live[scope].phase == "":
            walk.later("complete", walk.live[scope].scope, scope, {})
    return True


def _end_case(walk: Walk) -> None:
    walk.disarm(ROOT)
    walk.undos.clear()
    walk.ended = True
    element = walk.process.elements.get(walk.last)
    outcome = element.properties.get("outcome", element.id) if element else ""
    walk.commands.append(CaseEnded(walk.last, outcome))


def _conditions(walk: Walk) -> bool:
    walk.changed = events.look_at_conditions(walk)
    return walk.changed


def _can_move(walk: Walk, ident: str) -> bool:
    """Whether an instance is more than a frame around others."""
    phase = walk.live[ident].phase
    return phase != "body" and (phase != "" or walk.element(ident).kind not in SCOPES)


def _report_deadlock(walk: Walk) -> None:
    """Tokens wait at joins and nothing can bring the others: say so instead of staying silent."""
    for _, gate in walk.joins:
        element = walk.process.elements[gate]
        walk.commands.append(
            IncidentRaised(
                gate,
                gate,
                Text(
                    "“{label}”等不到其余的分支，办件无法继续。",
                    "“{label}” waits for branches that can no longer come.",
                    label=element.label,
                ),
            )
        )


_STEPS: dict[str, Callable[[Walk, str, Element, str], None]] = {
    "enter": _enter,
    "leave": gateways.split,
    "split": gateways.split,
    "begin": events.begin_scope,
    "loop": loops.begin,
    "inner": loops.inner,
    "compensate": compensation.compensate,
    "cancel": compensation.cancel,
}
"""Work at an element: (scope, element, the flow it came by). What sticks can be tried again."""

_WORK: dict[str, Callable[..., None]] = {
    "complete": activities.complete,
    "looped": loops.looped,
    "undo": compensation.undo,
}

_ANSWERED = frozenset(("complete", "looped"))
"""Work over what an event brings: what sticks there leaves the event untaken."""

_ENTER: dict[str, Callable[[Walk, str, Element, str], None]] = {
    **dict.fromkeys(activities.ACTIVITIES, activities.enter),
    "startEvent": events.start,
    "endEvent": events.end,
    "intermediateCatchEvent": events.catch,
    "intermediateThrowEvent": events.throw,
    "exclusiveGateway": gateways.exclusive,
    "parallelGateway": gateways.parallel,
    "inclusiveGateway": gateways.inclusive,
    "eventBasedGateway": gateways.event_based,
}
RUNNING = frozenset(_ENTER) | {"boundaryEvent"}
"""Kinds of element that this engine can run; anything else is refused at publication."""
