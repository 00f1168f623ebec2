"""The officials' work over the interface: the queue, and what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from xiangyun.domain.cases import queries as cases
from xiangyun.domain.lookup import queries as lookup

from .asking import actor_of, cursor
from .words import Words, words

router = Router(tags=["office"])


class QueueRowOut(Schema):
    """One line of the queue; without a deadline while its clock stands still (`paused`).

    `due_at`, `hours_left`: where the time limit is in hours; `held_by`: who claimed the task, or to
    whom it was handed.
    """

    case: UUID
    number: str
    light: str
    days_left: int | None
    due_on: date | None
    due_at: datetime | None
    hours_left: int | None
    applicant: str
    subject: str
    step: Words
    held_by: str


class UntakenOut(Schema):
    """Work of a case that only its handlers may know, and that nobody has taken over yet."""

    item: int
    service: Words
    place: Words
    due_on: date | None


class QueueOut(Schema):
    """A page of the queue, with counts per light over the whole of it, none above 999.

    `more` names the lights of which there are more than counted; `untaken`, on the first page, is
    what you may take over and know nothing else of.
    """

    untaken: list[UntakenOut]
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
    held_by: str
    told_at: datetime


class OverdueOut(Schema):
    """A page of the overdue work that you oversee, the longest overdue first."""

    rows: list[OverdueRowOut]
    next: str


class FoundRowOut(Schema):
    """A case within your sight; `outcome` once it has ended."""

    case: UUID
    number: str
    applicant: str
    subject: str
    service: Words
    submitted_at: datetime
    ended: bool
    outcome: Words | None


class FoundOut(Schema):
    """A page of cases, the newest first, with how many are open and ended, none above 1000."""

    rows: list[FoundRowOut]
    counts: dict[str, int]
    next: str


@router.get("/find", response=FoundOut)
def find(
    request: HttpRequest,
    text: str = "",
    service: str = "",
    state: Literal["", "open", "ended"] = "",
    since: date | None = None,
    until: date | None = None,
    after: str = "",
) -> FoundOut:
    """Cases within your mandates by number, by code, by part or pinyin of a name, by filters."""
    asked = lookup.Asked(text, service, state, since, until)
    with cursor():
        found = lookup.find(actor_of(request), asked, after=after)
    rows = [
        FoundRowOut(
            case=row.case,
            number=row.number,
            applicant=row.applicant,
            subject=row.subject,
            service=words(row.service),
            submitted_at=row.submitted_at,
            ended=row.ended,
            outcome=words(row.outcome) if row.outcome else None,
        )
        for row in found.rows
    ]
    return FoundOut(rows=rows, counts=dict(found.counts), next=found.next)


@router.get("/queue", response=QueueOut)
def queue(request: HttpRequest, after: str = "", service: str = "") -> QueueOut:
    """The open work of your mandates, by deadline; `next` asks for the next page."""
    actor, today = actor_of(request), timezone.localdate()
    with cursor():
        page = cases.queue(
            actor, today=today, now=timezone.localtime(), after=after, service=service
        )
    return queue_out(page, [] if after or service else cases.untaken())


@router.get("/overdue", response=OverdueOut)
def overdue(request: HttpRequest, after: str = "") -> OverdueOut:
    """The overdue work that you were told of as overseer; `next` asks for the next page."""
    actor, today = actor_of(request), timezone.localdate()
    with cursor():
        return overdue_out(cases.overdue_work(actor, today=today, after=after))


def queue_out(found: cases.Queue, untaken: Sequence[cases.UntakenRow] = ()) -> QueueOut:
    """A page of the queue."""
    rows = [
        QueueRowOut(
            case=row.case_id,
            number=row.number,
            light=row.light,
            days_left=row.days_left,
            due_on=row.due_on,
            due_at=row.hours.at if row.hours else None,
            hours_left=row.hours.left if row.hours else None,
            applicant=row.applicant,
            subject=row.subject,
            step=words(row.step),
            held_by=row.holder,
        )
        for row in found.rows
    ]
    return QueueOut(
        untaken=[
            UntakenOut(
                item=row.item,
                service=words(row.service),
                place=words(row.place),
                due_on=row.due_on,
            )
            for row in untaken
        ],
        rows=rows,
        counts={light: count.number for light, count in found.counts.items()},
        more=[light for light, count in found.counts.items() if count.more],
        next=found.next,
    )


def overdue_out(found: cases.Overdue) -> OverdueOut:
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
            held_by=row.holder,
            told_at=row.told_at,
        )
        for row in found.rows
    ]
    return OverdueOut(rows=rows, next=found.next)
