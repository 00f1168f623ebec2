"""How the cases of a place stand: counted by what lies below it or by department, and listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import role_words
from xiangyun.domain.cases import access, clock, ports
from xiangyun.domain.cases.models import Case, Kind, WorkItem
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Text
from xiangyun.kernel.worktime import Calendar

from .one import pack_of
from .tasks import task_title

CaseState = Literal["open", "late", "near"]
_NEAR = 2
"""Working days: what is due within so many is at risk."""


@dataclass(slots=True)
class Tally:
    """Cases of one part of a place. `open` holds `late` and `near` (at risk) as well.

    `ended`: how many ended since a moment, by what their outcomes mean (`granted`, `denied`,
    `taken_back`, `expired`, `closed`).
    """

    open: int = 0
    late: int = 0
    near: int = 0
    ended: dict[str, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count what another counts as well."""
        self.open, self.late = self.open + other.open, self.late + other.late
        self.near += other.near
        for meaning, number in other.ended.items():
            self.ended[meaning] = self.ended.get(meaning, 0) + number


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task of officials that a case waits for: whose it is, by role and, where named, person."""

    token: str
    element: str
    title: Text
    roles: tuple[Text, ...]
    groups: tuple[str, ...]
    place: int
    holder: str
    account: UUID | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A case in the list behind a number; `days_left` in working days, below zero when late."""

    case: Case
    service: Text
    days_left: int
    waiting: tuple[Waiting, ...]

    @property
    def over(self) -> int:
        """By how many working days it is late."""
        return max(0, -self.days_left)


COUNTY = 10**6
"""So many codes has a county. What lies in a part of one is told by the application."""
_PLACE = Func(
    "division",
    "variables",
    KeyTextTransform("place", KeyTransform("listing", "version__found_by")),
    function="xiangyun_case_place",
    output_field=BigIntegerField(),
)


def _part(span: int) -> Combinable:
    by: Combinable = (_PLACE if span < COUNTY else F("division")) / span
    return ExpressionWrapper(by, output_field=BigIntegerField())


def within(cases: QuerySet[Case], low: int, high: int, own: int = 0) -> QuerySet[Case]:
    """Those of a place; of a town or a village, those of its county that are about it.

    `own`: the codes of each part below, for those alone that lie in none of them.
    """
    if high - low >= COUNTY - 1:
        found = cases.filter(division__range=(low, high))
    else:
        county = low // COUNTY * COUNTY
        found = cases.filter(division__range=(county, county + COUNTY - 1))
        found = found.annotate(place=_PLACE).filter(place__gte=low, place__lte=high)
    return found.annotate(of=_part(own)).filter(of=low // own) if own else found


def overseen(actor: Actor, low: int, high: int, own: int = 0) -> QuerySet[Case]:
    """Those of a place within sight, by the mandates of whoever looks; `own` as in `within`.

    Beyond its mandates an official sees only what a part in it lets a person see, which no board
    counts: to ask that of each case of a province would take as long as reading them all.
    """
    found = within(access.cases_of(actor), low, high, own)
    if not actor.mandates or any(m.low <= low and high <= m.high for m in actor.mandates):
        return found
    held = Q(pk__in=[])
    for mandate in actor.mandates:
        first, last = mandate.low // COUNTY * COUNTY, mandate.high // COUNTY * COUNTY + COUNTY - 1
        held |= Q(division__range=(first, last))
    return found.filter(held)


def tallies(
    actor: Actor, low: int, high: int, span: int, *, since: datetime, today: date
) -> dict[int, Tally]:
    """The cases within sight in a range of places, by the part of `span` codes they lie in.

    With `span` 0 they are counted by the number of their department instead.
    """
    part = _part(span) if span else F("matter")
    found = overseen(actor, low, high).annotate(part=part)
    made: dict[int, Tally] = defaultdict(Tally)
    counted = (
        found.filter(ended_at=None)
        .values("part")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=_in_state("late", today)),
            near=Count("pk", filter=_in_state("near", today)),
        )
    )
    for row in counted.order_by():
        one = made[row["part"]]
        one.open, one.late, one.near = row["open"], row["late"], row["near"]
    ended = found.filter(ended_at__gte=since).values("part", "version", "outcome")
    for end in ended.annotate(number=Count("pk")).order_by():
        meant = catalogue.pack(end["version"]).service.outcome(end["outcome"])
        meaning = meant.meaning if meant else "closed"
        made[end["part"]].add(Tally(ended={meaning: end["number"]}))
    return dict(made)


def standing(
    actor: Actor,
    low: int,
    high: int,
    *,
    state: CaseState,
    today: date,
    matter: int | None = None,
    own: int = 0,
    after: str = "",
    limit: int = 50,
) -> tuple[list[Standing], str]:
    """The cases behind a number, the soonest due first, and what asks for those behind them.

    `own` as in `within`. Raises ValueError for an `after` that no page gave out.
    """
    found = overseen(actor, low, high, own).filter(ended_at=None)
    found = found.filter(_in_state(state, today))
    if matter is not None:
        found = found.filter(matter=matter)
    if after:
        day, _, ident = after.partition("~")
        on, which = date.fromisoformat(day), UUID(ident)
        found = found.filter(Q(due_on__gt=on) | Q(due_on=on, pk__gt=which))
    cases = list(_narrow(found).order_by("due_on", "pk")[: limit + 1])
    shown = cases[:limit]
    more = f"{shown[-1].due_on.isoformat()}~{shown[-1].pk}" if len(cases) > limit else ""
    calendar, waits = ports.counting_calendar(), _waiting(shown)
    rows = [
        Standing(
            case,
            pack_of(case).service.name,
            clock.days_left(today, case.due_on, calendar),
            tuple(waits.get(case.pk, ())),
        )
        for case in shown
    ]
    return rows, more


def waiting_in(case: Case) -> tuple[Waiting, ...]:
    """The tasks of officials that a case waits for."""
    return tuple(_waiting([case]).get(case.pk, ()))


def waiting_in_each(cases: Sequence[Case], *, applicants: bool) -> dict[UUID, list[Waiting]]:
    """The tasks that some cases wait for, by case; those of applicants, too, if asked."""
    return _waiting(cases, applicants=applicants)


def _narrow(found: QuerySet[Case]) -> QuerySet[Case]:
    """Without what a list does not show."""
    return found.defer("variables", "state", "parts")


def _waiting(cases: Sequence[Case], *, applicants: bool = False) -> dict[UUID, list[Waiting]]:
    by_id = {case.pk: case for case in cases}
    items = WorkItem.objects.filter(case__in=by_id, closed_at=None, kind=Kind.TASK)
    known = catalogue.roles() if by_id else {}
    made: dict[UUID, list[Waiting]] = defaultdict(list)
    if not applicants:
        items = items.exclude(groups__contains=[access.APPLICANT])
    for item in items.order_by("due_on", "id"):
        case = by_id[item.case_id]
        item.case = case
        made[case.pk].append(
            Waiting(
                item.token,
                item.element,
                task_title(item, pack_of(case)),
                tuple(role_words(role, known) for role in item.groups),
                tuple(item.groups),
                access.place_of_task(item, case),
                item.headers.get("assigned_name", ""),
                item.assigned,
            )
        )
    return made


def _in_state(state: CaseState, today: date) -> Q:
    """Which open cases are so; one whose clock stands still is neither late nor at risk."""
    if state == "open":
        return Q(ended_at=None)
    calendar = ports.counting_calendar()
    day = clock.counting_day(today, calendar)
    if state == "late":
        return Q(due_on__lt=day, clock_stopped=None)
    return Q(due_on__gte=day, due_on__lte=_working_day_after(day, calendar), clock_stopped=None)


def _working_day_after(day: date, calendar: Calendar) -> date:
    left = _NEAR
    while left:
        day += timedelta(days=1)
        left -= calendar.works(day)
    return day
