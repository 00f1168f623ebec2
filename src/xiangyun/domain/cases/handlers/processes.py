"""The processes of a case that are under way: its main one, and those that were called.

They move by `kernel.pack.instances`, as in a rehearsal, and the ids of called ones begin with their
numbers: `1/review~2` is the task's token wherever it goes. The main one has its state in the row's
own column, the others stand in `case.parts`, which is null in a case that never called any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from xiangyun.domain.cases import access
from xiangyun.domain.cases.models import Case
from xiangyun.kernel.bpmn import (
    CallCompleted,
    CallEscalated,
    CallFailed,
    CallWanted,
    CaseEnded,
    CaseFailed,
    Command,
    DecisionMade,
    DecisionWanted,
    EscalationRaised,
    Event,
    MessageAwaited,
    MessageReceived,
    ServiceCompleted,
    ServiceFailed,
    ServiceWanted,
    SignalAwaited,
    SignalReceived,
    State,
    VariablesSet,
    WorkCancelled,
    element_of,
)
from xiangyun.kernel.feel import from_stored, to_stored
from xiangyun.kernel.pack.instances import Addressed, Part, ProcessInstances, divided

from .answers import ANSWERS, note_escalation
from .casestep import CaseStep

Row = dict[str, Any]
Awaited = MessageAwaited | SignalAwaited


def oldest_first(case: Case, event: Event) -> list[str]:
    """The ids of what waits in a case for a message or signal, in the order of waiting."""
    if isinstance(event, MessageReceived):
        found = access.waits_for(case, "message", event.name, event.key)
    elif isinstance(event, SignalReceived):
        found = access.waits_for(case, "signal", event.name, None)
    else:
        return []
    return sorted(found, key=lambda id: int(case.awaiting[id].get("turn", 0)))


# -- where a case keeps them -----------------------------------------------------------------------


def under_way(step: CaseStep) -> ProcessInstances:
    """The processes of a case as its row has them, the main one with the variables of the step."""
    parts = ProcessInstances(step.pack, step.calendar, step.data)
    state = step.case.state
    parts.main.state = State.from_json(state) if state is not None else None
    rows: dict[str, Row] = dict(step.case.parts or {})
    parts.main.calls = rows.pop("", {}).get("calls", 0)
    for number in sorted(rows, key=len):  # a caller's number is shorter than what it called
        row = rows[number]
        parts.by_number[number] = Part(
            number,
            step.pack.process_of(row["process"]),
            {name: from_stored(value) for name, value in row["variables"].items()},
            parts.by_number[number.rpartition("-")[0]],
            row["call"],
            row["through"],
            State.from_json(row["state"]),
            row["calls"],
        )
    return parts


def put_into_row(step: CaseStep, parts: ProcessInstances) -> None:
    """Put the processes as they stand now into the case, to be written with the step."""
    main, step.seen = parts.main, None
    step.case.state = main.state.to_json() if main.state is not None else None
    if main.calls:
        called = [part for part in parts.by_number.values() if part is not main]
        rows = {part.number: _row(part) for part in called}
        step.case.parts = {"": {"calls": main.calls}, **rows}


def _row(part: Part) -> Row:
    """A state stays a text: the order of what is in it says what is older."""
    return {
        "process": part.process.id,
        "call": part.call,
        "through": part.through,
        "calls": part.calls,
        "state": part.state.to_json() if part.state is not None else None,
        "variables": to_stored(part.variables),
    }


# -- what they want --------------------------------------------------------------------------------


def is_awaited(parts: ProcessInstances, number: str, event: Event) -> bool:
    """Whether the process is still there, and an answer finds who asked for it."""
    part = parts.by_number.get(number)
    if part is None or not isinstance(event, _ANSWERING):
        return part is not None
    if part.state is None:
        return False
    live = part.state.live.get(event.id)
    # A decision may also say when a timer rings.
    return event.id in part.state.waits if live is None else not live.phase


_ANSWERING = (
    ServiceCompleted,
    ServiceFailed,
    DecisionMade,
    CallCompleted,
    CallFailed,
    CallEscalated,
)


def turn_to(step: CaseStep, parts: ProcessInstances, part: Part, event: Event) -> None:
    """The next thing happens to this process. What comes back from a call ends the call itself,
    by which clocks may start or stop."""
    if isinstance(event, CallCompleted):
        element = element_of(event.id)
        _pass(step, element)
        step.passed(element)
    step.seen = _view(parts, part)


def answer(
    step: CaseStep, parts: ProcessInstances, part: Part, command: Command
) -> Addressed | None:
    """What a case does with a command of one of its processes: its answer, and to whom."""
    between = _BETWEEN.get(type(command))
    if between is not None:
        return between(step, parts, part, command)
    return _outside(step, part, command)


def _outside(step: CaseStep, part: Part, command: Command) -> Addressed | None:
    """What goes out of the case is the same for all processes, but for the number before its id."""
    answered = ANSWERS[type(command)](step, command)
    if answered is None:
        return None
    assert isinstance(answered, DecisionMade | ServiceCompleted | ServiceFailed)
    assert isinstance(command, DecisionWanted | ServiceWanted)
    _pass(step, command.element)
    if part.caller is not None:
        answered = replace(answered, id=divided(answered.id)[1])
    return part.number, answered


def _set(step: CaseStep, parts: ProcessInstances, part: Part, command: VariablesSet) -> None:
    shared = parts.assign(part, command.values)
    step.writes.variables.update(to_stored(dict(shared)))
    step.seen = _view(parts, part)


def _call(step: CaseStep, parts: ProcessInstances, part: Part, command: CallWanted) -> Addressed:
    return parts.call(part, command, step.at)


def _cancel(step: CaseStep, parts: ProcessInstances, _: Part, command: WorkCancelled) -> None:
    ANSWERS[WorkCancelled](step, command)
    close(step, parts.drop(command, step.at))
    _tidy(step, parts)


def _escalate(
    step: CaseStep, parts: ProcessInstances, part: Part, command: EscalationRaised
) -> Addressed | None:
    heard = parts.heard(part, command, step.at)
    if heard is None:  # else the caller says what became of it
        note_escalation(step, command)
    return heard


def _await(step: CaseStep, _: ProcessInstances, part: Part, command: Awaited) -> None:
    _outside(step, part, command)
    take_turn(step.case, command)


def _end(
    step: CaseStep, parts: ProcessInstances, part: Part, command: CaseEnded | CaseFailed
) -> Addressed | None:
    """The case is over; or a called process is, and the case goes on where it was called."""
    if part.caller is None:
        _outside(step, part, command)
        _pass(step, command.element)
        return None
    heard = parts.heard(part, command, step.at)
    _pass(step, command.element)
    _tidy(step, parts)
    what = {"element": element_of(part.call), "process": part.process.id}
    if isinstance(command, CaseFailed):
        step.record_platform("call.failed", {**what, "code": command.code})
    else:
        step.record_platform("call.completed", what)
    return heard


_BETWEEN: dict[type[Any], Callable[[CaseStep, ProcessInstances, Part, Any], Addressed | None]] = {
    VariablesSet: _set,
    CallWanted: _call,
    WorkCancelled: _cancel,
    EscalationRaised: _escalate,
    MessageAwaited: _await,
    SignalAwaited: _await,
    CaseEnded: _end,
    CaseFailed: _end,
}
"""What processes of one case have to do with each other."""


def close(step: CaseStep, closing: Iterable[Command]) -> None:
    """Close what was open in a process that nobody wants any more."""
    for command in closing:
        ANSWERS[type(command)](step, command)


def take_turn(case: Case, command: Command) -> None:
    """Note who waits longer: what several processes of a case wait for, the oldest wait takes."""
    if isinstance(command, MessageAwaited | SignalAwaited):
        last = max((int(wait.get("turn", 0)) for wait in case.awaiting.values()), default=0)
        case.awaiting[command.id]["turn"] = last + 1


def _tidy(step: CaseStep, parts: ProcessInstances) -> None:
    """What was parked for a process leaves the desk with it."""
    for token in [*step.work_items]:
        if divided(token)[0] not in parts.by_number:
            step.unpark(token)


def _pass(step: CaseStep, element: str) -> None:
    """Note for the drawing what the platform did by itself."""
    step.case.passed = [*dict.fromkeys([*step.case.passed, element])]


def _view(parts: ProcessInstances, part: Part) -> dict[str, Any] | None:
    """What a called process sees; None for the main one, which sees the case's own variables."""
    return None if part.caller is None else dict(parts.seen(part))
