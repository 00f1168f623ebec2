"""Answers to the engine's commands: what a case does with each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from xiangyun.domain.cases import clock, queue
from xiangyun.domain.cases.models import Kind
from xiangyun.domain.cases.store import OpenWorkItem
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
    ServiceFailed,
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
from xiangyun.kernel.feel import from_json, to_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack import findings_of
from xiangyun.kernel.pack.inmemory import decision_event
from xiangyun.kernel.service.casetime import clock_properties_of, pauses
from xiangyun.kernel.service.openings import CASE
from xiangyun.kernel.service.tasks.case_open import ENDED

from . import timers
from .casestep import SERVICES, CaseStep

RETRY = "retry"  # the one action of what stands still
Answer = Callable[[CaseStep, Any], Event | None]


def set_variables(step: CaseStep, command: VariablesSet) -> None:
    """Merge changed root variables."""
    step.merge(command.values)


def open_task(step: CaseStep, command: TaskOpened) -> None:
    """Put a work item into the queue, or before the applicant."""
    headers = dict(command.headers)
    if command.form:  # also where a formDefinition names it
        headers["form"] = command.form
    if isinstance(command.due, datetime):  # the day alone would let it be late too late
        headers[clock.OWN_END] = command.due.isoformat()
    work_item = OpenWorkItem(command.id, command.element, list(command.groups), headers)
    due = clock.deadline(
        step.case, step.time, command.headers.get("stage", ""), step.counting, command.due
    )
    step.put(work_item, command.name, to_stored(dict(command.inputs)), due)
    clock_properties = clock_properties_of(command.headers, command.properties)
    if "stage" in clock_properties or "clock" in clock_properties:
        reason = step.pack.words(f"task.{command.element}.pause")
        made = step.time.opened(
            command.id, clock_properties, step.counting, step.pack.service, step.overall, reason
        )
        step.retime(made)


def close_task(step: CaseStep, command: TaskClosed) -> None:
    """Take a work item out of the queue; what was done is written already, or nothing was."""
    work_item = step.work_items.pop(command.id, None)
    if work_item is None:
        return
    if work_item.token not in step.closed:  # a person's hand has said more about it already
        step.close(work_item.token, "" if command.reason == "completed" else command.reason)
    step.retime(step.time.closed(work_item.token, step.counting))
    if command.reason == "completed":
        step.passed(work_item.element)


def make_decision(step: CaseStep, command: DecisionWanted) -> DecisionMade | ServiceFailed:
    """Let the rules decide, and keep which rows fired and the law behind each."""
    assert step.pack.rules is not None  # the pack's check has seen to it
    inputs = step.context if command.inputs is None else dict(command.inputs)
    decided = decide(step.pack.rules, command.decision, inputs, now=from_json(step.local))
    step.writes.decisions.append(
        {
            "element": command.element,
            "decision": command.decision,
            "at": step.at,
            "value": to_stored(decided.value),
            "trace": _trace(decided),
        }
    )
    fired = [row.row_id for traced in decided.trace for row in traced.fired]
    step.record_platform("decision.made", {"decision": command.decision, "rows": fired})
    return decision_event(command.id, decided, step.at)


def _trace(decided: Decided) -> dict[str, Any]:
    return {
        "decisions": [_traced(traced) for traced in decided.trace],
        "findings": [
            {**asdict(found), "text": {"zh": found.text.zh, "en": found.text.en}}
            for found in findings_of(decided)
        ],
        "warnings": [str(warning) for warning in decided.warnings],
    }


def _traced(traced: Traced) -> dict[str, Any]:
    return {
        "decision": traced.decision_id,
        "name": traced.name,
        "value": to_stored(traced.value),
        "fired": [
            {
                "row": fired.row,
                "id": fired.row_id,
                "conditions": list(fired.conditions),
                "annotations": dict(fired.annotations),
            }
            for fired in traced.fired
        ],
    }


def call_service(step: CaseStep, command: ServiceWanted) -> ServiceCompleted | None:
    """Have the registered handler answer, at once or later."""
    result = SERVICES[command.type](step, command)
    if result is None:
        _stand_still(step, command)
        return None
    step.passed(command.element)
    return ServiceCompleted(command.id, result, step.at)


def _stand_still(step: CaseStep, command: ServiceWanted) -> None:
    """Let the clocks stand still until it is answered, where the drawing says so."""
    properties = step.clock_properties(command.element)
    if pauses(properties):
        reason = step.pack.words(f"task.{command.element}.pause")
        service, overall = step.pack.service, step.overall
        step.retime(
            step.time.opened(command.id, properties, step.counting, service, overall, reason)
        )


def cancel_work(step: CaseStep, command: WorkCancelled) -> None:
    """Forget a call that nobody waits for any more; its job will find it closed."""
    step.unpark(command.id)
    step.retime(step.time.closed(command.id, step.counting))
    step.writes.calls.append({"token": command.id, "answered_at": step.at, "problem": "cancelled"})


def set_timer(step: CaseStep, command: TimerSet) -> None:
    """Remember the moment and queue the job that rings then."""
    writes = step.writes
    writes.stopped.pop(command.id, None)
    writes.timers[command.id] = {
        "token": command.id,
        "element": command.element,
        "due": command.due,
    }
    writes.jobs.append(queue.ring(step.case.id, command.id, command.due))
    timers.remember(step, command)


def cancel_timer(step: CaseStep, command: TimerCancelled) -> None:
    """Close a timer; its job will find it closed."""
    step.stop_timer(command.id)


def await_message(step: CaseStep, command: MessageAwaited) -> None:
    """Note what message the case would take now, such as a withdrawal."""
    step.case.awaiting[command.id] = {"message": command.name, "key": command.key}


def await_signal(step: CaseStep, command: SignalAwaited) -> None:
    """Note what signal the case would take now."""
    step.case.awaiting[command.id] = {"signal": command.name}


def stop_awaiting(step: CaseStep, command: MessageUnawaited | SignalUnawaited) -> None:
    """Note that the message or signal would find nobody any more."""
    step.case.awaiting.pop(command.id, None)


def send_message(step: CaseStep, command: MessageSent) -> None:
    """Queue the message, in the same transaction; the oldest case that waits for it takes it."""
    payload = to_stored(dict(command.payload))
    step.writes.jobs.append(queue.deliver("message", command.name, command.key, payload))
    step.record_platform("message.sent", {"message": command.name})


def throw_signal(step: CaseStep, command: SignalThrown) -> None:
    """Queue the signal, in the same transaction, for every case that waits for it."""
    payload = to_stored(dict(command.payload))
    step.writes.jobs.append(queue.deliver("signal", command.name, None, payload))
    step.record_platform("signal.thrown", {"signal": command.name})


def note_escalation(step: CaseStep, command: EscalationRaised) -> None:
    """Write down that the process asked for more attention; its drawing says what follows."""
    step.record_platform("case.escalated", {"code": command.code, "element": command.element})


def raise_incident(step: CaseStep, command: IncidentRaised) -> None:
    """Put the case that stands still before a supervisor, who may have it tried again."""
    before_a_supervisor(step, command.id, command.element, "流程停滞", command.text)
    step.record_platform("case.stuck", {"element": command.element, "text": command.text.to_json()})


def before_a_supervisor(
    step: CaseStep,
    token: str,
    element: str,
    name: str,
    why: Text,
    job: queue.Job | None = None,
) -> None:
    """A work item for what stands still: due today, its one action is to try again.

    `job` is what is tried again; without one the engine goes on from its incident.
    """
    work_item = OpenWorkItem(
        token,
        element,
        ["supervisor"],
        {"incident": why.zh, "incident_en": why.en, "actions": RETRY},
        Kind.INCIDENT.value,
    )
    today = {"due_on": step.today, "amber_on": step.today, "own_due": True}
    step.put(work_item, name, job or {}, today, parked=True)


def end_case(step: CaseStep, command: CaseEnded) -> None:
    """The case is over, and with it whatever of it was parked."""
    for token in [*step.work_items]:
        step.unpark(token)
    step.case.ended_at = step.at
    step.case.outcome = command.outcome
    step.case.awaiting = {}
    step.record_platform("case.ended", {"outcome": command.outcome})
    _tell_opener(step, command.outcome)


def _tell_opener(step: CaseStep, outcome: str) -> None:
    """Let the case that opened this one know that it has ended, and how: it may wait for that.

    Nothing but the meaning is told. A message that nobody waits for is lost.
    """
    opened = step.data.get("opening")
    if not isinstance(opened, dict) or opened.get("how") != CASE:
        return
    declared = step.pack.service.outcome(outcome)
    told = {"outcome": outcome, "meaning": declared.meaning if declared else "closed"}
    number = step.case.number
    job = queue.deliver("message", ENDED, number, told, message=f"{ENDED} {step.case.pk}")
    step.writes.jobs.append(job)


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
