"""The work of an office: the queue by deadline, with its lights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import clock, ports
from xiangyun.domain.cases.models import (
    WorkItem,
)
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text

from .tasks import task_title

Light = Literal["green", "amber", "red"]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    case_id: UUID
    number: str
    light: Light
    days_left: int
    due_on: date
    applicant: str
    subject: str
    service: Text
    step: Text
    item_id: int


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue; `counts` per light over all of it; `next` asks for the next page."""

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, int]
    next: str


def queue(
    actor: Actor,
    *,
    today: date,
    light: str | None = None,
    service: str = "",
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> Queue:
    """The open work of this official: the roles held, the divisions held, by deadline.

    `after` is the `next` of the page before: pages are found by key, so the last is as fast as
    the first.
    """
    work = _open_work(actor)
    if service:
        work = work.filter(case__version__code=service)
    if words:
        work = work.filter(
            Q(case__number=words)
            | Q(case__applicant_name__contains=words)
            | Q(case__subject__contains=words)
        )
    bounds: dict[str, Q] = {
        "red": Q(due_on__lt=today),
        "amber": Q(due_on__gte=today, amber_on__lte=today),
        "green": Q(due_on__gte=today, amber_on__gt=today),
    }
    counts = {name: work.filter(bound).count() for name, bound in bounds.items()}
    page = work.filter(bounds[light]) if light in bounds else work
    if after:
        day, _, number = after.partition("_")
        on = date.fromisoformat(day)
        page = page.filter(Q(due_on__gt=on) | Q(due_on=on, id__gt=int(number)))
    items = list(page.select_related("case__version").order_by("due_on", "id")[: limit + 1])
    more = len(items) > limit
    rows = tuple(_row(item, today) for item in items[:limit])
    last = items[limit - 1] if more else None
    return Queue(rows, counts, f"{last.due_on.isoformat()}_{last.pk}" if last else "")


def next_case(actor: Actor, *, today: date, after: UUID) -> UUID | None:
    """The case after this one in the queue, for going on without the list."""
    ids = [row.case_id for row in queue(actor, today=today, limit=200).rows]
    rest = ids[ids.index(after) + 1 :] if after in ids else ids
    return next((case_id for case_id in rest if case_id != after), None)


def _open_work(actor: Actor) -> QuerySet[WorkItem]:
    held = Q(pk__in=[])
    for mandate in actor.mandates:
        held |= Q(groups__contains=[mandate.role], division__range=(mandate.low, mandate.high))
    return WorkItem.objects.filter(held, closed_at=None)


def _row(item: WorkItem, today: date) -> QueueRow:
    case, pack = item.case, catalogue.pack(item.case.version_id)
    late, near = item.due_on < today, item.amber_on <= today
    light: Light = "red" if late else "amber" if near else "green"
    return QueueRow(
        case_id=case.id,
        number=case.number,
        light=light,
        days_left=clock.days_left(today, item.due_on, ports.counting_calendar()),
        due_on=item.due_on,
        applicant=case.applicant_name,
        subject=case.subject,
        service=pack.item.name,
        step=task_title(item, pack),
        item_id=item.pk,
    )
