"""Deadlines counted anew: holidays were entered, and running cases reach them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from xiangyun.domain.accounts.access import SYSTEM, acting_as

from . import actions, clock
from .handlers import CaseStep
from .models import Case

AT_A_TIME = 100


def recount(since: date, *, after: UUID | None = None, at: datetime) -> UUID | None:
    """Count anew some of the open cases whose deadlines lie on this day or later.

    Each is a step of its own, with an entry in its journal where a deadline moves; done twice, the
    second time changes nothing. Returns the case after which to go on, None when all are done.
    Deadlines that a process worked out by itself, and its timers, stay as they are.
    """
    found = _reaching(since, after)
    for case_id in found:
        actions.stepping(case_id, _counted_anew, actor=SYSTEM, at=at)
    return found[-1] if len(found) == AT_A_TIME else None


def _reaching(since: date, after: UUID | None) -> list[UUID]:
    with acting_as(SYSTEM):
        reaching = Q(due_on__gte=since) | Q(statutory_on__gte=since)
        cases = Case.objects.filter(reaching, ended_at=None)
        if after is not None:
            cases = cases.filter(pk__gt=after)
        return list(cases.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME])


def _counted_anew(step: CaseStep) -> None:
    case = step.case
    before = case.due_on, case.statutory_on, case.clocks.get("due")
    clock.set_due(case, step.pack.service, step.calendar)
    if before == (case.due_on, case.statutory_on, case.clocks.get("due")):
        return
    step.moved = True
    step.record_platform(
        "deadline.moved", {"from": before[0].isoformat(), "to": case.due_on.isoformat()}
    )
    step.keep()
