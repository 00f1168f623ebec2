"""What is computed over: records in force and cases, as queries with their periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlglot import exp

from xiangyun.domain.bookings.statistics import booking_rows
from xiangyun.domain.cases.queries.statistics import case_rows
from xiangyun.domain.registers.declarations import used
from xiangyun.domain.registers.inforce import rows_in_force
from xiangyun.kernel.dmn.sqlrows import KINDS, in_json
from xiangyun.kernel.pack.kinds.indicator import open_types
from xiangyun.kernel.projection import BOOKING_FIELDS, CASE_FIELDS, Over, Period
from xiangyun.kernel.projection.statement import Rows

_PLAIN = {"moment": "date"}
_HOLE = "(:rows:)"


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows, and the values of the parameters that stand in them."""

    rows: Rows
    values: Mapping[str, Any]


def compiled(make: Callable[[Rows], str], rows: Rows) -> str:
    """A statement over rows whose query holds parameters; what else holds a `%` keeps it."""
    return make(replace(rows, sql=_HOLE)).replace("%", "%%").replace(_HOLE, rows.sql)


def rows_of(over: Over, periods: Sequence[Period], *, through: date | None = None) -> Asked:
    """The rows of some periods, whole as statistics see them: to be run as the platform.

    Those with a date belong to the period that it lies in, and are seen as on the last day; the
    others are counted once for each period, as they stood on its last day. `through`: the day that
    counts as the last of a period that is not over. Raises NotFound for a register nobody declares.
    """
    assert periods
    if over.kind == "cases":
        types: Mapping[str, str] = {
            **CASE_FIELDS,
            **dict.fromkeys(over.answers, "text"),
            **dict.fromkeys(over.findings, "integer"),
        }
        values: dict[str, Any] = {"service": over.code}
    elif over.kind == "bookings":
        types, values = BOOKING_FIELDS, {"resource": over.code}
    else:
        register = used(over.code)
        assert register.declaration is not None
        types = {
            name: _PLAIN.get(type_, type_)
            for name, type_ in open_types(register.declaration).items()
            if type_ in KINDS
        }
        values = {"register": register.code}
    sql = _dated(over, types, periods, values, through) if over.at else _standing(
        over, types, periods, through
    )  # fmt: skip
    return Asked(Rows(sql, types), values)


def _fields(over: Over, types: Mapping[str, str], on: str) -> str:
    """A query with a column for each field, `_key` and `_division`, as it stands on a day."""
    if over.kind == "cases":
        return case_rows(on, answers=over.answers, findings=over.findings, secret=over.secret)
    if over.kind == "bookings":
        return booking_rows()
    data = exp.column("data", table="r")
    columns = [
        f'{in_json(data, name, type_).sql(dialect="postgres", identify=True)} AS "{name}"'
        for name, type_ in types.items()
    ]
    held = rows_in_force(on=on)
    named = ", ".join(["r.key AS _key", "r.division AS _division", *columns])
    return f"SELECT {named} FROM ({held}) r"


def _dated(
    over: Over,
    types: Mapping[str, str],
    periods: Sequence[Period],
    values: dict[str, Any],
    through: date | None,
) -> str:
    last = min(periods[-1].last, through) if through else periods[-1].last
    values |= {"first": periods[0].first, "last": last}
    length, at = periods[0].length, f'of_day."{over.at}"'
    return f"""
SELECT of_day.*, date_trunc('{length}', {at})::date AS _period, %(last)s::date AS "_on"
FROM ({_fields(over, types, "%(last)s::date")}) of_day
WHERE {at} BETWEEN %(first)s AND %(last)s"""


def _standing(
    over: Over, types: Mapping[str, str], periods: Sequence[Period], through: date | None
) -> str:
    days = ", ".join(
        f"(date '{each.first}', date '{min(each.last, through) if through else each.last}')"
        for each in periods
    )
    fields = _fields(over, types, "p.last")
    open_then = ""
    if over.kind == "cases":
        open_then = """
WHERE of_day.submitted <= p.last AND (of_day.ended IS NULL OR of_day.ended > p.last)"""
    return f"""
SELECT of_day.*, p.first AS _period, p.last AS "_on"
FROM (VALUES {days}) AS p(first, last) CROSS JOIN LATERAL ({fields}) of_day{open_then}"""
