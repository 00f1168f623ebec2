"""The verbs of a case. Each is one transaction: row, journal entry, engine, queued jobs.

A verb reads the case in one statement, works, and writes in one (see `store`). `submit_case` is the
page to print and hang on the wall: everything else is a variation of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.proof import Receipt
from xiangyun.kernel.bpmn import (
    Event,
    IncidentResolved,
    MessageReceived,
    ServiceCompleted,
    SignalReceived,
    Started,
    TaskCompleted,
    TimerFired,
)
from xiangyun.kernel.feel import Value, from_json, from_stored, to_stored
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import host_functions

from . import access, checks, opening, ports, queue, store
from .handlers import Course, carry_on
from .handlers.answers import before_a_supervisor
from .models import Case, Draft, Rating, ServiceCall, Timer, WorkItem

WITHDRAW = "withdraw"


def submit_case(draft_id: UUID, *, actor: Actor, at: datetime) -> Case:
    """Turn a draft into a case and start its process; sent again, answer with the same case.

    Raises `Refused` with every problem of the answers, and `Draft.DoesNotExist` for a stranger.
    """
    with transaction.atomic():
        draft = access.draft_for(actor, draft_id, lock=True)
        if draft.sent:
            return access.case_for(actor, draft_id)
        pack = catalogue.pack(draft.version_id)
        application = opening.application_of(draft, pack, at)
        course = opening.open_course(draft, pack, application, actor, at)
        draft.sent, draft.updated_at = True, at
        draft.save(update_fields=["sent", "updated_at"])
        course.record(
            "case.submitted",
            {"service": pack.code, "version": draft.version.number},
            {"answers": draft.answers},
        )
        carry_on(course, Started(at))
        return course.case


def complete_task(
    case_id: UUID,
    task: str,
    *,
    action: str,
    actor: Actor,
    at: datetime,
    note: str = "",
    fields: Mapping[str, Value] | None = None,
) -> Case:
    """Do a user task: press one of the buttons that the process allows now.

    Two statements: with no `acting_as` around, the second is the transaction. Of two who press at
    once one wins; the other is refused with `checks.GONE`.
    """

    def step(course: Course) -> None:
        item = course.items.get(task)
        if item is None:
            raise Refused([checks.GONE])
        if not access.may_do(actor, item, course.case):
            raise Refused([checks.NOT_YOURS])
        checks.refuse_action(item, action, note)
        checks.refuse_same_hand(item, course.hands, actor)
        written = note.strip()
        course.close(task, action, written, actor)
        if "incident" in item.headers:
            _try_again(course, item)
            return
        private = {"note": written, "fields": to_stored(dict(fields or {}))}
        course.record("task.done", {"task": item.element, "action": action}, private)
        result = {
            **(fields or {}),
            "action": action,
            "note": written or None,
            "by": actor.name,
            "at": timezone.localtime(at).isoformat(timespec="seconds"),
        }
        carry_on(course, TaskCompleted(task, result, at))

    return stepping(case_id, step, actor=actor, at=at)


def stepping(case_id: UUID, step: Callable[[Course], None], *, actor: Actor, at: datetime) -> Case:
    """Do a step on the case as it stands; overtaken by another's, do it on what that left."""
    while True:  # somebody's step was kept each time round
        course = resume(store.load(actor, case_id), actor, at)
        try:
            step(course)
        except store.Overtaken:
            continue
        return course.case


def _try_again(course: Course, item: store.OpenItem) -> None:
    """What stood still goes on from where it stood: the process itself, or a parked call."""
    course.record("case.resumed", {"element": item.element})
    with acting_as(course.actor):
        call = ServiceCall.objects.filter(case=course.case, token=item.token).first()
        if call is None:
            carry_on(course, IncidentResolved(item.token, course.at))
            return
        course.keep()
        if call.answered_at is None:
            queue.answer_service_call(call.pk)


def correct_answers(
    case_id: UUID, task: str, answers: Mapping[str, Value], *, actor: Actor, at: datetime
) -> Case:
    """Hand in corrected answers for a task with the header `form=answers`.

    Only the answers given change; files were added to the draft before. Raises `Refused` with
    every problem of the whole application.
    """
    with transaction.atomic():
        case = access.case_for(actor, case_id)
        item = WorkItem.objects.filter(case=case, token=task).first()
        if item is None or item.headers.get("form") != "answers":
            raise Refused([checks.GONE])
        draft = Draft.objects.get(pk=case.id)
        draft.answers = {**draft.answers, **to_stored(dict(answers))}
        application = opening.application_of(draft, catalogue.pack(case.version_id), at)
        draft.save(update_fields=["answers"])
        return complete_task(
            case_id,
            task,
            action=checks.actions_of(item)[0],
            actor=actor,
            at=at,
            fields={"application": application},
        )


def withdraw_case(case_id: UUID, *, actor: Actor, at: datetime, note: str = "") -> Case:
    """Take an application back, as long as its process listens for that."""

    def step(course: Course) -> None:
        case = course.case
        if not access.is_applicant(actor, case):
            raise Refused([checks.NOT_YOURS])
        if not access.awaits_message(case, WITHDRAW):
            raise Refused([checks.NOT_WITHDRAWABLE])
        course.record("case.withdrawn", {}, {"note": note})
        payload = {"note": note, "at": timezone.localtime(at).isoformat(timespec="seconds")}
        carry_on(course, MessageReceived(WITHDRAW, case.number, payload, at))

    return stepping(case_id, step, actor=actor, at=at)


def rate_case(case_id: UUID, stars: int, words: str, *, actor: Actor, at: datetime) -> Rating:
    """Rate an ended case, once (GB/T 39734)."""
    with transaction.atomic():
        case = access.case_for(actor, case_id, lock=True)
        if not access.is_applicant(actor, case):
            raise Refused([checks.NOT_YOURS])
        if case.ended_at is None:
            raise Refused([checks.NOT_ENDED])
        if Rating.objects.filter(case=case).exists():
            raise Refused([checks.RATED])
        rating = Rating.objects.create(case=case, stars=stars, words=words.strip(), at=at)
        # The journal says that it was rated; who rated is never shown to the rated office.
        resume(store.Loaded(case), actor, at).note("case.rated", {"stars": stars})
        return rating


def receipt(case_id: UUID, *, actor: Actor, at: datetime) -> Receipt:
    """The receipt of a case: every entry with the proof that it stands in the signed tree.

    What was committed before is sealed first, so that the receipt proves it.
    """
    case = access.case_for(actor, case_id)
    journal.seal(at, signer())
    made = journal_reads.receipt(case.number)
    assert made is not None  # whoever may see the case may see its entries
    return made


def note_reading(case: Case, *, actor: Actor, at: datetime) -> None:
    """Write down, once a day and official, that somebody other than the applicant looked."""
    if access.is_applicant(actor, case) or actor.kind == "system":
        return
    today = timezone.localdate(at)
    seen = any(
        entry.verb == "case.read"
        and entry.actor == actor.account
        and timezone.localdate(entry.at) == today
        for entry in journal_reads.history(case.number)
    )
    if not seen:
        resume(store.Loaded(case), actor, at).note("case.read", {})


def open_service_call(call_id: int) -> ServiceCall | None:
    """The call, if it still waits for its answer."""
    with acting_as(SYSTEM):
        return ServiceCall.objects.filter(pk=call_id, answered_at=None).first()


def complete_service_call(call_id: int, result: Mapping[str, Any], *, at: datetime) -> None:
    """Bring a department's answer to the case; an answer that came before changes nothing."""
    with acting_as(SYSTEM) as actor:
        call = ServiceCall.objects.filter(pk=call_id).first()
        if call is None:
            return

        def step(course: Course) -> None:
            call.refresh_from_db()  # read after the case: who came first has moved the case on
            if call.answered_at is not None:
                return
            course.writes.calls.append(
                {"token": call.token, "answered_at": at, "result": dict(result), "problem": ""}
            )
            if call.token in course.items:
                course.close(course.items.pop(call.token).token, "")
            course.record("service.answered", {"element": call.element, **result})
            course.passed(call.element)
            carry_on(course, ServiceCompleted(call.token, _mapping(result), at))

        stepping(call.case_id, step, actor=actor, at=at)


def park_service_call(call_id: int, *, problem: str, at: datetime) -> None:
    """Give up trying for now: a supervisor sees the call and may have it tried again."""
    with acting_as(SYSTEM) as actor:
        call = ServiceCall.objects.get(pk=call_id)
        why = problem or "no answer"

        def step(course: Course) -> None:
            course.writes.calls.append({"token": call.token, "problem": why})
            before_a_supervisor(course, call.token, call.element, "对方多次未答复", why)
            course.record_platform("service.parked", {"element": call.element})
            course.keep()

        stepping(call.case_id, step, actor=actor, at=at)


def deliver(
    kind: str, name: str, key: str | None, payload: Mapping[str, Any], *, at: datetime
) -> int:
    """Bring a message to the oldest case that waits for it, or a signal to all; how many took it.

    A message that nobody waits for is lost, as BPMN has it for a lifetime of zero.
    """
    with acting_as(SYSTEM) as actor:
        wanted = f"$.* ? (@.{kind} == $name && (!exists(@.key) || @.key == null || @.key == $key))"
        waiting = Case.objects.filter(ended_at=None).extra(
            where=["jsonb_path_exists(awaiting, %s::jsonpath, %s::jsonb)"],
            params=[wanted, json.dumps({"name": name, "key": key})],
        )
        found = list(waiting.order_by("submitted_at").values_list("pk", flat=True))
        taking = found[:1] if kind == "message" else found
        values = _mapping_stored(payload)
        event: Event = (
            MessageReceived(name, key, values, at)
            if kind == "message"
            else SignalReceived(name, values, at)
        )

        def step(course: Course) -> None:
            course.record(f"{kind}.received", {"name": name}, {"payload": dict(payload)})
            carry_on(course, event)

        for case_id in taking:
            stepping(case_id, step, actor=actor, at=at)
        return len(taking)


def ring(case_id: UUID, token: str, *, at: datetime) -> None:
    """A moment the case waited for has come; a timer that was closed meanwhile does nothing."""
    with acting_as(SYSTEM) as actor:

        def step(course: Course) -> None:
            timer = Timer.objects.filter(case=case_id, token=token).first()
            if timer is None or timer.closed_at is not None or timer.due > at:
                return
            course.stop_timer(token)
            course.record("timer.rang", {"element": timer.element})
            carry_on(course, TimerFired(token, at))

        stepping(case_id, step, actor=actor, at=at)


def resume(loaded: store.Loaded, actor: Actor, at: datetime) -> Course:
    """The course of a case as it stands in the database."""
    calendar = ports.counting_calendar(loaded.edition)
    return Course(
        case=loaded.case,
        pack=catalogue.pack(loaded.case.version_id),
        actor=actor,
        at=at,
        data=_mapping_stored(loaded.case.variables),
        functions=host_functions(calendar),
        calendar=calendar,
        items=loaded.items,
        hands=loaded.hands,
    )


def _mapping(values: Mapping[str, Any]) -> dict[str, Value]:
    return {name: from_json(value) for name, value in values.items()}


def _mapping_stored(stored: Mapping[str, Any]) -> dict[str, Value]:
    return {name: from_stored(value) for name, value in stored.items()}
