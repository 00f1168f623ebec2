"""The two lists of a draw, as the registers know them on a day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from xiangyun.domain.files import queries as contents
from xiangyun.domain.registers import inforce
from xiangyun.domain.registers.queries import used
from xiangyun.kernel.draw import Inspector, read_inspectors, write_frame, write_inspectors
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.occasion.condition import condition_sql
from xiangyun.kernel.occasion.draws import DeclaredDraw
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.packfile.formulas import Formula
from xiangyun.kernel.record import Register, as_seen

from .models import Draw, Visit

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


def frame_of(
    draw: DeclaredDraw, year: int, on: date, within: tuple[int, int] | None = None
) -> bytes:
    """`frame.csv`: every row that may be drawn, with its visits of the year so far; `within`: of
    the divisions from one to another, both included.

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
        and (within is None or within[0] <= int(_place(row, draw.frame.place)) <= within[1])
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


def people_of(draw: DeclaredDraw, ordered: Draw) -> dict[str, dict[str, Any]]:
    """Who may visit in a draw that was ordered, by their codes, as answers of a case name them."""
    people = draw.inspectors
    frozen = read_inspectors(contents.content(ordered.inspectors))
    listed = {each.code: each.team for each in frozen}
    return {
        row.key: {
            "code": row.key,
            "name": row.data.get(people.name) if people.name else row.key,
            "account": row.data.get(people.account) if people.account else None,
            "team": listed[row.key],
        }
        for row in rows_of(people.register, None, ordered.ordered_on, list(listed))
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """What an object may expect: the codes of inspections and the register that holds them, and how
    often a year at most, None without a limit."""

    items_in: str
    items: tuple[str, ...]
    cap: int | None


def expected(draws: Iterable[DeclaredDraw], register: str, key: str, on: date) -> Expected | None:
    """What an object of a register may expect by the draws that are declared; None by none."""
    some = [draw for draw in draws if draw.frame.register == register]
    row = next(rows_of(register, None, on, [key]), None) if some else None
    if row is None:
        return None
    caps = [_whole(draw.frame.cap, row, on, None) for draw in some]
    named = next((draw.frame for draw in some if draw.frame.items), None)
    return Expected(
        named.items_in if named else "",
        tuple(_listed(row.data.get(named.items))) if named else (),
        min((cap for cap in caps if cap is not None), default=None),
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
