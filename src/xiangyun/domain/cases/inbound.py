"""What comes to a case by itself: answers of departments, moments, messages. Jobs bring it.

Each verb may safely run twice. What fails again and again is parked: a supervisor of the case sees
it and has it tried again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.bpmn import (
    Event,
    MessageReceived,
    ServiceCompleted,
    SignalReceived,
    TimerFired,
    element_of,
)
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.service.tasks import service_types

from . import access, queue, sealing
from .actions import stepping, values_of
from .handlers import CaseStep, carry_on
from .handlers.answers import before_a_supervisor
from .models import Case, ServiceCall, Timer

_NO_ANSWER = Text("没有答复。", "There was no answer.")
_AT_ONCE = 1000


def open_service_call(call_id: int) -> ServiceCall | None:
    """The call, if it still waits for its answer."""
    with acting_as(SYSTEM):
        return ServiceCall.objects.filter(pk=call_id, answered_at=None).first()


def service_call(case_id: UUID, token: str) -> ServiceCall | None:
    """The call of a case under a token, if it still waits for its answer."""
    with acting_as(SYSTEM):
        return ServiceCall.objects.filter(case=case_id, token=token, answered_at=None).first()


def awaited(calls: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Of calls, each the id of a case and a token, those that still wait for their answers."""
    asked, waiting = set(calls), set[tuple[UUID, str]]()
    ids = sorted({case_id for case_id, _ in asked})
    with acting_as(SYSTEM):
        for begin in range(0, len(ids), _AT_ONCE):
            found = ServiceCall.objects.filter(case__in=ids[begin : begin + _AT_ONCE])
            waiting.update(found.filter(answered_at=None).values_list("case_id", "token"))
    return asked & waiting


def took_answer(case_id: UUID, token: str) -> bool:
    """Whether the call of a case under a token got its answer, and was not cancelled before."""
    with acting_as(SYSTEM):
        answered = ServiceCall.objects.filter(case=case_id, token=token).exclude(answered_at=None)
        return answered.filter(problem="").exists()


def complete_service_call(
    call_id: int,
    result: Mapping[str, Any],
    *,
    at: datetime,
    said: Mapping[str, Any] | None = None,
) -> None:
    """Bring a department's answer to the case; an answer that came before changes nothing.

    `said`: what the journal says of it in public, where that is not the whole answer.
    """
    with acting_as(SYSTEM) as actor:
        call = ServiceCall.objects.filter(pk=call_id).first()
        if call is None:
            return

        def change(step: CaseStep) -> None:
            call.refresh_from_db()  # read after the case: who came first has moved the case on
            if call.answered_at is not None:
                return
            step.writes.calls.append(
                {"token": call.token, "answered_at": at, "result": dict(result), "problem": ""}
            )
            step.unpark(call.token)
            public = result if said is None else said
            private = None if said is None else {"result": dict(result)}
            step.record("service.answered", {"element": call.element, **public}, private)
            step.retime(step.time.closed(call.token, step.counting))
            step.passed(call.element)
            answer = service_types()[call.type].answer(result)
            carry_on(step, ServiceCompleted(call.token, answer, at))

        stepping(call.case_id, change, actor=actor, at=at)


def park_service_call(call_id: int, *, problem: str, at: datetime) -> None:
    """Give up trying for now: a supervisor sees the call and may have it tried again."""
    with acting_as(SYSTEM) as actor:
        call = ServiceCall.objects.get(pk=call_id)
        why = problem or "no answer"

        def change(step: CaseStep) -> None:
            call.refresh_from_db()
            if call.answered_at is not None:
                return
            step.writes.calls.append({"token": call.token, "problem": why})
            job = queue.call(call_id)
            said = Text.given(why, why) if problem else _NO_ANSWER
            before_a_supervisor(step, call.token, call.element, "对方多次未答复", said, job)
            step.record_platform("service.parked", {"element": call.element})
            step.keep()

        stepping(call.case_id, change, actor=actor, at=at)


class NotTaken(Exception):
    """Cases that wait for a message or signal could not take it; others have."""

    def __init__(self, problems: Mapping[UUID, Exception]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems.values()))
        self.cases = list(problems)


def deliver(
    kind: str,
    name: str,
    key: str | None,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    message: str = "",
) -> int:
    """Bring a message to the oldest case that waits for it, or a signal to all; how many took it.

    A message that nobody waits for is lost, as BPMN has it for a lifetime of zero. Each case takes
    it in a transaction of its own, and one that cannot (`NotTaken`) holds up no other. `message`
    is an idempotency key: with the same one it is taken once. Raises OperationalError or
    InterfaceError when the database went away.
    """
    payload = sealing.opened_payload(payload)
    values, taken, problems = values_of(payload), 0, {}
    event: Event = (
        MessageReceived(name, key, values, at)
        if kind == "message"
        else SignalReceived(name, values, at)
    )

    def change(step: CaseStep) -> None:
        nonlocal taken
        if _taken(message, step.case.number) or not access.waits_for(step.case, kind, name, key):
            return
        step.record(f"{kind}.received", {"name": name, "delivery": message}, {"payload": payload})
        carry_on(step, event)
        taken += 1

    for case_id in _waiting(kind, name, key, message):
        try:
            with acting_as(SYSTEM) as actor:
                stepping(case_id, change, actor=actor, at=at)
        except (OperationalError, InterfaceError):  # no other case can take it now either
            raise
        except Exception as problem:
            problems[case_id] = problem
        if kind == "message" and (taken or problems):
            break
    if problems:
        raise NotTaken(problems) from next(iter(problems.values()))
    return taken


def _waiting(kind: str, name: str, key: str | None, message: str) -> list[UUID]:
    """The cases that wait for a message or signal, oldest first; none for a message once taken."""
    with acting_as(SYSTEM):
        if kind == "message" and _taken(message):
            return []
        wanted = f"$.* ? (@.{kind} == $name && (!exists(@.key) || @.key == null || @.key == $key))"
        waiting = Case.objects.filter(ended_at=None).extra(
            where=["jsonb_path_exists(awaiting, %s::jsonpath, %s::jsonb)"],
            params=[wanted, json.dumps({"name": name, "key": key})],
        )
        return list(waiting.order_by("submitted_at", "number").values_list("pk", flat=True))


def _taken(message: str, number: str | None = None) -> bool:
    """Whether a case, this one or any, has taken the message with this number."""
    return bool(message) and journal.was_delivered(message, number)


def ring(case_id: UUID, token: str, *, at: datetime) -> None:
    """A moment the case waited for has come; a timer that was closed meanwhile does nothing."""
    with acting_as(SYSTEM) as actor:

        def change(step: CaseStep) -> None:
            timer = Timer.objects.filter(case=case_id, token=token).first()
            if timer is None or timer.closed_at is not None or timer.due > at:
                return
            step.stop_timer(token)
            step.record("timer.rang", {"element": timer.element})
            carry_on(step, TimerFired(token, at))

        stepping(case_id, change, actor=actor, at=at)


def park_timer(case_id: UUID, token: str, job: queue.Job, *, problem: str, at: datetime) -> None:
    """A time limit came and what follows it fails again and again: a supervisor sees it."""
    with acting_as(SYSTEM) as actor:

        def change(step: CaseStep) -> None:
            timer = Timer.objects.filter(case=case_id, token=token, closed_at=None).first()
            if timer is None:
                return
            before_a_supervisor(
                step, token, timer.element, "到期步骤失败", Text.given(problem, problem), job
            )
            step.record_platform("timer.parked", {"element": timer.element})
            step.keep()

        stepping(case_id, change, actor=actor, at=at)


def park_message(case_id: UUID, job: queue.Job, *, problem: str, at: datetime) -> None:
    """A message that came cannot be taken: a supervisor of the case sees it."""
    given = job["args"]
    with acting_as(SYSTEM) as actor:

        def change(step: CaseStep) -> None:
            waits = access.waits_for(step.case, given["kind"], given["name"], given["key"])
            if not waits:
                return
            element = element_of(divided(waits[0])[1])
            said = Text.given(problem, problem)
            before_a_supervisor(step, given["message"], element, "消息处理失败", said, job)
            step.record_platform("message.parked", {"element": element, "name": given["name"]})
            step.keep()

        stepping(case_id, change, actor=actor, at=at)
