"""Whose a task is: claimed, or handed over to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.cases import assignment
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.supervision import actions as supervision
from xiangyun.faces.look.fields import Choice, Field
from xiangyun.faces.look.requests import ActorRequest, action, officials_only
from xiangyun.faces.look.templatetags.look import words
from xiangyun.kernel.findings import Refused, Text

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """An open task: whose it is, and what the one who looks may do about that."""

    title: Text
    name: str
    mine: bool
    claim_url: str
    hand_url: str
    fields: tuple[Field, ...]
    release_url: str = ""
    release_field: Field | None = None


def holdings(request: ActorRequest, case: cases.Case) -> list[Holding]:
    """The open tasks of officials in a case that all of its offices see."""
    return [
        Holding(
            each.title,
            each.name,
            each.mine,
            reverse("workbench:claim", args=[case.pk, each.token]) if each.may_claim else "",
            reverse("workbench:hand-task", args=[case.pk, each.token]) if each.others else "",
            _fields(each) if each.others else (),
            reverse("workbench:release", args=[case.pk, each.token]) if each.may_release else "",
            _why(f"release-{each.token}") if each.may_release else None,
        )
        for each in assignment.holdings(case, request.actor)
    ]


def _fields(each: assignment.Holding) -> tuple[Field, ...]:
    people = [
        Choice(str(one.account), Text.given(f"{one.name} · {one.desk}", one.name))
        for one in each.others
    ]
    anchor = f"hand-{each.token}"
    return (
        Field("to", "select", Text("转交给谁", "To whom"), choices=people, anchor=f"{anchor}-to"),
        _why(anchor),
    )


def _why(anchor: str) -> Field:
    return Field("why", "text", Text("理由", "Reason"), anchor=f"{anchor}-why")


@officials_only
@action("workbench:case", "case_id")
def claim(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Take a task for oneself."""
    try:
        assignment.claim(case_id, task, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
    return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))


@officials_only
@action("workbench:case", "case_id")
def release(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Give a task back."""
    why = request.POST.get("why", "")[:_LONGEST]
    try:
        assignment.release(case_id, task, why=why, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
    else:
        messages.success(request, words(Text("已交还。", "Given back.")))
    return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))


@officials_only
@action("workbench:case", "case_id")
def hand_over(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Hand a task over to another official."""
    try:
        to = UUID(request.POST.get("to", ""))
    except ValueError:
        to = UUID(int=0)
    why = request.POST.get("why", "")[:_LONGEST]
    try:
        supervision.reassign(case_id, task, to, why=why, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, words(refusal.findings[0].message))
    else:
        messages.success(request, words(Text("已转交。", "Handed over.")))
    return HttpResponseRedirect(reverse("workbench:case", args=[case_id]))
