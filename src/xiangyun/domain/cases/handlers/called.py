"""A case whose process calls others: each of them goes on beside it, within the same step.

They move by `kernel.pack.instances`, as in a rehearsal, and their ids begin with their numbers:
`1/review~2` is the task's token wherever it goes. What is under way stands in `case.parts`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
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
    NotWaiting,
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
from xiangyun.kernel.pack.instances import Addressed, Part, ProcessInstances, addressed, divided

from .answers import ANSWERS, note_escalation
from .casestep import CaseStep

Row = dict[str, Any]
LetWrite = Callable[[ExitStack, CaseStep], None]


def carry_on(step: CaseStep, event: Event, let_write: LetWrite) -> None:
    """As `handlers.carry_on`, for a service some of whose processes call others.

    `let_write` puts what was collected before what services write. Raises `store.StaleRevision` as
    there, and `NotWaiting` when no process of the case waits for the event.
    """
    parts = under_way(step)
    events = deque(addressed(event, oldest_first(step.case, event)))
    if not events or not all(_is_awaited(parts, *each) for each in events):
        raise NotWaiting(step.pack.process, str(getattr(event, "id", type(event).__name__)))
    with ExitStack() as writing:
        while events:
            number, happening = events.popleft()
            if not _is_awaited(parts, number, happening):
                continue  # of several answers one may have ended what wanted the others
            part = parts.by_number[number]
            _note_end_of_call(step, part, happening)
            step.seen = _view(parts, part)
            for command in parts.advance(part, happening):
                if isinstance(command, ServiceWanted):
                    let_write(writing, step)
                answer = _answer(step, parts, part, command)
                if answer is not None:
                    events.append(answer)
        step.seen = None
        keep(step, parts)
        step.keep()


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
    """The processes of a case as its row keeps them, the main one with the course's variables."""
    parts = ProcessInstances(step.pack, step.functions, step.data)
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


def keep(step: CaseStep, parts: ProcessInstances) -> None:
    """Put the processes as they stand now into the case, to be written with the step."""
    main = parts.main
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


def _is_awaited(parts: ProcessInstances, number: str, event: Event) -> bool:
    """Whether the process is still there, and an answer finds who asked for it."""
    part = parts.by_number.get(number)
    if part is None or not isinstance(event, _ANSWERING):
        return part is not None
    live = part.state.live.get(event.id) if part.state is not None else None
    return live is not None and not live.phase


_ANSWERING = (
    ServiceCompleted,
    ServiceFailed,
    DecisionMade,
    CallCompleted,
    CallFailed,
    CallEscalated,
)


def _answer(
    step: CaseStep, parts: ProcessInstances, part: Part, command: Command
) -> Addressed | None:
    """What a case does with a command of one of its processes: its answer, and to whom."""
    match command:
        case VariablesSet():
            shared = parts.keep(part, command.values)
            step.writes.variables.update(to_stored(dict(shared)))
            step.seen = _view(parts, part)
        case CallWanted():
            return parts.call(part, command, step.at)
        case WorkCancelled():
            ANSWERS[WorkCancelled](step, command)
            close(step, parts.drop(command, step.at))
            _tidy(step, parts)
        case EscalationRaised():
            heard = parts.heard(part, command, step.at)
            if heard is None:  # else the caller says what became of it
                note_escalation(step, command)
            return heard
        case CaseEnded() | CaseFailed() if part.caller is not None:
            return _ended(step, parts, part, command)
        case _:
            return _as_always(step, part, command)
    return None


def _as_always(step: CaseStep, part: Part, command: Command) -> Addressed | None:
    """What no called process changes anything of, but for the number before its id."""
    answer = ANSWERS[type(command)](step, command)
    take_turn(step.case, command)
    if isinstance(command, CaseEnded):
        _pass(step, command.element)
    if answer is None:
        return None
    assert isinstance(answer, DecisionMade | ServiceCompleted | ServiceFailed)
    assert isinstance(command, DecisionWanted | ServiceWanted)
    _pass(step, command.element)
    return part.number, replace(answer, id=divided(answer.id)[1])


def close(step: CaseStep, closing: Iterable[Command]) -> None:
    """Close what was open in a process that nobody wants any more."""
    for command in closing:
        ANSWERS[type(command)](step, command)


def take_turn(case: Case, command: Command) -> None:
    """Note who waits longer: what several processes of a case wait for, the oldest wait takes."""
    if isinstance(command, MessageAwaited | SignalAwaited):
        last = max((int(wait.get("turn", 0)) for wait in case.awaiting.values()), default=0)
        case.awaiting[command.id]["turn"] = last + 1


def _ended(
    step: CaseStep, parts: ProcessInstances, part: Part, command: CaseEnded | CaseFailed
) -> Addressed | None:
    """A called process is over; the case goes on where it was called."""
    heard = parts.heard(part, command, step.at)
    _pass(step, command.element)
    _tidy(step, parts)
    what = {"element": element_of(part.call), "process": part.process.id}
    if isinstance(command, CaseFailed):
        step.record_platform("call.failed", {**what, "code": command.code})
    else:
        step.record_platform("call.completed", what)
    return heard


def _note_end_of_call(step: CaseStep, part: Part, event: Event) -> None:
    """The call activity itself is done: clocks may start or stop with it."""
    if isinstance(event, CallCompleted):
        _pass(step, element_of(event.id))
        step.passed(element_of(event.id))


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


__all__ = ["carry_on", "close", "keep", "oldest_first", "take_turn", "under_way"]
