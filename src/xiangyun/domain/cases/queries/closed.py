"""Cases that have ended: those behind a number, and those that move to the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases.models import Case
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.retention import Retention, months_after

from .standing import overseen

_SHORT_MONTHS = timedelta(days=4)
"""A day of a long month may fall on the last of a short one: what is near is looked at singly."""


def ended_cases(service: str, retention: Retention, today: date, at_most: int) -> Iterator[Case]:
    """Closed cases of a service whose time online is over, the oldest first; as the platform."""
    before = months_after(today, -retention.online_months) + _SHORT_MONTHS
    moment = timezone.make_aware(datetime.combine(before, time.min))
    found = (
        Case.objects.filter(version__code=service, ended_at__lt=moment)
        .select_related("version")
        .defer("version__files")
        .order_by("ended_at", "pk")
    )
    for case in found[:at_most].iterator():
        assert case.ended_at is not None
        if retention.moves_on(timezone.localdate(case.ended_at)) <= today:
            yield case


@dataclass(frozen=True, slots=True)
class Ended:
    """A case in the list behind a number of ended ones, with what came of it."""

    case: Case
    service: Text
    outcome: Text


def ended_with(
    actor: Actor,
    low: int,
    high: int,
    *,
    meanings: frozenset[str],
    since: datetime,
    matter: int | None = None,
    own: int = 0,
    skip: int = 0,
    limit: int = 50,
) -> tuple[list[Ended], bool]:
    """Cases within sight that ended since a moment with an outcome of these meanings, the latest
    first; and whether more lie behind them. `own` as in `within`.
    """
    found = overseen(actor, low, high, own).filter(ended_at__gte=since)
    if matter is not None:
        found = found.filter(matter=matter)
    wanted = Q(pk__in=[])
    for version, outcome in found.values_list("version", "outcome").distinct().order_by():
        meant = catalogue.pack(version).service.outcome(outcome)
        if (meant.meaning if meant else "closed") in meanings:
            wanted |= Q(version=version, outcome=outcome)
    rows = found.filter(wanted).defer("variables", "state", "parts").order_by("-ended_at", "pk")
    cases = list(rows[skip : skip + limit + 1])
    made = []
    for case in cases[:limit]:
        pack = catalogue.pack(case.version_id)
        made.append(Ended(case, pack.service.name, pack.words(f"outcome.{case.outcome}")))
    return made, len(cases) > limit
