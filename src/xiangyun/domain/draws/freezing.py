"""The two lists of a draw, as the registers know them on a day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from xiangyun.domain.registers import inforce
from xiangyun.domain.registers.queries import used
from xiangyun.kernel.draw import Inspector, write_frame, write_inspectors
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.occasion.condition import condition_sql
from xiangyun.kernel.occasion.draws import DeclaredDraw
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.record import Register, as_seen

from .models import Visit

_AT_A_TIME = 5_000
_STEPS = (2, 4, 6, 9, 12)
"""The digits of a division's code that say province, prefecture, county, town, village."""


class Row:
    """A row of a register as a draw sees it: its key, place, data and values."""

    __slots__ = ("data", "division", "holder", "key", "values")

    def __init__(self, key: str, division: int, holder: Any, data: Any, register: Register) -> None:
        self.key, self.division, self.holder = key, division, holder
        self.data: dict[str, Any] = {
            name: value for name, value in data.items() if name not in register.sensitive
        }
        self.values: dict[str, Value] = as_seen(register, self.data)


def rows_of(code: str, when: Formula | None, on: date, keys: list[str] | None = None
) -> Iterator[Row]:  # fmt: skip
    """The rows of a register that a condition selects on a day, by their keys; `keys`: of these."""
    declared = used(code).declaration
    assert declared is not None
    types = {field.name: field.type for field in declared.fields if not field.sensitive}
    condition = condition_sql(when, types, on).replace("%", "%%").replace('"data"', 'row."data"')
    among = " AND row.key = ANY(%(keys)s)" if keys is not None else ""
    sql = f"SELECT key, division, holder, data FROM ({inforce.rows_in_force()}) row"
    sql += f" WHERE {condition}{among} ORDER BY id"
    with connection.cursor() as cursor:
        cursor.execute(sql, {"register": code, "on": on, "keys": keys})
        while found := cursor.fetchmany(_AT_A_TIME):
            for key, division, holder, data in found:
                read = json.loads(data, parse_float=Decimal) if isinstance(data, str) else data
                yield Row(key, division, holder, read, declared)


def frame_of(draw: DeclaredDraw, year: int, on: date) -> bytes:
    """`frame.csv`: every row that may be drawn, with its visits of the year so far.

    Raises Refused `draw.E002` for keys and classes that cannot stand there, and `draw.E007` for a
    weight or a cap that is no whole number.
    """
    visits = visits_of(draw.frame.register, year)
    strata = {name for name, _ in draw.strata}
    return write_frame(
        (
            row.key,
            str(row.data.get(draw.frame.stratum) or "-"),
            _place(row, draw.frame.place),
            _whole(draw.frame.weight, row, on, 1) or 0,
            visits[row.key],
            _whole(draw.frame.cap, row, on, None),
        )
        for row in rows_of(draw.frame.register, draw.frame.when, on)
        if str(row.data.get(draw.frame.stratum)) in strata
    )


def inspectors_of(draw: DeclaredDraw, on: date) -> bytes:
    """`inspectors.csv`: who may visit on a day, of the teams that take part."""
    people, teams = draw.inspectors, {name for name, _ in draw.teams}
    return write_inspectors(
        Inspector(
            row.key,
            str(row.data.get(people.team)),
            begin_of(_place(row, people.place)),
            people.at_most,
            frozenset(_listed(row.data.get(people.recused))),
        )
        for row in rows_of(people.register, people.when, on)
        if str(row.data.get(people.team)) in teams
    )


def visits_of(register: str, year: int) -> Counter[str]:
    """How often each object of a register was drawn for a visit in a year, by all draws."""
    drawn = Visit.objects.filter(register=register, year=year, skipped=False)
    return Counter(drawn.values_list("key", flat=True))


def begin_of(division: str) -> str:
    """How the codes of all divisions below one begin; a visit is made by whoever's place it is."""
    return next((division[:n] for n in _STEPS if not division[n:].strip("0")), division)


def _place(row: Row, field: str) -> str:
    given = row.data.get(field) if field else None
    return f"{int(given or row.division):012}"


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return str(value).split() if value else []


def _whole(formula: Formula | None, row: Row, on: date, usual: int | None) -> int | None:
    if formula is None:
        return usual
    value = formula.value({**row.values, ON: on})
    if value is None:
        return usual
    if not isinstance(value, Decimal) or value != int(value) or value < 0:
        raise Refused([_no_number(row.key, formula, value)])
    return int(value)


def _no_number(key: str, formula: Formula, value: Value) -> Finding:
    return Finding(
        "draw.E007",
        "error",
        Text(
            "抽查：{key} 的“{formula}”得出 {value}，不是非负整数。",
            "Draw: “{formula}” gives {value} for {key}, which is no whole number.",
            key=key,
            formula=formula.expression.source,
            value=str(value),
        ),
        formula.place,
        Text("请改正公式，或这条记录。", "Correct the formula, or the record."),
    )


Answers = Mapping[str, Value]
