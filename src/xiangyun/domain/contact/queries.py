"""Where an applicant is reached about a case now, and one's own for a copy of all."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases

from .models import CaseContact

__all__ = ["CaseContact", "may_change", "of_case", "owned"]


def of_case(case: UUID) -> CaseContact | None:
    """What holds now; None where nobody has said anything inside the case."""
    return CaseContact.objects.filter(case=case).order_by("-at").first()


def may_change(actor: Actor, case: cases.Case) -> bool:
    """Whether the actor may change it now: the applicant, while an ordinary case runs."""
    return case.ended_at is None and not case.need and case_access.is_applicant(actor, case)


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """Where one was reached about one's own cases, for a copy of all own data."""
    own = CaseContact.objects.filter(case__owner__in=actor.subjects).select_related("case")
    found = [
        {
            "case": each.case.number,
            "at": each.at,
            "telephone": each.telephone,
            "email": each.email,
            "address": each.address,
        }
        for each in own.order_by("at")
    ]
    if found:
        yield "contacts.json", found
