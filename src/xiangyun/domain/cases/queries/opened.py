"""Cases that were opened by something: which are under way, and by when they are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Min, Q

from xiangyun.domain.cases.models import Case
from xiangyun.kernel.service.openings import CASE as OPENED


def under_way(ids: Iterable[UUID]) -> set[UUID]:
    """Those of some cases that have not ended."""
    found = Case.objects.filter(pk__in=list(ids), ended_at=None)
    return set(found.values_list("pk", flat=True))


def first_due(ids: Iterable[UUID]) -> dict[UUID, date]:
    """By when the first open work of some cases is due, of those that have not ended.

    `date.max` where nothing has a deadline.
    """
    open_work = Q(work_items__closed_at=None)
    found = (
        Case.objects.filter(pk__in=list(ids), ended_at=None)
        .annotate(first=Min("work_items__due_on", filter=open_work))
        .values_list("pk", "first", "due_on")
    )
    return {case: min(first or date.max, due or date.max) for case, first, due in found}


def members_of(case: Case) -> list[Case]:
    """The cases that a case opened, in their order, as far as the one who asks may see them."""
    found = Case.objects.filter(
        owner=case.owner, variables__opening__how=OPENED, variables__opening__from=case.number
    )
    return list(found.order_by("submitted_at", "number"))
