"""What goes over the interface, and how it is made from the domain's values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.faces.look import limits
from xiangyun.kernel.findings import Finding, Text
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.worktime import Clock


class Words(Schema):
    """The same words in Chinese and English."""

    zh: str
    en: str


class FindingOut(Schema):
    """What is wrong, and what to do."""

    id: str
    severity: str
    field: str = ""
    message: Words
    hint: Words | None = None


class Service(Schema):
    """A service in a line. `days`: promised days, the most that any kind of case takes."""

    code: str
    version: int
    name: Words
    summary: Words
    days: int
    fee: float
    visits: int


class QuestionOut(Schema):
    """One question of a form; `kind` as in form-js; `known`: a register answers it."""

    key: str
    kind: str
    label: Words
    required: bool
    known: bool
    options: list[str]


class KindOut(Schema):
    """A kind of case with a promised time of its own."""

    name: Words
    days: int


class ServiceGuide(Service):
    """A service with its questions and legal basis."""

    days_by_kind: list[KindOut]
    questions: list[QuestionOut]
    legal_basis: list[str]


class ApplicationIn(Schema):
    """Answers by question; dates as ISO strings, numbers as numbers or strings."""

    service: str
    answers: dict[str, Any] = Field(default_factory=dict)


class Application(Schema):
    """An application being written."""

    key: UUID
    service: str
    answers: dict[str, Any]
    sent: bool


class FileOut(Schema):
    """A file that was handed in."""

    name: str
    size: int
    sha256: str


class TaskIn(Schema):
    """What you do: an action of the task, or corrected answers where the task wants them."""

    action: str = ""
    note: str = ""
    answers: dict[str, Any] | None = None


class NoteIn(Schema):
    """A written reason."""

    note: str = ""


class RatingIn(Schema):
    """1 (very dissatisfied) to 5 (very satisfied)."""

    stars: int = Field(ge=1, le=5)
    words: str = Field(default="", max_length=1000)


class DocumentIn(Schema):
    """The full text of a certificate (HTML or JSON) or of a receipt (JSON)."""

    document: str = Field(max_length=1_000_000)


class ActionOut(Schema):
    """A button: what it is called and what pressing it causes."""

    action: str
    words: Words
    effect: Words
    note_required: bool


class TaskOut(Schema):
    """A task that waits for you; `extension`: what asking for more time would cause, if you may."""

    id: str
    title: Words
    form: str
    actions: list[ActionOut]
    extension: Words | None


class ClockOut(Schema):
    """A clock of the case: its limit, the last day (null while a pause leaves it open), why."""

    name: Words
    limit_days: int
    unit: str
    due_on: date | None
    days_left: int
    light: str
    stopped_on: date | None
    explained: list[Words]


class CaseLine(Schema):
    """A case in a line."""

    id: UUID
    number: str
    service: str
    subject: str
    stage: Words
    submitted_at: datetime
    due_on: date
    outcome: str


class Case(CaseLine):
    """A case with what you may do now, what was found, and what happened."""

    tasks: list[TaskOut]
    clocks: list[ClockOut]
    may_withdraw: bool
    findings: list[dict[str, Any]]
    history: list[dict[str, Any]]


class QueueRowOut(Schema):
    """One line of the queue."""

    case: UUID
    number: str
    light: str
    days_left: int
    due_on: date
    applicant: str
    subject: str
    step: Words


class QueueOut(Schema):
    """A page of the queue, with counts per light over the whole of it, none above 999.

    `more` names the lights of which there are more than counted.
    """

    rows: list[QueueRowOut]
    counts: dict[str, int]
    more: list[str]
    next: str


class OverdueRowOut(Schema):
    """Overdue work: since when, by how many working days, the office and role that has it."""

    case: UUID
    number: str
    subject: str
    step: Words
    office: str
    role: Words
    due_on: date
    days_over: int
    told_at: datetime


class OverdueOut(Schema):
    """A page of the overdue work that you oversee, the longest overdue first."""

    rows: list[OverdueRowOut]
    next: str


class StepOut(Schema):
    """One thing that was checked; `passed` null: it could not be checked here."""

    text: Words
    passed: bool | None


class VerdictOut(Schema):
    """valid, revoked, altered or unknown, and what was checked."""

    answer: str
    steps: list[StepOut]


def words(text: Text) -> Words:
    """A kernel text as it goes over the interface."""
    return Words(zh=text.zh, en=text.en)


def finding(found: Finding) -> dict[str, Any]:
    """A finding as it goes over the interface."""
    return FindingOut(
        id=found.id,
        severity=found.severity,
        field=found.place.file if found.place else "",
        message=words(found.message),
        hint=words(found.hint) if found.hint else None,
    ).model_dump()


ABSENT = finding(
    Finding(
        "api.E404",
        "error",
        Text("没有找到，或者您无权查看。", "Not found, or not yours to see."),
        hint=Text("请核对编号。", "Check the number."),
    )
)
NOT_ALLOWED = finding(
    Finding(
        "api.E403",
        "error",
        Text("这个账号不能这样做。", "This account cannot do that."),
        hint=Text("请换用有相应职责的账号。", "Use an account that holds the role for it."),
    )
)
RECOVERING = finding(
    Finding(
        "api.E503",
        "error",
        Text(
            "数据库刚刚中断，正在恢复；这一步可能已经完成，也可能没有。",
            "The database went away and is recovering; this came through or it did not.",
        ),
        hint=Text(
            "请一秒后原样再发一次：同一步不会办成两次。",
            "Send the same again in a second: nothing is done twice.",
        ),
    )
)


def service(version: Any, pack: Pack) -> Service:
    """A published version in a line."""
    return Service(**_service(version, pack))


def service_guide(version: Any, pack: Pack) -> ServiceGuide:
    """A published version with its questions."""
    questions = [
        QuestionOut(
            key=question.key,
            kind=question.kind,
            label=words(question.label),
            required=question.required,
            known=question.source is not None,
            options=[option.value for option in question.options],
        )
        for question in pack.form.questions
    ]
    basis = [f"{law.law.zh} {law.article}" for law in pack.service.legal_basis]
    span = limits.span_on(pack, pack.service.promised, timezone.localdate())
    kinds = [KindOut(name=words(name), days=days) for name, days in span.kinds]
    return ServiceGuide(
        **_service(version, pack), days_by_kind=kinds, questions=questions, legal_basis=basis
    )


def _service(version: Any, pack: Pack) -> dict[str, Any]:
    item = pack.service
    return {
        "code": version.code,
        "version": version.number,
        "name": words(item.name),
        "summary": words(item.summary),
        "days": limits.span_on(pack, item.promised, timezone.localdate()).most,
        "fee": float(item.fee.amount),
        "visits": item.visits,
    }


def application(draft: Any) -> Application:
    """A draft."""
    return Application(
        key=draft.id, service=draft.version.code, answers=draft.answers, sent=draft.sent
    )


def case_line(case: Any) -> CaseLine:
    """A case in a line."""
    return CaseLine(**_line(case))


def case(actor: Actor, found: Any) -> Case:
    """A case with what this actor may do now."""
    tasks = [
        TaskOut(
            id=task.id,
            title=words(task.title),
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
    decisions = cases.decisions_of(found)
    return Case(
        **_line(found),
        tasks=tasks,
        clocks=[_clock(each, timezone.localdate()) for each in cases.clocks_of(found)],
        may_withdraw=cases.may_withdraw(actor, found),
        findings=decisions[0].trace["findings"] if decisions else [],
        history=[
            {"at": line.at, "who": line.who, "desk": line.desk, "what": words(line.what)}
            for line in cases.history(found)
        ],
    )


def _clock(clock: Clock, today: date) -> ClockOut:
    return ClockOut(
        name=words(clock.name),
        limit_days=clock.limit,
        unit=clock.unit,
        due_on=clock.due,
        days_left=clock.left(today),
        light=clock.light(today),
        stopped_on=clock.stopped,
        explained=[words(line) for line in cases.explained(clock, today)],
    )


def _line(found: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "number": found.number,
        "service": found.version.code,
        "subject": found.subject,
        "stage": words(cases.stage_of(found)),
        "submitted_at": found.submitted_at,
        "due_on": found.due_on,
        "outcome": found.outcome,
    }


def queue(found: cases.Queue) -> QueueOut:
    """A page of the queue."""
    rows = [
        QueueRowOut(
            case=row.case_id,
            number=row.number,
            light=row.light,
            days_left=row.days_left,
            due_on=row.due_on,
            applicant=row.applicant,
            subject=row.subject,
            step=words(row.step),
        )
        for row in found.rows
    ]
    return QueueOut(
        rows=rows,
        counts={light: count.number for light, count in found.counts.items()},
        more=[light for light, count in found.counts.items() if count.more],
        next=found.next,
    )


def overdue(found: cases.Overdue) -> OverdueOut:
    """A page of overdue work."""
    rows = [
        OverdueRowOut(
            case=row.case_id,
            number=row.number,
            subject=row.subject,
            step=words(row.step),
            office=row.office,
            role=words(row.role),
            due_on=row.due_on,
            days_over=row.days_over,
            told_at=row.told_at,
        )
        for row in found.rows
    ]
    return OverdueOut(rows=rows, next=found.next)


def verdict(found: Any) -> VerdictOut:
    """A verdict with its steps."""
    steps = [StepOut(text=words(step.text), passed=step.passed) for step in found.steps]
    return VerdictOut(answer=found.answer, steps=steps)
