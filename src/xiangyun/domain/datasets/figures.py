"""Computing indicators: one statement for each, whatever the number of rows, periods and places.

A figure that lies in the past is computed when its period is over, and anew when its declaration
changes. The period that is running is computed as it stands, each time.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.projection import (
    Indicator,
    Input,
    Period,
    between,
    in_order,
    inputs_of,
    period_of,
)
from xiangyun.kernel.projection.statement import Rows, composed_sql, figures_sql

from .models import Computed, Figure
from .rows import compiled, rows_of

_log = logging.getLogger(__name__)
MOST = 36
"""So many periods back an indicator is computed that nobody computed yet."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did for one indicator; `problem`: why it could not be computed."""

    id: str
    name: Text
    periods: int
    figures: int
    problem: Text | None = None


def indicators() -> dict[str, Indicator]:
    """The indicators in force, by their ids."""
    with acting_as(SYSTEM):
        return {each.code: each.value for each in catalogue.declared("indicator")}


def compute(
    on: date, *, at: datetime, only: str = "", since: date | None = None, anew: bool = False
) -> list[Ran]:
    """Bring every indicator in force up to a day, those that others are made of first.

    `since`: the day from which on figures are wanted that were never computed; otherwise the last
    `MOST` periods. `anew`: those that are there already, too. Each is a transaction of its own.
    """
    known = indicators()
    wanted = {only, *inputs_of(known[only], known).all_below} if only in known else set(known)
    if only and only not in known:
        return []
    ran = []
    for indicator in in_order(known):
        if indicator.id in wanted:
            ran.append(_compute(indicator, known, on, at, since, anew=anew))
    return ran


def compute_soon() -> None:
    """Let the worker bring the figures up to today, without waiting for the night."""
    app.configure_task("datasets.compute", queue="datasets").defer(timestamp=0)


def _compute(
    indicator: Indicator,
    known: Mapping[str, Indicator],
    on: date,
    at: datetime,
    since: date | None,
    *,
    anew: bool,
) -> Ran:
    try:
        with acting_as(SYSTEM), transaction.atomic():
            version = catalogue.declared_version("indicator", indicator.id)
            before = Computed.objects.select_for_update().filter(pk=indicator.id).first()
            kept = before if before and before.version == version and not anew else None
            periods = _missing(indicator, kept, on, since)
            count = figures_of(indicator, known, periods, on)
            first = kept.since if kept and kept.since else periods[0].first
            done = {
                "version": version,
                "since": min(first, periods[0].first),
                "through": period_of(on, indicator.period).first,
                "at": at,
                "problem": "",
            }
            Computed.objects.update_or_create(pk=indicator.id, defaults=done)
    except (Refused, DatabaseError) as problem:
        said = problem.summary if isinstance(problem, Refused) else _database(problem)
        with acting_as(SYSTEM):
            failed = {"problem": str(problem)[:500], "at": at}
            if not Computed.objects.filter(pk=indicator.id).update(**failed):
                Computed.objects.create(pk=indicator.id, version=0, **failed)
        return Ran(indicator.id, indicator.name, 0, 0, said)
    return Ran(indicator.id, indicator.name, len(periods), count)


def _database(problem: DatabaseError) -> Text:
    told = (str(problem).splitlines() or [""])[0]
    return Text("数据库没有算出来：{why}", "The database could not compute it: {why}", why=told)


def _missing(
    indicator: Indicator, kept: Computed | None, on: date, since: date | None
) -> list[Period]:
    """From the last period that may have been incomplete on, or all of them."""
    running = period_of(on, indicator.period)
    wanted = period_of(since, indicator.period) if since else None
    if kept is None or kept.through is None or kept.since is None:
        first = wanted or running.later(1 - MOST)
    elif wanted is not None and wanted.first < kept.since:
        first = wanted
    else:
        first = period_of(kept.through, indicator.period)
    return list(between(min(first, running), running))


def figures_of(
    indicator: Indicator, known: Mapping[str, Indicator], periods: Sequence[Period], on: date
) -> int:
    """Replace the figures of some periods, as they stand on a day; how many there are now."""
    if indicator.of is not None:
        inputs = inputs_of(indicator, known).inputs
        types = {each.name: "number" for each in inputs}
        values: dict[str, Any] = {}
        rows = Rows(_beside(inputs, known, periods, values), types, has_period=False)
        sql = compiled(lambda rows: composed_sql(indicator, rows, "postgres"), rows)
    else:
        assert indicator.over is not None
        asked = rows_of(indicator.over, periods, through=on)
        values = dict(asked.values)
        sql = compiled(lambda rows: figures_sql(indicator, rows, "postgres"), asked.rows)
    counted, value = "counted", "value"
    if few := indicator.few:  # of few nothing is kept, of more how many times so many it is
        counted = value = f"CASE WHEN value >= {few} THEN round(value::numeric / {few}) * {few} END"
        counted = f"coalesce({counted}, 0)"
    days = [each.first for each in periods]
    Figure.objects.filter(indicator=indicator.id, period__in=days).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
INSERT INTO datasets_figure (indicator, period, level, place, part, counted, value)
SELECT %(indicator)s, period, level, place, part, {counted}, {value} FROM ({sql}) AS made""",
            {**values, "indicator": indicator.id},
        )
        return int(cursor.rowcount)


def _beside(
    inputs: Sequence[Input],
    known: Mapping[str, Indicator],
    periods: Sequence[Period],
    values: dict[str, Any],
) -> str:
    """A query with a column for each figure that a formula names, side by side.

    What is counted or summed up is 0 where there were no rows; of nothing else is known then.
    """
    days = ", ".join(
        f"(date '{p.first}', date '{p.later(-1).first}', date '{p.year_before.first}')"
        for p in periods
    )
    columns = []
    for number, each in enumerate(inputs):
        values[f"input{number}"] = each.id
        own = f"f.indicator = %(input{number})s AND f.period = p.{each.when}"
        found = f"max(f.value) FILTER (WHERE {own})"
        measure = known[each.id].measure
        if measure is not None and measure.kind in ("count", "sum", "distinct"):
            found = f"coalesce({found}, 0)"
        columns.append(f'{found} AS "{each.name}"')
    values["inputs"] = list({each.id for each in inputs})
    return f"""
SELECT p.now AS period, f.level, f.place, f.part, {", ".join(columns)}
FROM (VALUES {days}) AS p(now, before, year_before)
JOIN datasets_figure f ON f.indicator = ANY(%(inputs)s)
    AND f.period IN (p.now, p.before, p.year_before)
GROUP BY p.now, f.level, f.place, f.part
HAVING bool_or(f.period = p.now)"""
