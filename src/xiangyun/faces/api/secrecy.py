"""Cases that only their handlers may know, over the interface."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from xiangyun.domain.cases import access, secrecy
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.vault.sealing import opening

from .asking import actor_of
from .cases import Case, case_out
from .words import Words, words

router = Router(tags=["secrecy"])


class ReasonIn(Schema):
    """Why, for the journal."""

    reason: str = ""


class HandOverIn(Schema):
    """To which account, why, and whether beside yourself and not in your stead."""

    to: UUID
    reason: str = ""
    beside: bool = False


class HandedOut(Schema):
    """Whether you still know of the case."""

    known: bool


class OverseenOut(Schema):
    """A case that you may look at as an overseer, for a reason."""

    case: UUID
    service: Words
    place: Words
    due_on: date | None


class HandlerOut(Schema):
    """Who knows of a case: `kind` handler, or overseer until a moment."""

    name: str
    kind: str
    since: datetime
    until: datetime | None


class OfficerOut(Schema):
    """An official who may be named for a case."""

    account: UUID
    name: str
    desk: str


class HandlersOut(Schema):
    """Who knows of a case, and who may be named."""

    handlers: list[HandlerOut]
    may_be_named: list[OfficerOut]


@router.post("/untaken/{item}", response=Case)
def take_over(request: HttpRequest, item: int, payload: ReasonIn) -> Case:
    """Take over work that nobody has taken; you handle its case from then on."""
    actor = actor_of(request)
    case = secrecy.take_over(item, why=payload.reason, actor=actor, at=timezone.now())
    return case_out(actor, case)


@router.get("/overseen", response=list[OverseenOut])
def overseen(request: HttpRequest) -> list[OverseenOut]:
    """The cases that only their handlers may know and that you oversee, the first due first."""
    actor_of(request)
    return [
        OverseenOut(
            case=row.case_id,
            service=words(row.service),
            place=words(row.place),
            due_on=row.due_on,
        )
        for row in cases.overseen()
    ]


@router.post("/cases/{case_id}/look", response=Case)
def look(request: HttpRequest, case_id: UUID, payload: ReasonIn) -> Case:
    """Say why you look at a case that only its handlers may know; it then opens for the day."""
    actor = actor_of(request)
    case = secrecy.look(case_id, why=payload.reason, actor=actor, at=timezone.now())
    return case_out(actor, case)


@router.post("/cases/{case_id}/unmask", response=Case)
def unmask(request: HttpRequest, case_id: UUID, payload: ReasonIn) -> Case:
    """Show what is masked of a sealed case, once, for a reason that its applicant reads."""
    actor, now = actor_of(request), timezone.now()
    secrecy.refuse_without_reason(access.case_for(actor, case_id), actor=actor, at=now)
    case = secrecy.unmask(case_id, why=payload.reason, actor=actor, at=now)
    with opening():
        return case_out(actor, case)


@router.get("/cases/{case_id}/handlers", response=HandlersOut)
def handlers(request: HttpRequest, case_id: UUID) -> HandlersOut:
    """Who knows of a case that only its handlers may, and to whom it may be handed on."""
    actor = actor_of(request)
    case = access.case_for(actor, case_id)
    secrecy.refuse_without_reason(case, actor=actor, at=timezone.now())
    handles = actor.account in secrecy.handling(case)
    return HandlersOut(
        handlers=[
            HandlerOut(name=each.name, kind=each.kind, since=each.since, until=each.ended_at)
            for each in cases.handlers_of(case)
        ],
        may_be_named=[
            OfficerOut(account=each.account, name=each.name, desk=each.desk)
            for each in (secrecy.may_be_named(case) if handles else ())
        ],
    )


@router.post("/cases/{case_id}/hand-over", response=HandedOut)
def hand_over(request: HttpRequest, case_id: UUID, payload: HandOverIn) -> HandedOut:
    """Hand a case that only its handlers may know on to another official of its team."""
    verb = secrecy.name_handler if payload.beside else secrecy.hand_over
    actor = actor_of(request)
    verb(case_id, payload.to, why=payload.reason, actor=actor, at=timezone.now())
    return HandedOut(known=access.cases_of(actor).filter(pk=case_id).exists())
