"""Overdue work as its overseer sees it (督办)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import role_words
from xiangyun.domain.cases import access, clock, ports
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.rows import open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.times import OVERSEER

from .hours import HoursLeft, hours_left
from .one import pack_of, subject_of
from .tasks import task_title


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """Work that is overdue: since when, by how many working days, and who has it.

    `office` is the nearest that holds the role there; empty where nobody does.
    """

    case_id: UUID
    number: str
    subject: str
    service: Text
    step: Text
    division: int
    role: Text
    office: str
    due_on: date
    days_over: int
    told_at: datetime
    told: Text
    hours: HoursLeft | None = None
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A page of overdue work; `next` asks for the next page."""

    rows: tuple[OverdueRow, ...]
    next: str


def oversees(actor: Actor) -> bool:
    """Whether overdue work of some current service would come before this official."""
    if not actor.mandates or supervises(actor):
        return bool(actor.mandates)
    return any(
        mandate.gives(access.of_department(role, department))
        for role, department in catalogue.overseers()
        for mandate in actor.mandates
    )


def supervises(actor: Actor) -> bool:
    """Whether this official supervises, whatever the service."""
    return any(mandate.role == OVERSEER for mandate in actor.mandates)


def overdue_work(actor: Actor, *, today: date, after: str = "", limit: int = 50) -> Overdue:
    """What this overseer was told of and is still open, the longest overdue first.

    `after` is the `next` of the page before. Raises ValueError for a key that no page gave out.
    """
    work = _told(actor)
    if after:
        day, _, number = after.partition("_")
        on = date.fromisoformat(day)
        work = work.filter(Q(due_on__gt=on) | Q(due_on=on, id__gt=int(number)))
    items = list(work.select_related("case").order_by("due_on", "id")[: limit + 1])
    shown, more = items[:limit], len(items) > limit
    last = shown[-1] if more else None
    return Overdue(_rows(shown, today), f"{last.due_on.isoformat()}_{last.pk}" if last else "")


def overdue_of(case: Case, today: date) -> list[OverdueRow]:
    """The open work of a case whose overseer was told."""
    told = [each for each in open_items(case) if each.escalated_at is not None]
    return list(_rows(sorted(told, key=lambda each: (each.due_on, each.pk)), today))


def _told(actor: Actor) -> QuerySet[WorkItem]:
    held = Q(pk__in=[])
    for mandate in actor.mandates:
        told = Q(escalated_to=mandate.role)
        if mandate.is_across:
            told |= Q(escalated_to__startswith=f"{mandate.role}:")
        held |= told & Q(division__range=(mandate.low, mandate.high))
    return WorkItem.objects.filter(held, closed_at=None, escalated_at__isnull=False)


def _rows(items: list[WorkItem], today: date) -> tuple[OverdueRow, ...]:
    if not items:
        return ()
    desks = accounts.desks_of(
        (role, work_item.division) for work_item in items for role in work_item.groups
    )
    calendar, known = ports.counting_calendar(), catalogue.roles()
    rows, hours = [], hours_left(items, timezone.now())
    for work_item in items:
        moment = hours.get(work_item.pk)
        pack, role = pack_of(work_item.case), work_item.groups[0] if work_item.groups else ""
        assert work_item.escalated_at is not None  # what was not told is not here
        rows.append(
            OverdueRow(
                case_id=work_item.case_id,
                number=work_item.case.number,
                subject=subject_of(work_item),
                service=pack.service.name,
                step=task_title(work_item, pack),
                division=work_item.division,
                role=role_words(role, known),
                office=desks.get((role, work_item.division), ""),
                due_on=moment.at.date() if moment else work_item.due_on,
                days_over=-clock.days_left(today, work_item.due_on, calendar),
                told_at=work_item.escalated_at,
                told=role_words(work_item.escalated_to, known),
                hours=moment,
                holder=work_item.headers.get("assigned_name", ""),
            )
        )
    return tuple(rows)
