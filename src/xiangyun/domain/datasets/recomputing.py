"""Registers decided anew: one statement decides every record, and what changed is recorded.

`recomputed` of population.yaml says which register, how often, and which fields take what of the
decision. What is recorded goes the way of a load: facts from the day on, one entry of the journal
with the root over each batch of them. A record that comes out the same is left as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.registers import inforce, settled
from xiangyun.domain.registers.loading import Order, load
from xiangyun.domain.registers.queries import used
from xiangyun.domain.registers.sql import entitlements
from xiangyun.domain.registers.sql.snapshots import Run
from xiangyun.domain.registers.sql.tables import Table, name_in, text_in
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.occasion.condition import condition_sql
from xiangyun.kernel.pack import Pack
from xiangyun.kernel.projection import Written
from xiangyun.kernel.projection.population import FILE as POPULATION
from xiangyun.kernel.projection.population import Recomputed as Declared
from xiangyun.kernel.projection.population import period_of
from xiangyun.kernel.record import Field, Register
from xiangyun.kernel.worktime.office import office_zone

from .models import Recomputed

PROVINCE = 220000000000
AT_ONCE = 200_000
"""So many changed records are held in memory; the statement runs again for more."""
_DIALECT: Dialect = "postgres"
_ROW = "record_of_row"
_TYPES = {
    "text": "text",
    "choice": "text",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
}


def due(on: date) -> list[Pack]:
    """The packs whose decision is to be made anew on a day: not yet done in its period."""
    with acting_as(SYSTEM):
        found = []
        for pack in catalogue.packs_with(POPULATION):
            declared = pack.population.recomputed if pack.population else None
            if (
                declared is not None
                and not Recomputed.objects.filter(
                    pack=pack.code, period=period_of(declared.every, on)
                ).exists()
            ):
                found.append(pack)
    return found


def recompute_what_is_due(on: date, *, at: datetime) -> Iterator[tuple[str, int | Refused]]:
    """Decide anew what is due; for each pack how many records changed, or why none could."""
    for pack in due(on):
        try:
            yield pack.code, recompute(pack, on, at=at)
        except Refused as refused:
            yield pack.code, refused


def recompute(pack: Pack, on: date, *, at: datetime, at_once: int = AT_ONCE) -> int:
    """Decide every record of the declared register anew as of a day, and record what changed.

    All of it or nothing. Raises Conflict `dataset.E040` for a pack that declares none, and Refused
    where rules cannot be said in SQL, or a record would not be one of its register.
    """
    declared = pack.population.recomputed if pack.population else None
    if declared is None:
        raise Conflict([_nothing(pack.code)])
    sql, changed = statement(pack, on), 0
    with acting_as(SYSTEM):
        while rows := _changed(sql, at_once):
            read = _Rows(pack.code, declared, on, changed, rows)
            order = Order(
                declared.register,
                source=pack.code,
                at=at,
                valid_from=on,
                why=str(Text("按规则重算", "decided anew").zh),
                using="default",
            )
            changed += load(order, read, _whole).facts
            if len(rows) < at_once:
                break
        period = period_of(declared.every, on)
        Recomputed.objects.get_or_create(
            pack=pack.code, period=period, defaults={"on": on, "at": at, "changed": changed}
        )
        _record(pack.code, declared, on, changed, at)
    return changed


def statement(pack: Pack, on: date) -> str:
    """The one statement: what changed, as `data, valid_to`, then the new values by their fields."""
    population = pack.population
    declared = population.recomputed if population else None
    register = used(declared.register).declaration if declared else None
    if population is None or declared is None or register is None:
        raise Conflict([_nothing(pack.code)])
    table = _table(register, declared, on)
    named = {each.name: Written(each.name) for each in declared.counts}
    population = replace(
        population,
        key=_ROW,
        place=None,
        sums={},
        groups={},
        columns={**population.columns, **named},
    )
    run = Run(table, _DIALECT, on, {}, str(office_zone()))
    prepared, (plan,) = entitlements.planned([pack], population, run)
    rows = Table(f"({prepared}) AS prepared", dict.fromkeys(plan.kinds, "text"))
    listed = entitlements.listed(plan, rows, lambda _: dict.fromkeys(plan.kinds, "text"))
    new = [(name, f"made.{name_in(_DIALECT, column)}") for name, column in declared.fields.items()]
    differs = " OR ".join(_differs(register, name, sql) for name, sql in new)
    chosen = ", ".join(sql for _, sql in new)
    return (
        f"SELECT seen.data, fact.valid_to, {chosen} FROM ({_rows(declared.register, on)}) AS seen"
        f" JOIN ({listed}) AS made ON made.{name_in(_DIALECT, _ROW)} = seen.id"
        f" JOIN registers_fact fact ON fact.id = seen.fact WHERE {differs} ORDER BY seen.id"
    )


def _differs(register: Register, name: str, new: str) -> str:
    """Whether a field becomes another value, compared as its type: 1.5 and 1.50 are one number."""
    kind = _type(register.by_name[name]) or "text"
    return f"(seen.data->>{text_in(_DIALECT, name)})::{kind} IS DISTINCT FROM ({new})::{kind}"


def _table(register: Register, declared: Declared, on: date) -> Table:
    """The rows in force with a column for each field, and for each count."""
    columns = {_ROW: "bigint"}
    chosen = [f"seen.id AS {name_in(_DIALECT, _ROW)}"]
    counted = {each.name for each in declared.counts}
    for field in register.fields:
        if field.name in counted or (type_ := _type(field)) is None:
            continue
        columns[field.name] = type_
        value = f"seen.data->>{text_in(_DIALECT, field.name)}"
        chosen.append(f"({value})::{type_} AS {name_in(_DIALECT, field.name)}")
    joined, key = "", f"seen.data->>{text_in(_DIALECT, register.key)}"
    for at, each in enumerate(declared.counts):
        other = used(each.register).declaration
        assert other is not None
        types = {field.name: field.type for field in other.fields}
        by = f"seen.data->>{text_in(_DIALECT, each.by)}"
        condition = condition_sql(each.when, types, on)
        if each.dated:
            day = f"(seen.data->>{text_in(_DIALECT, each.dated)})::date"
            condition = f"{condition} AND {day} > DATE '{on.isoformat()}' - {each.days:d}"
        joined += (
            f" LEFT JOIN (SELECT {by} AS whose, count(*) AS found"
            f" FROM ({_rows(each.register, on)}) AS seen"
            f" WHERE {condition} GROUP BY 1) AS counted_{at}"
            f" ON counted_{at}.whose = {key}"
        )
        columns[each.name] = "bigint"
        chosen.append(f"coalesce(counted_{at}.found, 0) AS {name_in(_DIALECT, each.name)}")
    rows = f"SELECT {', '.join(chosen)} FROM ({_rows(register.code, on)}) AS seen{joined}"
    return Table(f"({rows}) AS table_of_rows", columns)


def _rows(register: str, on: date) -> str:
    """The rows of a register in force on a day, with register and day written into the query."""
    query = inforce.rows_in_force(on=f"DATE '{on.isoformat()}'")
    return query.replace("%(register)s", text_in(_DIALECT, register))


def _type(field: Field) -> str | None:
    if field.sensitive:
        return None
    return f"numeric(38,{field.scale})" if field.type == "number" else _TYPES.get(field.type)


def _changed(sql: str, most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {most:d}")
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _whole(refused: Sequence[tuple[int, Finding]]) -> None:
    """What a decision gives is a record of its register, or none of it is recorded."""
    if refused:
        raise Refused([each for _, each in refused[:20]])


class _Rows:
    """Changed records as a load takes them."""

    written = False
    share = 1.0

    def __init__(
        self, pack: str, declared: Declared, on: date, before: int, rows: list[tuple[Any, ...]]
    ) -> None:
        self.name = f"{pack} {period_of(declared.every, on)}"
        # Another day, or another state of the register, is another delivery.
        told = f"{pack} {on} {settled.newest_fact()} {before}"
        self.digest = hashlib.sha256(told.encode()).hexdigest()
        self._declared, self._rows = declared, rows

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        """Each record with its new values, and until when it is true."""
        for line, (data, until, *new) in enumerate(self._rows[done:], done + 1):
            read = json.loads(data, parse_float=Decimal) if isinstance(data, str) else dict(data)
            read |= dict(zip(self._declared.fields, new, strict=True))
            yield line, {**read, "valid_to": until}


def _record(pack: str, declared: Declared, on: date, changed: int, at: datetime) -> None:
    journal.record(
        journal.entry_of(
            verb="register.recomputed",
            subject=f"register/{declared.register}",
            division=PROVINCE,
            owner=None,
            actor=None,
            actor_name=SYSTEM.name,
            desk="",
            at=at,
            data={"pack": pack, "on": on.isoformat(), "changed": changed},
        )
    )


def _nothing(code: str) -> Finding:
    return Finding(
        "dataset.E040",
        "error",
        Text("{code} 没有写明重算哪个库。", "{code} does not say what is decided anew.", code=code),
        hint=Text(
            "请在 population.yaml 里写 recomputed。", "Give `recomputed` in its population.yaml."
        ),
    )
