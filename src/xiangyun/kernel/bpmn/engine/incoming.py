"""What each event from outside begins: the case takes it up, or refuses it as not awaited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xiangyun.kernel.bpmn.commands import IncidentRaised, TaskClosed
from xiangyun.kernel.bpmn.engine import activities, events
from xiangyun.kernel.bpmn.engine.refusals import NotWaiting
from xiangyun.kernel.bpmn.engine.walk import Walk
from xiangyun.kernel.bpmn.events import (
    CallCompleted,
    CallEscalated,
    CallFailed,
    DataChanged,
    DecisionMade,
    IncidentResolved,
    MessageReceived,
    ServiceCompleted,
    ServiceFailed,
    SignalReceived,
    Started,
    TaskCompleted,
    TimerFired,
)
from xiangyun.kernel.bpmn.model import ROOT
from xiangyun.kernel.bpmn.state import NO_NEXT, element_of, is_asked
from xiangyun.kernel.findings import Text


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


_MACHINES = (
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "intermediateThrowEvent",
    "endEvent",
)


def _done(walk: Walk, ident: str, kinds: tuple[str, ...], result: Mapping[str, Any]) -> None:
    live = walk.live.get(ident)
    if live is None or live.phase or walk.element(ident).kind not in kinds:
        raise NotWaiting(walk.process, ident)
    walk.later("complete", live.scope, ident, result)


def _task(walk: Walk, event: TaskCompleted) -> None:
    _done(walk, event.id, ("userTask",), event.result)


def _decision(walk: Walk, event: DecisionMade) -> None:
    if _asks_when(walk, event.id):
        events.decided_when(walk, event.id, event.value)
        return
    if event.id not in walk.live:
        raise NotWaiting(walk.process, event.id)
    name = walk.element(event.id).result_variable
    _done(walk, event.id, ("businessRuleTask",), {name: event.value} if name else {})


def _service(walk: Walk, event: ServiceCompleted) -> None:
    _done(walk, event.id, _MACHINES, event.result)


def _call(walk: Walk, event: CallCompleted) -> None:
    if event.id not in walk.live:
        raise NotWaiting(walk.process, event.id)
    element, own = walk.element(event.id), walk.live[event.id].locals
    result: Mapping[str, Any] = event.result if element.outputs or element.propagate_all else {}
    if not element.outputs:
        # What was given to the call alone ends with it.
        result = {name: value for name, value in result.items() if name not in own}
    _done(walk, event.id, ("callActivity",), result)


def _asks_when(walk: Walk, ident: str) -> bool:
    """Whether a timer waits for its decision."""
    return ident in walk.waits and is_asked(walk.waits[ident].key)


def _failed(walk: Walk, event: ServiceFailed | CallFailed) -> None:
    if _asks_when(walk, event.id):
        text = Text.given(event.message, event.message)
        events.stand(walk, event.id, text)
        return
    live = walk.live.get(event.id)
    if live is None or live.phase:
        raise NotWaiting(walk.process, event.id)
    if not events.raise_error(walk, live.scope, event.id, event.code, event.message):
        element = walk.element(event.id)
        walk.live[event.id] = live._replace(phase="failed")
        text = Text(
            "“{label}”失败（{code}）：{message}",
            "“{label}” failed ({code}): {message}",
            label=element.label,
            code=event.code,
            message=event.message,
        )
        walk.commands.append(IncidentRaised(event.id, element.id, text))


def _escalated(walk: Walk, event: CallEscalated) -> None:
    live = walk.live.get(event.id)
    if live is None or live.phase:
        raise NotWaiting(walk.process, event.id)
    element = element_of(event.id)
    events.escalate(walk, live.scope, event.id, event.code, element, event.payload)


def _timer(walk: Walk, event: TimerFired) -> None:
    wait = walk.waits.get(event.id)
    if wait is None or wait.key == NO_NEXT or is_asked(wait.key):
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
    wait = walk.waits.get(event.id)
    if wait is not None and wait.key == NO_NEXT:
        walk.commands.append(TaskClosed(event.id, "completed"))
        events.set_again(walk, event.id)
        return
    live = walk.live.get(event.id)
    if live is None or live.phase not in ("stuck", "failed"):
        raise NotWaiting(walk.process, event.id)
    walk.commands.append(TaskClosed(event.id, "completed"))
    if live.phase == "failed":
        activities.ask_again(walk, event.id)
        return
    del walk.live[event.id]
    what, element = live.memo["what"], element_of(event.id)
    args = () if what == "undo" else (element, live.memo["came"])
    walk.later(what, live.scope, *args)


ON: dict[type, Callable[[Walk, Any], None]] = {
    Started: _started,
    TaskCompleted: _task,
    DecisionMade: _decision,
    ServiceCompleted: _service,
    ServiceFailed: _failed,
    CallCompleted: _call,
    CallFailed: _failed,
    CallEscalated: _escalated,
    TimerFired: _timer,
    MessageReceived: _message,
    SignalReceived: _signal,
    DataChanged: _changed,
    IncidentResolved: _resolved,
}
