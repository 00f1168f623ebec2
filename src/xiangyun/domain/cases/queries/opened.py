"""Cases that were opened by something: which are under way, and by when they are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Min, Q

from xiangyun.domain.cases.models import Case


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
