"""Read figures: over time, by place, and down to the rows that they were computed of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers.declarations import used
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.codes.department import name_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.projection import LEVELS, Indicator, Period, inputs_of, period_of
from xiangyun.kernel.projection.statement import facts_sql

from .figures import indicators
from .models import Computed, Figure
from .rows import compiled, rows_of

__all__ = ["Board", "Figures", "Place", "Traced", "board", "computed", "indicators", "trace"]
MONTHS_SHOWN = 13
"""Periods over time: a year, and the same period of the year before."""
FACTS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A division with the value of a figure, the one before and the one a year before."""

    division: int
    name: Text
    value: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    deeper: bool


@dataclass
class Figures:
    """One indicator in one place: over time, by the divisions below, by its parts."""

    indicator: Indicator
    period: Period
    series: list[tuple[Period, Decimal | None]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    parts: list[tuple[Text, Decimal | None]] = field(default_factory=list)
    computed: Computed | None = None

    @property
    def value(self) -> Decimal | None:
        """That of the period."""
        return dict(self.series).get(self.period)

    @property
    def change(self) -> Decimal | None:
        """By how much it differs from the period before."""
        before, now = dict(self.series).get(self.period.later(-1)), self.value
        return None if before is None or now is None else now - before


@dataclass(frozen=True, slots=True)
class Board:
    """The indicators of a place."""

    place: int
    name: Text
    figures: tuple[Figures, ...]


def computed() -> dict[str, Computed]:
    """How far each indicator has come."""
    with acting_as(SYSTEM):
        return {each.indicator: each for each in Computed.objects.all()}


def board(
    place: int,
    on: date,
    *,
    only: Sequence[str] = (),
    period: str = "",
    periods: int = MONTHS_SHOWN,
) -> Board:
    """The indicators in force that reach a place, as of the last period that has figures by a day.

    `only`: some of them; `period`: the code of another period; `periods`: how many over time. Three
    statements, whatever there is.
    """
    every = indicators().items()
    known = {k: v for k, v in every if (k in only if only else not v.under)}
    below = divisions.children(place)
    told = {int(c.code): c.words for c in below}
    own = divisions.division(f"{place:012}")
    level = codes.level(f"{place:012}")
    digits = LEVELS.get(level, 2)
    if not only:  # a board of a village shows what is computed for villages
        known = {k: v for k, v in known.items() if LEVELS[v.level] >= digits}
    under = next((d for d in LEVELS.values() if d > digits), 12)
    with acting_as(SYSTEM):
        rows = _figures(list(known), place, digits, under, on)
        done = {each.indicator: each for each in Computed.objects.filter(pk__in=list(known))}
    asked = _Asked(place, digits, under, told, own.words, on, period, periods)
    by_id: dict[str, list[Mapping[str, Any]]] = {id_: [] for id_ in known}
    for row in rows:
        by_id[row["indicator"]].append(row)
    return Board(
        place,
        own.words,
        tuple(
            _one(indicator, by_id[id_], asked, done.get(id_)) for id_, indicator in known.items()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The place with the digits of its level and of the one below, what lies below it, and when."""

    place: int
    digits: int
    under: int
    below: Mapping[int, Text]
    name: Text
    on: date
    period: str
    periods: int


def _figures(
    ids: Sequence[str], place: int, digits: int, under: int, on: date
) -> list[dict[str, Any]]:
    low, high = codes.subtree(f"{place:012}")
    wanted = Figure.objects.filter(
        indicator__in=ids,
        level__in=(digits, under),
        place__range=(low, high),
        period__lte=on,
        period__gte=date(on.year - 4, 1, 1),
    )
    fields = ("indicator", "period", "level", "place", "part", "value")
    return list(wanted.values(*fields).order_by("period", "place", "part"))


def _one(
    indicator: Indicator, rows: Sequence[Mapping[str, Any]], asked: _Asked, done: Computed | None
) -> Figures:
    own = [row for row in rows if row["level"] == asked.digits and row["place"] == asked.place]
    whole = {row["period"]: row["value"] for row in own if row["part"] == ""}
    last = _period(indicator, sorted(whole), asked)
    found = Figures(indicator, last, computed=done)
    found.series = [
        (each, whole.get(each.first))
        for each in (last.later(-steps) for steps in reversed(range(asked.periods)))
    ]
    below = {
        (row["place"], row["period"]): row["value"]
        for row in rows
        if row["level"] == asked.under != asked.digits and row["part"] == ""
    }
    # What an indicator is not computed for has no row, rather than a row of nothing.
    reaches = LEVELS[indicator.level] >= asked.under
    for one in sorted({*asked.below, *(place for place, _ in below)}) if reaches else ():
        now, before, year = (
            below.get((one, day.first)) for day in (last, last.later(-1), last.year_before)
        )
        known = one in asked.below
        if known or (now, before, year) != (None, None, None):
            name = asked.below.get(one) or Text("{place}本级", "{place} itself", place=asked.name)
            found.places.append(Place(one, name, now, before, year, known))
    found.parts = [
        (_part(indicator, row["part"]), row["value"])
        for row in own
        if row["part"] and row["period"] == last.first and row["value"] is not None
    ]
    return found


def _part(indicator: Indicator, value: str) -> Text:
    """What a part is called: a department, an option of the register's field, else as it is."""
    over = indicator.over
    declared = used(over.code).declaration if over and over.kind == "register" else None
    field_ = declared.by_name.get(indicator.part) if declared else None
    option = field_.option(value) if field_ else None
    return name_of(value) or (option.words if option else Text.given(value, value))


def _period(indicator: Indicator, days: Sequence[date], asked: _Asked) -> Period:
    """The one that was chosen, where it has figures; else the last that is over, or the running."""
    running = period_of(asked.on, indicator.period)
    for day in days:
        if period_of(day, indicator.period).code == asked.period:
            return period_of(day, indicator.period)
    over = [day for day in days if day < running.first]
    return period_of(over[-1], indicator.period) if over else running


@dataclass(frozen=True, slots=True)
class Traced:
    """Where a figure comes from: other figures by name and period, or rows that were counted."""

    indicator: Indicator
    period: Period
    inputs: tuple[tuple[Indicator, Period, Decimal | None], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    more: bool = False


def trace(actor: Actor, id_: str, place: int, period: Period) -> Traced | None:
    """What a figure is made of. Rows are those that the official may see, and none beside.

    None where there is no such indicator.
    """
    known = indicators()
    indicator = known.get(id_)
    if indicator is None:
        return None
    if indicator.over is None:
        found = []
        for each in inputs_of(indicator, known).inputs:
            when = {"now": period, "before": period.later(-1), "year_before": period.year_before}
            found.append((known[each.id], when[each.when], _value(each.id, place, when[each.when])))
        return Traced(indicator, period, tuple(found))
    low, high = codes.subtree(f"{place:012}")
    with acting_as(SYSTEM):
        asked = rows_of(indicator.over, [period])
    sql = compiled(lambda rows: facts_sql(indicator, rows, "postgres"), asked.rows)
    columns = list(asked.rows.types)[:8]
    shown = ", ".join(["_key", "_division", *(f'"{name}"' for name in columns)])
    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {shown} FROM ({sql}) f
            WHERE _division BETWEEN %(low)s AND %(high)s ORDER BY _division, _key
            LIMIT {FACTS_SHOWN + 1}""",
            {**asked.values, "low": low, "high": high},
        )
        rows = cursor.fetchall()
    shown_rows = tuple(tuple(row) for row in rows[:FACTS_SHOWN])
    names = ("key", "division", *columns)
    return Traced(indicator, period, (), names, shown_rows, len(rows) > FACTS_SHOWN)


def _value(id_: str, place: int, period: Period) -> Decimal | None:
    digits = LEVELS.get(codes.level(f"{place:012}"), 2)
    with acting_as(SYSTEM):
        found = Figure.objects.filter(
            indicator=id_, period=period.first, level=digits, place=place, part=""
        )
        return found.values_list("value", flat=True).first()
