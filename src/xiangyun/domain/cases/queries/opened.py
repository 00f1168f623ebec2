"""Cases that were opened by something: which are under way, and how many by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from xiangyun.domain.cases.models import Case


@dataclass(frozen=True, slots=True)
class OpenedCount:
    """Of one duty in one place: cases under way that are in time, those that are late."""

    by: str
    place: int
    open: int
    late: int


def under_way(ids: Iterable[UUID]) -> set[UUID]:
    """Those of some cases that have not ended."""
    found = Case.objects.filter(pk__in=list(ids), ended_at=None)
    return set(found.values_list("pk", flat=True))


_COUNTS = """
SELECT variables #>> '{opening,by}', coalesce(variables #>> '{opening,place}', division::text),
    count(*) FILTER (WHERE due_on >= %(today)s), count(*) FILTER (WHERE due_on < %(today)s)
FROM cases_case
WHERE ended_at IS NULL AND variables #>> '{opening,how}' = 'duty'
    AND division BETWEEN %(low)s AND %(high)s
GROUP BY 1, 2
"""


def opened_by_duties(low: int, high: int, today: date) -> list[OpenedCount]:
    """The cases that duties opened in a range of divisions, as far as the asker sees them."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"low": low, "high": high, "today": today})
        return [OpenedCount(by, int(place), *counts) for by, place, *counts in cursor.fetchall()]
