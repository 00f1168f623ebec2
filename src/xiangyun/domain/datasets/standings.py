"""Who stands where in a scheme of points: ranks, what each part gave, what would change a rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import LEVELS, Indicator, Part, Period, period_of

from .figures import indicators
from .models import Figure

MONTHS = 13


@dataclass(frozen=True, slots=True)
class Standing:
    """A place: its rank from 1 (alike with those of as many points), points, and its last year."""

    rank: int
    division: int
    name: Text
    points: Decimal
    series: tuple[tuple[Period, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A part of the scheme in one place; `points` None where nobody knows."""

    part: Part
    depth: int
    points: Decimal | None

    @property
    def lost(self) -> Decimal:
        """How many points are missing to all of them."""
        return self.part.points - (self.points or Decimal(0))


@dataclass(frozen=True, slots=True)
class Step:
    """What one leaf could still give; `enough`: it alone would pass whoever stands before."""

    scored: Scored
    enough: bool


def schemes() -> dict[str, Indicator]:
    """The schemes in force, by their ids."""
    return {id_: each for id_, each in indicators().items() if each.scheme}


def standings(
    scheme: Indicator, level: str, on: date, period: str = ""
) -> tuple[Period, list[Standing]]:
    """The places of a level by their points in a period: the one that is named, else the last one
    that is over and has figures. Statistical zones, which are no divisions of law, have no rank."""
    digits = LEVELS[level]
    with acting_as(SYSTEM):
        rows = list(
            Figure.objects.filter(
                indicator=scheme.id,
                level=digits,
                part="",
                value__isnull=False,
                period__gte=date(on.year - 2, 1, 1),
                period__lte=on,
            ).values_list("place", "period", "value")
        )
    shown = _period(scheme, sorted({row[1] for row in rows}), on, period)
    official = {
        int(one.code): one.words
        for one in divisions.Division.objects.filter(pk__in={row[0] for row in rows}, official=True)
    }
    values: dict[int, dict[date, Decimal]] = {}
    for place, day, value in rows:
        if place in official and value is not None:
            values.setdefault(place, {})[day] = value
    months = [shown.later(-back) for back in reversed(range(MONTHS))]
    known = sorted(
        ((found[shown.first], place) for place, found in values.items() if shown.first in found),
        key=lambda each: (-each[0], each[1]),
    )
    every = [points for points, _ in known]
    return shown, [
        Standing(
            every.index(points) + 1,
            place,
            official[place],
            points,
            tuple((month, values[place].get(month.first)) for month in months),
        )
        for points, place in known
    ]


def scored(scheme: Indicator, place: int, period: Period) -> list[Scored]:
    """Every part of the scheme in one place, each above those that it is made of."""
    parts = list(_walked(scheme.scheme))
    ids = [part.id for part, _ in parts]
    values = inputs(ids, place, period)
    return [Scored(part, depth, values.get(part.id)) for part, depth in parts]


def steps(found: Sequence[Scored], gap: Decimal) -> list[Step]:
    """The leaves that could give more, the most first; those with a source alone."""
    open_ = [
        each for each in found if not each.part.parts and each.points is not None and each.lost > 0
    ]
    open_.sort(key=lambda each: (-each.lost, each.part.id))
    return [Step(each, each.lost > gap) for each in open_]


def _walked(parts: Sequence[Part], depth: int = 1) -> list[tuple[Part, int]]:
    found = []
    for part in parts:
        found += [(part, depth), *_walked(part.parts, depth + 1)]
    return found


def inputs(ids: Sequence[str], place: int, period: Period) -> Mapping[str, Decimal | None]:
    """Figures of one place and period, by their ids."""
    with acting_as(SYSTEM):
        return dict(
            Figure.objects.filter(
                indicator__in=ids,
                place=place,
                level=LEVELS[codes.level(f"{place:012}")],
                part="",
                period=period.first,
            ).values_list("indicator", "value")
        )


def _period(scheme: Indicator, days: Sequence[date], on: date, asked: str) -> Period:
    running = period_of(on, scheme.period)
    named = [period_of(day, scheme.period) for day in days]
    chosen = [each for each in named if each.code == asked]
    over = [each for each in named if each.first < running.first]
    return (chosen or over[-1:] or [running])[0]
