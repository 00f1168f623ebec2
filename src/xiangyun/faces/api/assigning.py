"""Whose a task is, over the interface: claimed, handed over, given back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from xiangyun.domain.cases import access, assignment

from .asking import actor_of
from .words import Words, words

router = Router(tags=["office"])


class OfficialOut(Schema):
    """An official to whom a task may be handed."""

    account: UUID
    name: str
    desk: str


class HoldingOut(Schema):
    """An open task of officials: who has it (empty: nobody), and what you may do about that.

    `others`: to whom you may hand it over.
    """

    task: str
    title: Words
    held_by: str
    mine: bool
    may_claim: bool
    may_release: bool
    others: list[OfficialOut]


class WhyIn(Schema):
    """Why, for the journal and the next one."""

    reason: str = Field("", max_length=500)


class ToIn(WhyIn):
    """To which account, and why."""

    to: UUID


@router.get("/cases/{case_id}/holdings", response=list[HoldingOut])
def list_holdings(request: HttpRequest, case_id: UUID) -> list[HoldingOut]:
    """The open tasks of officials in a case, with who has each."""
    actor = actor_of(request)
    if not actor.is_official:
        raise Http404
    return [_out(each) for each in assignment.holdings(access.case_for(actor, case_id), actor)]


@router.post("/cases/{case_id}/tasks/{path:task}/claim", response=HoldingOut)
def claim_task(request: HttpRequest, case_id: UUID, task: str) -> HoldingOut:
    """Say that you do a task; others cannot meanwhile. 409 `case.E066`: somebody else has it."""
    assignment.claim(case_id, task, actor=actor_of(request), at=timezone.now())
    return _held(request, case_id, task)


@router.post("/cases/{case_id}/tasks/{path:task}/hand-over", response=HoldingOut)
def hand_task_over(request: HttpRequest, case_id: UUID, task: str, payload: ToIn) -> HoldingOut:
    """Give a task to another official who may do it."""
    assignment.hand_over(
        case_id,
        task,
        payload.to,
        why=payload.reason,
        actor=actor_of(request),
        at=timezone.now(),
    )
    return _held(request, case_id, task)


@router.post("/cases/{case_id}/tasks/{path:task}/release", response=HoldingOut)
def release_task(request: HttpRequest, case_id: UUID, task: str, payload: WhyIn) -> HoldingOut:
    """Give a task back: it waits again for everybody who may do it."""
    why = payload.reason
    assignment.release(case_id, task, why=why, actor=actor_of(request), at=timezone.now())
    return _held(request, case_id, task)


def _held(request: HttpRequest, case_id: UUID, task: str) -> HoldingOut:
    actor = actor_of(request)
    found = assignment.holdings(access.case_for(actor, case_id), actor, task)
    if not found:
        raise Http404
    return _out(found[0])


def _out(found: assignment.Holding) -> HoldingOut:
    return HoldingOut(
        task=found.token,
        title=words(found.title),
        held_by=found.name,
        mine=found.mine,
        may_claim=found.may_claim,
        may_release=found.may_release,
        others=[
            OfficialOut(account=each.account, name=each.name, desk=each.desk)
            for each in found.others
        ],
    )
