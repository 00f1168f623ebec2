"""Who may see a case and who may act on it. What is absent and what is forbidden answer alike."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from xiangyun.domain.accounts.access import Actor

from .models import Case, Draft, WorkItem

APPLICANT = "applicant"


def cases_of(actor: Actor) -> QuerySet[Case]:
    """All cases that this actor may see: its own, and those of its divisions and below."""
    if actor.kind == "system":
        return Case.objects.all()
    if actor.account is None:
        return Case.objects.none()
    seen = Q(owner=actor.account) | Q(filed_by=actor.account)
    for low, high in actor.scope:
        seen |= Q(division__range=(low, high)) | Q(filed_in__range=(low, high))
    return Case.objects.filter(seen)


def sees(actor: Actor, case: Case) -> bool:
    """Whether a case is one of `cases_of`."""
    if actor.kind == "system":
        return True
    if actor.account is None:
        return False
    if actor.account in (case.owner, case.filed_by):
        return True
    lying = (case.division, case.filed_in)
    return any(
        low <= place <= high for low, high in actor.scope for place in lying if place is not None
    )


def case_for(actor: Actor, case_id: UUID) -> Case:
    """The case, if this actor may see it; else `Case.DoesNotExist`, whether it exists or not."""
    return cases_of(actor).get(pk=case_id)


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """The drafts of this applicant, and those this desk is filling in for someone."""
    if actor.account is None:
        return Draft.objects.none()
    return Draft.objects.filter(Q(owner=actor.account) | Q(filed_by=actor.account))


def draft_for(actor: Actor, draft_id: UUID, *, lock: bool = False) -> Draft:
    """One of `drafts_of`; otherwise `Draft.DoesNotExist`.

    With `lock`, nobody else writes or sends it until the transaction ends; one that is sent
    already stands as it is and needs none.
    """
    mine = drafts_of(actor)
    if lock and (found := mine.select_for_update().filter(pk=draft_id).first()) is not None:
        return found
    return mine.get(pk=draft_id)


def is_asked_for_files(case_id: UUID) -> bool:
    """Whether a task of the case waits in which its applicant corrects answers and files."""
    return WorkItem.objects.filter(
        case=case_id, closed_at=None, groups__contains=[APPLICANT], headers__form="answers"
    ).exists()


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor applied, or is the desk that filed for the applicant."""
    return actor.account is not None and actor.account in (case.owner, case.filed_by)


def awaits_message(case: Case, name: str) -> bool:
    """Whether the process would take this message now."""
    return any(wait.get("message") == name for wait in case.awaiting.values())


def waits_for(case: Case, kind: str, name: str, key: str | None) -> list[str]:
    """The waits of a case, by id, that would take this `message` or `signal` now."""
    return [
        ident
        for ident, wait in case.awaiting.items()
        if wait.get(kind) == name and wait.get("key") in (None, key)
    ]


class Addressed(Protocol):
    """A work item as a row or as a step has it."""

    @property
    def groups(self) -> list[str]: ...


def may_do(actor: Actor, work_item: Addressed, case: Case) -> bool:
    """Whether this work item waits for this actor: the applicant, or a role in the division.

    Whoever applied or filed does no official task of the case; the database refuses it as well,
    also to another account of the same person (`store.OWN_MATTER`).
    """
    if is_applicant(actor, case):
        return APPLICANT in work_item.groups
    return any(actor.holds(role, case.division) for role in work_item.groups if role != APPLICANT)
