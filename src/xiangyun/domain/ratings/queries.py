"""Read ratings: of one's own case, and the public figures by office and by service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from django.db.models import Avg, Count, Q

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases

from .models import Rating
from .tags import LOW

_CASES = UUID("0f6f1c52-93a6-5f0a-8a53-8f4a1f3a9d27")
"""The space of names in which ratings of cases lie (RFC 9562, 5.5)."""
FEWEST = 5
"""Of fewer ratings than these no figure is shown: it would say what single people thought."""


def of_case(case_id: UUID) -> UUID:
    """The id of the rating of a case."""
    return uuid5(_CASES, str(case_id))


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """What the party acted for thought of its own cases, for a copy of all own data.

    Only whoever rated is led from a case to its rating; see `of_case`.
    """
    after = ""
    while found := cases.my_cases(actor, after=after, limit=_PIECE):
        mine = {of_case(case.pk): case.number for case in found if case.owner in actor.subjects}
        with acting_as(SYSTEM):
            rows = list(Rating.objects.filter(Q(pk__in=mine) | Q(first__in=mine)))
        for row in rows:
            number = mine[row.first_id or row.pk]
            told = {"stars": row.stars, "tags": row.tags, "words": row.words, "at": row.at}
            yield f"ratings/{number}{'-again' if row.first_id else ''}.json", told
        after = cases.place_of(found[-1])


_PIECE = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the rating of a case has come: rectified or not, rated again or not."""

    under_way: bool
    may_again: bool
    again: int | None


def standing(case_id: UUID) -> Standing:
    """For whoever rated; the caller has made sure of that."""
    with acting_as(SYSTEM):
        found = Rating.objects.filter(pk=of_case(case_id)).first()
        if found is None or found.rectification is None:
            return Standing(under_way=False, may_again=False, again=None)
        again = Rating.objects.filter(first=found).values_list("stars", flat=True).first()
    done = found.rectified_at is not None
    return Standing(under_way=not done, may_again=done and again is None, again=again)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was thought of one office or one service: how many, on average, how many were content.

    `division` and `matter` are 0 where it is a service in all places. `average` is stars with two
    decimals; `content` and `bad` are shares of 1, of three stars and more, of two and fewer;
    `rectified`: how many of the bad ones were rectified, None where none was bad.
    """

    service: str
    division: int
    matter: int
    count: int
    average: Decimal
    content: Decimal
    bad: Decimal
    rectified: Decimal | None


def by_office() -> list[Figures]:
    """Offices (division and department) with enough ratings, those with most ratings first."""
    return _figures("division", "matter")


def by_service() -> list[Figures]:
    """Services in all places, in the same way."""
    return _figures("service")


def _figures(*by: str) -> list[Figures]:
    with acting_as(SYSTEM):
        rows: Sequence[dict[str, object]] = list(
            Rating.objects.filter(first=None)
            .values(*by)
            .annotate(
                n=Count("id"),
                average=Avg("stars"),
                content=Count("id", filter=Q(stars__gt=LOW)),
                rectified=Count("id", filter=Q(stars__lte=LOW, rectified_at__isnull=False)),
            )
            .filter(n__gte=FEWEST)
            .order_by("-n", *by)
        )
    return [_read(row) for row in rows]


def _read(row: dict[str, object]) -> Figures:
    count, content, done = (int(str(row[name])) for name in ("n", "content", "rectified"))
    bad = count - content
    return Figures(
        service=str(row.get("service", "")),
        division=int(str(row.get("division", 0))),
        matter=int(str(row.get("matter", 0))),
        count=count,
        average=Decimal(str(row["average"])).quantize(Decimal("0.01")),
        content=(Decimal(content) / count).quantize(Decimal("0.001")),
        bad=(Decimal(bad) / count).quantize(Decimal("0.001")),
        rectified=(Decimal(done) / bad).quantize(Decimal("0.001")) if bad else None,
    )
