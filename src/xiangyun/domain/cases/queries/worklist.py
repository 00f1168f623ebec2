"""The work of an office: the queue by deadline, with its lights, as keyset pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.db.models.fields.json import KT

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import clock, ports, sealing
from xiangyun.domain.cases.models import Circle, WorkItem
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.planned import planned
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.secrecy import SEALED
from xiangyun.kernel.worktime import office_time

from .hours import HoursLeft, hours_left
from .lanes import Key, Lanes, Light, QueueFilter, lanes_of, light_of
from .one import subject_of
from .tasks import task_title

COUNTED = 999
"""Lights are counted so far: nobody works through a thousand by their number."""
SEARCHED = 1000
"""How many lines a page of a search looks through."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue; while its clock stands still there is no deadline.

    `hours`: its deadline to the moment, where the service counts hours; `holder`: who claimed it,
    or to whom it was handed.
    """

    case_id: UUID
    number: str
    light: Light
    days_left: int | None
    due_on: date | None
    applicant: str
    subject: str
    service: Text
    step: Text
    item_id: int
    hours: HoursLeft | None = None
    holder: str = ""


class Count(NamedTuple):
    """How many there are; with `more`, at least so many."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue; `counts` per light over all of it; `next` asks for the next page.

    The counts are of the office and the service, not of the words that are searched for. A page
    of a search may be short or empty and still have a next one: it has looked so far.
    """

    rows: tuple[QueueRow, ...]
    counts: Mapping[str, Count]
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
    now: datetime | None = None,
) -> Queue:
    """The open work of this official: the roles held, the divisions held, by deadline.

    `now`: the moment from which hours are told; the beginning of the day unless given.

    `after` is the `next` of the page before: pages are found by key, so the last is as fast as
    the first. How long it takes does not depend on how many cases there are.

    Raises ValueError for a key that no page has given out.
    """
    lanes, behind = lanes_of(actor), Key.read(after) if after else None
    calendar = ports.counting_calendar()
    day = clock.counting_day(today, calendar)
    asked = QueueFilter(day, light or "", service)
    if words:
        keys, following = _search(lanes, asked, words, behind, limit)
    else:
        keys = lanes.first(limit + 1, asked, after=behind)
        following = keys[limit - 1] if len(keys) > limit else None
    items = _items(keys[:limit])
    left = {
        day: clock.days_left(today, day, calendar)
        for day in {work_item.due_on for work_item in items} - {clock.NEVER}
    }
    hours = hours_left(items, now or office_time(datetime.combine(today, time.min)))
    rows = tuple(
        _row(work_item, day, left.get(work_item.due_on), hours.get(work_item.pk))
        for work_item in items
    )
    return Queue(rows, _counts(lanes, asked), str(following or ""))


def next_case(actor: Actor, *, today: date, after: UUID) -> UUID | None:
    """The case after this one in the queue, for going on without the list."""
    keys = lanes_of(actor).first(200, QueueFilter(today))
    by_item = dict(
        WorkItem.objects.filter(pk__in=[key.id for key in keys]).values_list("pk", "case")
    )
    ids = [by_item[key.id] for key in keys if key.id in by_item]
    rest = ids[ids.index(after) + 1 :] if after in ids else ids
    return next((case_id for case_id in rest if case_id != after), None)


def _counts(lanes: Lanes, asked: QueueFilter) -> dict[str, Count]:
    found = lanes.counts(COUNTED + 1, asked)
    return {light: Count(min(n, COUNTED), n > COUNTED) for light, n in found.items()}


def _search(
    lanes: Lanes, asked: QueueFilter, words: str, behind: Key | None, limit: int
) -> tuple[list[Key], Key | None]:
    """The lines whose case has this number, or these words; and from where to go on looking.

    A number is found wherever it stands. Words are looked for in so many lines at a time: what
    is rare would be looked for in the work of a whole province.
    """
    numbered = WorkItem.objects.filter(case__number=words, closed_at=None)
    if mine := [work_item for work_item in numbered if lanes.hold(work_item, asked)]:
        return sorted(
            Key(work_item.due_on, work_item.amber_on, work_item.pk) for work_item in mine
        ), None
    keys = lanes.first(SEARCHED + 1, asked, after=behind)
    looked = keys[:SEARCHED]
    said = Q(case__applicant_name__contains=words) | Q(case__subject__contains=words)
    said |= Q(inputs__subject__icontains=words)  # a task's own subject line
    said &= Q(need__lt=SEALED)
    by_id = {key.id: key for key in looked}
    found = WorkItem.objects.filter(said, pk__in=by_id).values_list("pk", flat=True)
    matching = sorted({by_id[number] for number in [*found, *_sealed(words, by_id)]})
    if len(matching) > limit:
        return matching, matching[limit - 1]
    return matching, looked[-1] if len(keys) > SEARCHED else None


def _sealed(words: str, among: Collection[int]) -> list[int]:
    """The lines of sealed cases that are found by exactly these words."""
    sealed = WorkItem.objects.filter(pk__in=among, need=SEALED).values_list("pk", "case")
    if not sealed:
        return []
    by_case: dict[UUID, list[int]] = {}
    for number, case_id in sealed:
        by_case.setdefault(case_id, []).append(number)
    found = Circle.objects.filter(pk__in=by_case, terms__contains=[sealing.term(words)])
    return [number for case_id in found.values_list("pk", flat=True) for number in by_case[case_id]]


def _items(keys: Sequence[Key]) -> list[WorkItem]:
    """The work items of lines, with what is shown of their cases."""
    shown = WorkItem.objects.select_related("case").only(
        *("due_on", "amber_on", "own_due", "element", "inputs"),
        *("case__number", "case__version_id", "case__applicant_name", "case__subject"),
    )
    with planned():
        found = shown.annotate(holder=KT("headers__assigned_name")).in_bulk([k.id for k in keys])
    return [found[key.id] for key in keys if key.id in found]


def _row(work_item: WorkItem, today: date, left: int | None, hours: HoursLeft | None) -> QueueRow:
    case, pack = work_item.case, catalogue.pack(work_item.case.version_id)
    light = light_of(work_item, today)
    due_on = None if light == "paused" else work_item.due_on
    if hours is not None:
        due_on = hours.at.date()
        light = "red" if hours.left < 0 else light
    return QueueRow(
        case_id=case.id,
        number=case.number,
        light=light,
        days_left=left,
        due_on=due_on,
        applicant=case.applicant_name,
        subject=subject_of(work_item),
        service=pack.service.name,
        step=task_title(work_item, pack),
        item_id=work_item.pk,
        hours=hours,
        holder=getattr(work_item, "holder", None) or "",
    )
