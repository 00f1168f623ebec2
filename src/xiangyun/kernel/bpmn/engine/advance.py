"""`advance`: one event worked off until the case waits again or is over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from xiangyun.kernel.bpmn.commands import (
    CaseEnded,
    Command,
    IncidentRaised,
    TaskClosed,
    VariablesSet,
)
from xiangyun.kernel.bpmn.engine import activities, compensation, events, gateways, loops
from xiangyun.kernel.bpmn.engine.walk import Stuck, Walk
from xiangyun.kernel.bpmn.events import (
    CallCompleted,
    CallFailed,
    DataChanged,
    DecisionMade,
    Event,
    IncidentResolved,
    MessageReceived,
    ServiceCompleted,
    ServiceFailed,
    SignalReceived,
    Started,
    TaskCompleted,
    TimerFired,
)
from xiangyun.kernel.bpmn.model import ROOT, Element, Process
from xiangyun.kernel.bpmn.state import State, element_of
from xiangyun.kernel.findings import Finding, Place, Refused, Text

MOST_STEPS = 100_000
"""Work within one event beyond which a case is taken to go round for ever."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one event: the new state, and what the outside shall do, in order."""

    state: State
    commands: tuple[Command, ...]


class NotWaiting(Refused):
    """The case does not wait for this event: it was answered, interrupted, or never asked."""

    def __init__(self, process: Process, what: str) -> None:
        super().__init__(
            [
                Finding(
                    "bpmn.E100",
                    "error",
                    Text(f"办件此刻没有在等：{what}。", f"The case does not wait for {what}."),
                    Place(process.file, process.line),
                    Text(
                        "它可能已经办完、已被中断，请刷新后再看。",
                        "It may be answered or interrupted already: look at the case again.",
                    ),
                )
            ]
        )


class Endless(Refused):
    """A case went round without ever waiting; nothing of the step is kept."""

    def __init__(self, process: Process, element: str) -> None:
        held = process.elements[element]
        super().__init__(
            [
                Finding(
                    "bpmn.E101",
                    "error",
                    Text(
                        f"办件在“{held.label}”一带不停地循环，没有等任何人。",
                        f"The case goes round at “{held.label}” without waiting for anybody.",
                    ),
                    Place(process.file, held.line),
                    Text(
                        "请检查这个循环的条件，或在其中放一个任务。",
                        "Look at the conditions of this loop, or put a task into it.",
                    ),
                )
            ]
        )


def advance(process: Process, state: State | None, event: Event, data: Mapping[str, Any]) -> Step:
    """Work off one event.

    `state` is None only with `Started`. `data` are the root variables (FEEL values), held by the
    caller; changes come back as `VariablesSet`, always the first command. The same arguments give
    the same step. Raises `NotWaiting` (`bpmn.E100`) when the case does not wait for the event,
    and `Endless` (`bpmn.E101`) when it would go round without ever waiting.
    """
    if (state is None) != isinstance(event, Started) or (state is not None and state.ended):
        raise NotWaiting(process, type(event).__name__)
    walk = Walk(process, state or State(), data, event.at)
    _ON[type(event)](walk, event)
    _run(walk)
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
    return phase != "body" and (phase != "" or walk.element(ident).kind != "subProcess")


def _report_deadlock(walk: Walk) -> None:
    """Tokens wait at joins and nothing can bring the others: say so instead of staying silent."""
    for _, gate in walk.joins:
        element = walk.process.elements[gate]
        walk.commands.append(
            IncidentRaised(
                gate,
                gate,
                f"“{element.label}”等不到其余的分支，办件无法继续。"
                f" / “{element.label}” waits for branches that can no longer come.",
            )
        )


# -- events from outside ---------------------------------------------------------------------------


def _started(walk: Walk, event: Started) -> None:
    starts = walk.wiring.starts.get(ROOT, ())
    if event.element:
        starts = tuple(each for each in starts if each.id == event.element)
    elif len(starts) > 1:
        starts = tuple(each for each in starts if each.trigger and each.trigger.kind == "none")
    if not starts:
        raise NotWaiting(walk.process, f"Started {event.element}")
    walk.changed = True
    walk.propagate(starts[0], ROOT, {}, event.payload)
    walk.later("begin", ROOT, starts[0].id, "")


def _done(walk: Walk, ident: str, kinds: tuple[str, ...], result: Mapping[str, Any]) -> None:
    live = walk.live.get(ident)
    if live is None or live.phase or walk.element(ident).kind not in kinds:
        raise NotWaiting(walk.process, ident)
    walk.later("complete", live.scope, ident, result)


_MACHINES = ("serviceTask", "businessRuleTask", "scriptTask", "sendTask")


def _task(walk: Walk, event: TaskCompleted) -> None:
    _done(walk, event.id, ("userTask",), event.result)


def _decision(walk: Walk, event: DecisionMade) -> None:
    if event.id not in walk.live:
        raise NotWaiting(walk.process, event.id)
    name = walk.element(event.id).result_variable
    _done(walk, event.id, ("businessRuleTask",), {name: event.value} if name else {})


def _service(walk: Walk, event: ServiceCompleted) -> None:
    _done(walk, event.id, _MACHINES, event.result)


def _call(walk: Walk, event: CallCompleted) -> None:
    if event.id not in walk.live:
        raise NotWaiting(walk.process, event.id)
    element = walk.element(event.id)
    wanted = element.outputs or element.propagate_all
    _done(walk, event.id, ("callActivity",), event.result if wanted else {})


def _failed(walk: Walk, event: ServiceFailed | CallFailed) -> None:
    live = walk.live.get(event.id)
    if live is None or live.phase:
        raise NotWaiting(walk.process, event.id)
    if not events.raise_error(walk, live.scope, event.id, event.code, event.message):
        element = walk.element(event.id)
        walk.live[event.id] = live._replace(phase="failed")
        text = (
            f"“{element.label}”失败（{event.code}）：{event.message}"
            f" / “{element.label}” failed ({event.code}): {event.message}"
        )
        walk.commands.append(IncidentRaised(event.id, element.id, text))


def _timer(walk: Walk, event: TimerFired) -> None:
    if event.id not in walk.waits:
        raise NotWaiting(walk.process, event.id)
    events.fire(walk, event.id, {})


def _message(walk: Walk, event: MessageReceived) -> None:
    for ident, wait in walk.waits.items():
        trigger = walk.element(ident).trigger
        named = trigger and trigger.kind == "message" and trigger.name == event.name
        if named and wait.key in (None, event.key):
            events.fire(walk, ident, event.payload)
            return
    raise NotWaiting(walk.process, f"{event.name} ({event.key})")


def _signal(walk: Walk, event: SignalReceived) -> None:
    found = [
        ident
        for ident in walk.waits
        if (trigger := walk.element(ident).trigger)
        and trigger.kind == "signal"
        and trigger.name == event.name
    ]
    if not found:
        raise NotWaiting(walk.process, event.name)
    for ident in found:
        # An earlier one may have interrupted what a later one belonged to.
        if ident in walk.waits:
            events.fire(walk, ident, event.payload)


def _changed(walk: Walk, event: DataChanged) -> None:
    walk.changed = True


def _resolved(walk: Walk, event: IncidentResolved) -> None:
    live = walk.live.get(event.id)
    if live is None or live.phase not in ("stuck", "failed"):
        raise NotWaiting(walk.process, event.id)
    walk.commands.append(TaskClosed(event.id, "completed"))
    if live.phase == "failed":
        activities.ask_again(walk, event.id)
        return
    del walk.live[event.id]
    what, element = live.memo["what"], element_of(event.id)
    walk.later(what, live.scope, *((element, live.memo["came"]) if what in _STEPS else ()))


_ON: dict[type, Callable[[Walk, Any], None]] = {
    Started: _started,
    TaskCompleted: _task,
    DecisionMade: _decision,
    ServiceCompleted: _service,
    ServiceFailed: _failed,
    CallCompleted: _call,
    CallFailed: _failed,
    TimerFired: _timer,
    MessageReceived: _message,
    SignalReceived: _signal,
    DataChanged: _changed,
    IncidentResolved: _resolved,
}

_STEPS: dict[str, Callable[[Walk, str, Element, str], None]] = {
    "enter": _enter,
    "leave": gateways.split,
    "split": gateways.split,
    "begin": events.begin_scope,
    "loop": loops.begin,
    "inner": loops.inner,
    "compensate": compensation.compensate,
}
"""Work at an element: (scope, element, the flow it came by). What sticks can be tried again."""

_WORK: dict[str, Callable[..., None]] = {
    "complete": activities.complete,
    "looped": loops.looped,
    "undo": compensation.undo,
}

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
