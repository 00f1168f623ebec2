"""Overdue work is put before the overseer (督办) that its service names, once for each deadline.

A job looks for open work whose last day is over. What is found is stamped in a step of its case,
with an entry in the journal. While a clock stands still nobody is late. A deadline that moves into
the future again takes the stamp away; see store.py.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as

from . import access, actions, clock, ports
from .handlers import CaseStep
from .models import WorkItem

AT_A_TIME = 100
_log = logging.getLogger(__name__)
# A pause that stands open for the whole case or for the stage of the task. Which clock the task is
# on is said exactly by its case, when it is read; this keeps the others from being read at all.
_STANDING = (
    "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = cases_workitem.case_id AND jsonb_path_exists("
    "c.pauses, '$[*] ? (@.to == null && (!exists(@.stage) || @.stage == \"\" || @.stage == $own))',"
    " jsonb_build_object('own', coalesce(cases_workitem.headers ->> 'stage', ''))))"
)


class Key(NamedTuple):
    """The place of a keyset page: the last work item that was looked at, its day and its number."""

    due_on: date
    work_item: int


def escalate(*, after: Key | None = None, at: datetime) -> Key | None:
    """Put some of the overdue work before its overseers: a step for each case.

    Done twice, the second time finds nothing. A case that cannot be stepped holds up no other; the
    log says why, and the next round tries it again. Returns the key after which to go on, None when
    all was looked at. Raises DatabaseError when the database is away.
    """
    with acting_as(SYSTEM):
        found = list(
            overdue(clock.counting_day(timezone.localdate(at), ports.counting_calendar()), after)[
                :AT_A_TIME
            ]
        )
    for case_id in dict.fromkeys(case_id for _, _, case_id in found):
        try:
            actions.stepping(case_id, _escalated, actor=SYSTEM, at=at)
        except DatabaseError:
            raise
        except Exception:
            _log.exception("overdue work of case %s is not put before its overseer", case_id)
    return Key(*found[-1][:2]) if len(found) == AT_A_TIME else None


def overdue(today: date, after: Key | None) -> QuerySet[WorkItem, tuple[date, int, UUID]]:
    """Open work of officials that is over and that nobody was told of; the oldest first."""
    found = _untold(today).extra(where=[f"NOT {_STANDING}"])
    if after is not None:
        # The index begins at the day; the second condition only breaks ties.
        found = found.filter(Q(due_on__gt=after.due_on) | Q(id__gt=after.work_item))
        found = found.filter(due_on__gte=after.due_on)
    return found.order_by("due_on", "id").values_list("due_on", "id", "case")


def _untold(today: date) -> QuerySet[WorkItem]:
    untold = WorkItem.objects.filter(closed_at=None, escalated_at=None, due_on__lt=today)
    return untold.exclude(groups__contains=[access.APPLICANT])


def _escalated(step: CaseStep) -> None:
    """Stamp what is overdue in this case, as it stands now."""
    with acting_as(SYSTEM):
        day = clock.counting_day(step.today, step.calendar)
        late = list(_untold(day).filter(case=step.case).order_by("id"))
    [told] = access.addressed([step.pack.service.overseer], step.pack.service, step.case.matter)
    for work_item in late:
        if step.time.stands_still(work_item.headers.get("stage", ""), step.counting):
            continue
        row = {"token": work_item.token, "escalated_at": step.at, "escalated_to": told}
        step.writes.escalated.append(row)
        step.record_platform(
            "task.escalated",
            {
                "task": work_item.element,
                "roles": work_item.groups,
                "due": work_item.due_on.isoformat(),
                "told": told,
            },
        )
    if step.writes.escalated:
        step.keep()
