"""Who may see a case and who may act on it. What is absent and what is forbidden answer alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from django.db.models import BooleanField, Func, Q, QuerySet

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import department_of, is_across, spelled
from xiangyun.domain.together import Rows, together
from xiangyun.kernel.codes.department import key_of, number_of
from xiangyun.kernel.service.model import ServiceItem

from .models import Case, CaseParty, Draft, WorkItem

APPLICANT = "applicant"


_COLUMNS = ("id", "need", "matter", "division", "owner", "filed_by", "filed_in")
_SEEN = Func(*_COLUMNS, function="xiangyun_sees_row", output_field=BooleanField())
_ANY = Rows(Case, (), of="id")
_SEEN_ONE = replace(_ANY, where=f"xiangyun_sees_row({', '.join(_COLUMNS)})")


def cases_of(actor: Actor) -> QuerySet[Case]:
    """All cases that this actor sees: by place, matter and need, or with a part in them.

    The rule is the one of row-level security, put into the query as well, so that a connection
    under a stronger role shows no more than a page does. It asks who acts (`acting_as`).
    """
    if actor.kind == "system":
        return Case.objects.all()
    if actor.account is None:
        return Case.objects.none()
    return Case.objects.filter(_SEEN)


def case_for(actor: Actor, case_id: UUID) -> Case:
    """The case, if this actor may see it; else `Case.DoesNotExist`, whether it exists or not."""
    if actor.kind != "system" and actor.account is None:
        raise Case.DoesNotExist
    (found,) = together([_ANY if actor.kind == "system" else _SEEN_ONE], case_id)
    if not found:
        raise Case.DoesNotExist
    case: Case = found[0]
    return case


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """The drafts of the party acted for, and those this desk is filling in for someone."""
    return Draft.objects.filter(mine(actor))


def mine(actor: Actor) -> Q:
    """Of drafts and cases: those of the party acted for, and those that this desk filed."""
    if actor.account is None:
        return Q(pk__in=[])
    own = Q(owner__in=actor.subjects)
    if actor.about:
        own &= Q(matter__in=actor.about)
    return own | Q(filed_by=actor.account)


def draft_for(actor: Actor, draft_id: UUID, *, lock: bool = False) -> Draft:
    """One of `drafts_of`; otherwise `Draft.DoesNotExist`.

    With `lock`, nobody else writes or sends it until the transaction ends; one that is sent
    already stands as it is and needs none.
    """
    own = drafts_of(actor)
    if lock and (found := own.select_for_update().filter(pk=draft_id).first()) is not None:
        return found
    return own.get(pk=draft_id)


def is_asked_for_files(case_id: UUID) -> bool:
    """Whether a task of the case waits in which its applicant corrects answers and files."""
    return WorkItem.objects.filter(
        case=case_id, closed_at=None, groups__contains=[APPLICANT], headers__form="answers"
    ).exists()


def is_applicant(actor: Actor, case: Case) -> bool:
    """Whether the actor acts for the party that applied, or is the desk that filed for it."""
    if actor.account is None:
        return False
    return actor.speaks_for(case.owner, case.matter) or actor.account == case.filed_by


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
    @property
    def headers(self) -> dict[str, str]: ...


def place_of_task(work_item: Addressed, case: Case) -> int:
    """Where a task waits: in a place of its own, such as a village, or where its case lies."""
    return int(work_item.headers.get("place") or case.division)


def is_anothers(actor: Actor, work_item: Addressed) -> bool:
    """Whether a task is somebody else's, whom the actor does not stand in for."""
    owner = work_item.headers.get("assigned")
    if not owner or owner == str(actor.account):
        return False
    name = work_item.headers.get("assigned_name")
    return all(mandate.deputy_for != name for mandate in actor.mandates)


def may_do(actor: Actor, work_item: Addressed, case: Case) -> bool:
    """Whether this work item waits for this actor: the applicant, a role, or another party.

    Whoever applied or filed does no official task of the case; the database refuses it as well,
    also to another account of the same person (`store.OWN_MATTER`).
    """
    if is_applicant(actor, case):
        return APPLICANT in work_item.groups
    place = place_of_task(work_item, case)
    if any(actor.holds(role, place) for role in work_item.groups if role != APPLICANT):
        return not is_anothers(actor, work_item)
    return _party_in(actor, work_item, case) is not None


def answering_party(actor: Actor, work_item: Addressed, case: Case) -> UUID | None:
    """Whose answers those of a task are: the applicant's, another party's; None: the office's."""
    if APPLICANT in work_item.groups:
        return case.owner
    return _party_in(actor, work_item, case)


def _party_in(actor: Actor, work_item: Addressed, case: Case) -> UUID | None:
    """The party in another role, of those acted for, that this work item waits for."""
    if actor.account is None:
        return None
    roles = CaseParty.objects.filter(case=case.pk, role__in=work_item.groups, sees=True)
    found = roles.filter(party__in=actor.subjects).values_list("party", flat=True)
    return next((each for each in found if actor.speaks_for(each, case.matter)), None)


def addressed(
    groups: Iterable[str], service: ServiceItem, matter: int = 0, department: str = ""
) -> list[str]:
    """The roles that a task waits for, each with the department that it is of.

    A role that the drawing narrows to none is of the department whose `matter` the case is, such as
    that of the register objected to, else of the service's own; unless a mandate of it is one for
    all departments. A `department` that the task names by its key comes before these; one that is
    none is passed over. Where there is no department it stays as it is drawn.
    """
    if department and number_of(department):
        return [
            role
            if role == APPLICANT or role in service.party_roles or department_of(role)
            else spelled(role, key_of(number_of(department)))
            for role in groups
        ]
    own = service.department if number_of(service.department) == matter else key_of(matter)
    return [
        role if role in service.party_roles else of_department(role, own or service.department)
        for role in groups
    ]


def of_department(role: str, department: str) -> str:
    """A role with the department that it is of, unless it names one, or is one for all of them."""
    if not department or department_of(role) or is_across(role):
        return role
    return spelled(role, department)


def matter_of(groups: Iterable[str], case: Case) -> int:
    """Whose matter a task is: that of the one department it waits for, otherwise the case's."""
    departments = {number_of(department_of(role)) for role in groups} - {0}
    return departments.pop() if len(departments) == 1 else case.matter


def belonging(service: ServiceItem) -> tuple[int, int]:
    """The matter and the need of whatever a service opens."""
    return number_of(service.department), service.need
