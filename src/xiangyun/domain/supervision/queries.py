"""How a place stands, the cases behind each number, and the words said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.tallies import Tally
from xiangyun.kernel.codes.department import key_of, name_of
from xiangyun.kernel.findings import Text

from .models import Order

__all__ = [
    "Order",
    "Part",
    "Place",
    "about",
    "behind",
    "ended",
    "given",
    "place",
    "said_about",
    "to_answer",
    "waiting",
]
SPANS = {2: 10**8, 3: 10**6, 4: 10**3, 5: 1, 6: 1}
"""By the level of a place (2: a province, GB/T 39554), how many codes each part below it has."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a place, or a department in it, with its numbers; `code` 0 is the place itself."""

    code: int
    name: Text
    tally: cases.Tally


@dataclass(frozen=True, slots=True)
class Place:
    """How a place stands: in all, by what lies below it, and by department."""

    code: int
    name: Text
    level: int
    whole: cases.Tally
    parts: tuple[Part, ...]
    departments: tuple[Part, ...]


def place(actor: Actor, code: int, *, today: date) -> Place:
    """The cases of a place within sight, those that ended this month by what came of them.

    Raises `Division.DoesNotExist` for a place that is none.
    """
    found = divisions.division(code)
    low, high = divisions.subtree(code)
    since = _month(today)
    span = SPANS[found.level]
    by_part = cases.tallies(actor, low, high, span, since=since, today=today)
    by_matter = cases.tallies(actor, low, high, 0, since=since, today=today)
    whole = cases.Tally()
    for tally in by_part.values():
        whole.add(tally)
    return Place(
        code, found.words, found.level, whole, _parts(found, by_part, span), _matters(by_matter)
    )


def behind(
    actor: Actor,
    code: int,
    *,
    state: cases.CaseState,
    today: date,
    matter: int | None,
    after: str,
    own: bool = False,
) -> tuple[list[cases.Standing], str]:
    """The cases behind a number of a place; with `own` those alone that lie in none of its parts.

    Raises ValueError for no place in the list.
    """
    low, high = divisions.subtree(code)
    span = _span(code) if own else 0
    return cases.standing(
        actor, low, high, state=state, today=today, matter=matter, own=span, after=after
    )


def ended(
    actor: Actor,
    code: int,
    *,
    meanings: frozenset[str],
    today: date,
    matter: int | None,
    skip: int,
    own: bool = False,
) -> tuple[list[cases.Ended], bool]:
    """The cases behind a number of what ended this month, and whether more lie behind them."""
    low, high = divisions.subtree(code)
    since, span = _month(today), _span(code) if own else 0
    return cases.ended_with(
        actor, low, high, meanings=meanings, since=since, matter=matter, own=span, skip=skip
    )


def _span(code: int) -> int:
    return SPANS[divisions.division(code).level]


def _month(today: date) -> datetime:
    return timezone.make_aware(datetime.combine(today.replace(day=1), time()))


def said_about(rows: Sequence[cases.Standing]) -> dict[tuple[object, str], Order]:
    """The last word about each task of these cases, by case and task."""
    found = Order.objects.filter(case__in=[row.case.pk for row in rows]).order_by("at")
    return {(each.case_id, each.token): each for each in found}


def about(case: UUID, token: str) -> list[Order]:
    """What has been said about a task, the latest first."""
    return list(Order.objects.filter(case=case, token=token).order_by("-at"))


def to_answer(actor: Actor) -> QuerySet[Order]:
    """Orders in the places of an official that wait for an answer, the soonest due first."""
    within = Q(pk__in=[])
    for mandate in actor.mandates:
        within |= Q(place__range=(mandate.low, mandate.high))
    open_ = Order.objects.filter(within, due_on__isnull=False, answered_at=None)
    if actor.account is not None:
        open_ = open_.exclude(by=actor.account)
    return open_.select_related("case").order_by("due_on", "at")


def given(actor: Actor) -> QuerySet[Order]:
    """What an overseer has said, the latest first."""
    if actor.account is None:
        return Order.objects.none()
    return Order.objects.filter(by=actor.account).select_related("case").order_by("-at")


def waiting(actor: Actor) -> int:
    """How many orders wait for an answer in the places of an official."""
    return to_answer(actor).count()


def waiting_orders(actor: Actor) -> Tally | int:
    """The question how many of `to_answer` there are."""
    return Tally.of(to_answer(actor))


def _parts(
    place: divisions.Division, tallies: dict[int, cases.Tally], span: int
) -> tuple[Part, ...]:
    """Each division below, also those without a case; what lies in the place itself comes first."""
    names = {each.code: each.words for each in divisions.children(place.code)}
    if not names:
        return ()
    made = [
        Part(code, name, tallies.pop(code // span, cases.Tally())) for code, name in names.items()
    ]
    own = cases.Tally()
    for tally in tallies.values():
        own.add(tally)
    if own.open or own.ended:
        made.insert(0, Part(place.code, Text("本级", "{name} itself", name=place.words), own))
    return tuple(made)


def _matters(tallies: dict[int, cases.Tally]) -> tuple[Part, ...]:
    nobodys = Text("不属于任何部门", "No department")
    made = [
        Part(number, name_of(key_of(number)) or nobodys, tally) for number, tally in tallies.items()
    ]
    return tuple(sorted(made, key=lambda part: (-part.tally.late, -part.tally.open, part.code)))
