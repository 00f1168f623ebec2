"""Cases over the interface: where they stand, and what the one who asks may do now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access, actions, secrecy, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.signing import NOT_ASKED, Signing, ask
from xiangyun.domain.ratings import actions as ratings
from xiangyun.faces.look.signing import site_of
from xiangyun.kernel.bpmn import element_of
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.pack.instances import divided
from xiangyun.kernel.worktime import Clock, HourClock, day_of

from . import signing
from .asking import actor_of, answers_of, cursor
from .words import Words, words

router = Router(tags=["cases"])


class TaskIn(Schema):
    """What you do: an action of the task, with answers where it asks for them.

    `base`: the revision of the form's answers that these build on; `key`: one of your choice, under
    which the task is done once, however often it is sent; `signature`: where it is signed.
    """

    action: str = ""
    note: str = ""
    answers: dict[str, Any] | None = None
    base: int | None = None
    key: UUID | None = None
    signature: signing.SignatureIn | None = None


class NoteIn(Schema):
    """A written reason."""

    note: str = ""


class RatingIn(Schema):
    """1 (very dissatisfied) to 5 (very satisfied)."""

    stars: int = Field(ge=1, le=5)
    words: str = Field(default="", max_length=1000)
    tags: list[str] = Field(default=[], max_length=20)
    contact: str = Field(default="", max_length=40)


class ActionOut(Schema):
    """A button: what it is called and what pressing it causes."""

    action: str
    words: Words
    effect: Words
    note_required: bool


class TaskOut(Schema):
    """A task that waits for you; `subject`: its own subject line, if it has one.

    `extension`: what asking for more time would cause, if you may.
    """

    id: str
    title: Words
    subject: str
    form: str
    actions: list[ActionOut]
    extension: Words | None


class ClockOut(Schema):
    """A clock of the case: its limit, the last day (null while a pause leaves it open), why.

    `limit` and `left` are in `unit` (working, natural, working_hour, hour); `limit_days` and
    `days_left` are null, and `due_at` is the last moment, where hours are counted.
    """

    name: Words
    unit: str
    limit: int
    left: int
    limit_days: int | None
    due_on: date | None
    due_at: datetime | None
    days_left: int | None
    light: str
    stopped_on: date | None
    explained: list[Words]


class CaseLine(Schema):
    """A case in a line; `due_on` is null while its clock stands still."""

    id: UUID
    number: str
    service: str
    subject: str
    stage: Words
    submitted_at: datetime
    due_on: date | None
    outcome: str


class CaseFinding(Schema):
    """What a rule found: the id of its row, refuse, correct or note, the question, its law."""

    id: str
    severity: str
    field: str
    text: Words
    basis: str
    law: Words
    verified: bool


class HistoryOut(Schema):
    """What happened; `grave` ends the case or takes something away."""

    at: datetime
    who: str
    desk: str
    what: Words
    grave: bool


class Case(CaseLine):
    """A case with what you may do now, what was found, and what happened."""

    tasks: list[TaskOut]
    clocks: list[ClockOut]
    may_withdraw: bool
    findings: list[CaseFinding]
    history: list[HistoryOut]


@router.get("/cases", response=list[CaseLine])
def list_cases(
    request: HttpRequest,
    response: HttpResponse,
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> list[CaseLine]:
    """Your own cases, newest first. The header `Next` holds the `after` of the next page."""
    with cursor():
        found = cases.my_cases(actor_of(request), after=after, limit=limit + 1)
    if len(found) > limit:
        response.headers["Next"] = cases.place_of(found[limit - 1])
    return [line_out(case) for case in found[:limit]]


@router.get("/cases/{case_id}", response=Case)
def read_case(request: HttpRequest, case_id: UUID) -> Case:
    """One case: where it stands, its findings, and what you may do now."""
    actor = actor_of(request)
    case = access.case_for(actor, case_id)
    actions.note_reading(case, actor=actor, at=timezone.now())
    return case_out(actor, case)


# Before the task itself, whose id may hold a slash and would take the last word for its own.
@router.post("/cases/{case_id}/tasks/{path:task}/extension", response=Case)
def ask_extension(request: HttpRequest, case_id: UUID, task: str, payload: NoteIn) -> Case:
    """Ask, beside an open task of yours, that the time limit be extended; another role decides."""
    actor = actor_of(request)
    case = actions.ask_extension(case_id, task, reason=payload.note, actor=actor, at=timezone.now())
    return case_out(actor, case)


@router.post("/cases/{case_id}/tasks/{path:task}/signing", response=signing.ToSign)
def ask_task(request: HttpRequest, case_id: UUID, task: str, payload: TaskIn) -> signing.ToSign:
    """What is signed with a task, sent as it will be sent; nothing is done yet."""
    actor, now = actor_of(request), timezone.now()
    asked = ask(
        lambda signed: _do(actor, case_id, task, payload, now, signed),
        site_of(request),
        actor,
        now,
    )
    return signing.out(asked)


@router.post("/cases/{case_id}/tasks/{path:task}", response=Case)
def do_task(request: HttpRequest, case_id: UUID, task: str, payload: TaskIn) -> Case:
    """Do a task: one of the actions that the case lists for you now."""
    actor, signed = actor_of(request), signing.given(request, payload.signature)
    return case_out(actor, _do(actor, case_id, task, payload, timezone.now(), signed))


def _do(
    actor: Actor,
    case_id: UUID,
    task: str,
    payload: TaskIn,
    now: datetime,
    signed: Signing | None,
) -> cases.Case:
    if payload.answers is not None:
        return _answer(actor, case_id, task, payload, now, signed)
    return actions.complete_task(
        case_id,
        task,
        action=payload.action,
        note=payload.note,
        actor=actor,
        at=now,
        signature=signed,
    )


def _answer(
    actor: Actor,
    case_id: UUID,
    task: str,
    payload: TaskIn,
    now: datetime,
    signed: Signing | None,
) -> cases.Case:
    """Send what the form of a task was answered with, or the corrected application.

    A correction asks for no signature: one that is given with it is refused.
    """
    pack, given = cases.pack_of(access.case_for(actor, case_id)), payload.answers or {}
    form = pack.task_form(element_of(divided(task)[1]))
    if form is None:
        if signed is not None:
            raise Conflict([NOT_ASKED])
        answers = answers_of(pack.form, given)
        return actions.correct_answers(case_id, task, answers, actor=actor, at=now)
    return taskforms.answer_task(
        case_id,
        task,
        taskforms.without_files(form, answers_of(form, given)),
        action=payload.action,
        note=payload.note,
        base=payload.base,
        key=payload.key,
        actor=actor,
        at=now,
        signature=signed,
    )


@router.post("/cases/{case_id}/withdraw", response=Case)
def withdraw(request: HttpRequest, case_id: UUID, payload: NoteIn) -> Case:
    """Take the application back."""
    actor = actor_of(request)
    case = actions.withdraw_case(case_id, actor=actor, at=timezone.now(), note=payload.note)
    return case_out(actor, case)


@router.post("/cases/{case_id}/rating", response=Case)
def rate(request: HttpRequest, case_id: UUID, payload: RatingIn) -> Case:
    """Rate an ended case, once."""
    actor = actor_of(request)
    ratings.rate_case(
        case_id,
        payload.stars,
        payload.words,
        actor=actor,
        at=timezone.now(),
        chosen=payload.tags,
        contact=payload.contact,
    )
    return case_out(actor, access.case_for(actor, case_id))


def line_out(case: cases.Case) -> CaseLine:
    """A case in a line."""
    return CaseLine(
        id=case.id,
        number=case.number,
        service=case.version.code,
        subject=case.subject,
        stage=words(cases.stage_of(case)),
        submitted_at=case.submitted_at,
        due_on=cases.due_of(case, timezone.localdate()),
        outcome=case.outcome,
    )


def _findings(actor: Actor, case: cases.Case) -> list[CaseFinding]:
    """What the rules found last: to the applicant what the public decisions did, else all."""
    pack = cases.pack_of(case)
    demands, hints = cases.told(case)
    listed = cases.found_by_rules(case) if access.is_applicant(actor, case) else [*demands, *hints]
    return [
        CaseFinding(
            id=found.id,
            severity=found.severity,
            field=found.field,
            text=words(found.text),
            basis=found.basis,
            law=words(pack.law(found.basis)),
            verified=found.verified,
        )
        for found in listed
    ]


def case_out(actor: Actor, case: cases.Case) -> Case:
    """A case with what this actor may do now; a sealed one with masks where no work needs it."""
    with secrecy.reading(case, actor) as found:
        return _case_out(actor, found)


def _case_out(actor: Actor, found: cases.Case) -> Case:
    tasks = [
        TaskOut(
            id=task.id,
            title=words(task.title),
            subject=task.subject,
            form=task.form,
            actions=[
                ActionOut(
                    action=button.action,
                    words=words(button.words),
                    effect=words(button.effect),
                    note_required=button.note_required,
                )
                for button in task.buttons
            ],
            extension=words(task.extension.effect) if task.extension else None,
        )
        for task in cases.open_tasks(actor, found)
    ]
    return Case(
        **line_out(found).model_dump(),
        tasks=tasks,
        clocks=[_clock(each, timezone.localtime()) for each in cases.clocks_of(found)],
        may_withdraw=cases.may_withdraw(actor, found),
        findings=_findings(actor, found),
        history=[
            HistoryOut(
                at=line.at,
                who=line.who.zh,
                desk=line.desk.zh,
                what=words(line.what),
                grave=line.grave,
            )
            for line in cases.history(found)
        ],
    )


def _clock(clock: Clock, now: datetime) -> ClockOut:
    due, left = clock.due, clock.left(now)
    in_days = not isinstance(clock, HourClock)
    return ClockOut(
        name=words(clock.name),
        unit=clock.unit,
        limit=clock.limit,
        left=left,
        limit_days=clock.limit if in_days else None,
        due_on=None if due is None else day_of(due),
        due_at=due if isinstance(due, datetime) else None,
        days_left=left if in_days else None,
        light=clock.light(now),
        stopped_on=None if clock.stopped is None else day_of(clock.stopped),
        explained=[words(line) for line in cases.explained(clock, now)],
    )
