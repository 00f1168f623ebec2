"""Answers to the engine's commands: what a case does with each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from xiangyun.domain.cases import clock, queue
from xiangyun.domain.cases.store import OpenItem
from xiangyun.kernel.bpmn import (
    CaseEnded,
    DecisionMade,
    DecisionWanted,
    EscalationRaised,
    Event,
    IncidentRaised,
    MessageAwaited,
    MessageSent,
    MessageUnawaited,
    ServiceCompleted,
    ServiceWanted,
    SignalAwaited,
    SignalThrown,
    SignalUnawaited,
    TaskClosed,
    TaskOpened,
    TimerCancelled,
    TimerSet,
    VariablesSet,
    WorkCancelled,
)
from xiangyun.kernel.dmn import Decided, Traced, decide
from xiangyun.kernel.feel import to_stored
from xiangyun.kernel.pack import findings_of
from xiangyun.kernel.pack.casetime import marks_of

from .course import SERVICES, Course

RETRY = "retry"  # the one action of what stands still
Answer = Callable[[Course, Any], Event | None]


def set_variables(course: Course, command: VariablesSet) -> None:
    """Merge changed root variables."""
    course.merge(command.values)


def open_task(course: Course, command: TaskOpened) -> None:
    """Put a work item into the queue, or before the applicant."""
    item = OpenItem(command.id, command.element, list(command.groups), dict(command.headers))
    due = clock.deadline(course.case, command.headers.get("stage", ""), command.due)
    course.put(item, command.name, to_stored(dict(command.inputs)), due)
    marks = marks_of(command.headers, command.properties)
    if "stage" in marks or "clock" in marks:
        reason = course.pack.words(f"task.{command.element}.pause")
        made = course.time.opened(
            command.id, marks, course.today, course.pack.item, course.overall, reason
        )
        course.retime(made)


def close_task(course: Course, command: TaskClosed) -> None:
    """Take a work item out of the queue; what was done is written already, or nothing was."""
    item = course.items.pop(command.id, None)
    if item is None:
        return
    if item.token not in course.closed:  # a person's hand has said more about it already
        course.close(item.token, "" if command.reason == "completed" else command.reason)
    course.retime(course.time.closed(item.token, course.today))
    if command.reason == "completed":
        course.passed(item.element)


def make_decision(course: Course, command: DecisionWanted) -> DecisionMade:
    """Let the rules decide, and keep which rows fired and the law behind each."""
    assert course.pack.rules is not None  # the pack's check has seen to it
    inputs = course.context if command.inputs is None else dict(command.inputs)
    decided = decide(course.pack.rules, command.decision, inputs)
    course.writes.decisions.append(
        {
            "element": command.element,
            "decision": command.decision,
            "at": course.at,
            "value": to_stored(decided.value),
            "trace": _trace(decided),
        }
    )
    fired = [row.row_id for traced in decided.trace for row in traced.fired]
    course.record_platform("decision.made", {"decision": command.decision, "rows": fired})
    return DecisionMade(command.id, decided.value, course.at)


def _trace(decided: Decided) -> dict[str, Any]:
    return {
        "decisions": [_traced(step) for step in decided.trace],
        "findings": [
            {**asdict(found), "text": {"zh": found.text.zh, "en": found.text.en}}
            for found in findings_of(decided)
        ],
        "warnings": [str(warning) for warning in decided.warnings],
    }


def _traced(step: Traced) -> dict[str, Any]:
    return {
        "decision": step.decision_id,
        "name": step.name,
        "value": to_stored(step.value),
        "fired": [
            {
                "row": fired.row,
                "id": fired.row_id,
                "conditions": list(fired.conditions),
                "annotations": dict(fired.annotations),
            }
            for fired in step.fired
        ],
    }


def call_service(course: Course, command: ServiceWanted) -> ServiceCompleted | None:
    """Have the registered handler answer, at once or later."""
    result = SERVICES[command.type](course, command)
    if result is None:
        return None
    course.passed(command.element)
    return ServiceCompleted(command.id, result, course.at)


def cancel_work(course: Course, command: WorkCancelled) -> None:
    """Forget a call that nobody waits for any more; its job will find it closed."""
    course.unpark(command.id)
    course.writes.calls.append(
        {"token": command.id, "answered_at": course.at, "problem": "cancelled"}
    )


def set_timer(course: Course, command: TimerSet) -> None:
    """Remember the moment and queue the job that rings then."""
    writes = course.writes
    writes.stopped.pop(command.id, None)
    writes.timers[command.id] = {
        "token": command.id,
        "element": command.element,
        "due": command.due,
    }
    writes.jobs.append(queue.ring(course.case.id, command.id, command.due))


def cancel_timer(course: Course, command: TimerCancelled) -> None:
    """Close a timer; its job will find it closed."""
    course.stop_timer(command.id)


def await_message(course: Course, command: MessageAwaited) -> None:
    """Note what message the case would take now, such as a withdrawal."""
    course.case.awaiting[command.id] = {"message": command.name, "key": command.key}


def await_signal(course: Course, command: SignalAwaited) -> None:
    """Note what signal the case would take now."""
    course.case.awaiting[command.id] = {"signal": command.name}


def stop_awaiting(course: Course, command: MessageUnawaited | SignalUnawaited) -> None:
    """Note that the message or signal would find nobody any more."""
    course.case.awaiting.pop(command.id, None)


def send_message(course: Course, command: MessageSent) -> None:
    """Queue the message, in the same transaction; the oldest case that waits for it takes it."""
    payload = to_stored(dict(command.payload))
    course.writes.jobs.append(queue.deliver("message", command.name, command.key, payload))
    course.record_platform("message.sent", {"message": command.name})


def throw_signal(course: Course, command: SignalThrown) -> None:
    """Queue the signal, in the same transaction, for every case that waits for it."""
    payload = to_stored(dict(command.payload))
    course.writes.jobs.append(queue.deliver("signal", command.name, None, payload))
    course.record_platform("signal.thrown", {"signal": command.name})


def note_escalation(course: Course, command: EscalationRaised) -> None:
    """Write down that the process asked for more attention; its drawing says what follows."""
    course.record_platform("case.escalated", {"code": command.code, "element": command.element})


def raise_incident(course: Course, command: IncidentRaised) -> None:
    """Put the case that stands still before a supervisor, who may have it tried again."""
    before_a_supervisor(course, command.id, command.element, "流程停滞", command.text)
    course.record_platform("case.stuck", {"element": command.element, "text": command.text})


def before_a_supervisor(
    course: Course, token: str, element: str, name: str, why: str, job: queue.Job | None = None
) -> None:
    """A work item for what stands still: due today, its one action is to try again.

    `job` is what is tried again; without one the engine goes on from its incident.
    """
    item = OpenItem(token, element, ["supervisor"], {"incident": why, "actions": RETRY})
    today = {"due_on": course.today, "amber_on": course.today, "own_due": True}
    course.put(item, name, job or {}, today, parked=True)


def end_case(course: Course, command: CaseEnded) -> None:
    """The case is over, and with it whatever of it was parked."""
    for token in [*course.items]:
        course.unpark(token)
    course.case.ended_at = course.at
    course.case.outcome = command.outcome
    course.case.awaiting = {}
    course.record_platform("case.ended", {"outcome": command.outcome})


ANSWERS: dict[type[Any], Answer] = {
    VariablesSet: set_variables,
    TaskOpened: open_task,
    TaskClosed: close_task,
    DecisionWanted: make_decision,
    ServiceWanted: call_service,
    WorkCancelled: cancel_work,
    TimerSet: set_timer,
    TimerCancelled: cancel_timer,
    MessageAwaited: await_message,
    MessageUnawaited: stop_awaiting,
    MessageSent: send_message,
    SignalAwaited: await_signal,
    SignalUnawaited: stop_awaiting,
    SignalThrown: throw_signal,
    EscalationRaised: note_escalation,
    IncidentRaised: raise_incident,
    CaseEnded: end_case,
}
