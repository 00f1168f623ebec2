"""The same decision by interpreter and by PostgreSQL, on generated expressions, tables and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import given, settings
from hypothesis import strategies as st

from xiangyun.kernel.dmn import Model, decide
from xiangyun.kernel.dmn.sql import decision_sql
from xiangyun.kernel.dmn.tests.test_sql import (
    COLUMNS,
    DEEP,
    DEFAULT,
    INPUTS,
    RANKED,
    STORED,
    literal,
    narrow,
    people,
    rules,
    table,
)

Ask = Callable[..., list[Any]]
_EXACT = ("DECIMAL(12,3)", "DECIMAL(12,3)")
# The narrowest type of PostgreSQL that holds what DuckDB's does.
_POSTGRES = {"TINYINT": "SMALLINT", "UTINYINT": "SMALLINT", "UINTEGER": "BIGINT"}


@pytest.fixture(scope="module")
def ask(django_db_setup: None) -> Iterator[Ask]:
    """Decide for each person in PostgreSQL."""
    given = connections["default"].settings_dict
    address = {name: given[name.upper()] for name in ("host", "port", "user", "password")}
    with psycopg.connect(dbname=given["NAME"], **address, autocommit=True) as connection:
        made: list[tuple[str, str]] = []

        def decided(
            model: Model, persons: list[dict[str, Any]], stored: tuple[str, str] = _EXACT
        ) -> list[Any]:
            if made != [stored]:
                made[:] = [stored]
                types = dict(zip(("age", "income"), stored, strict=True))
                columns = ", ".join(
                    f'"{name}" {types.get(name, COLUMNS[kind])}' for name, kind in INPUTS.items()
                )
                connection.execute("DROP TABLE IF EXISTS people")
                connection.execute(f"CREATE TEMP TABLE people (number INTEGER, {columns})")
            connection.execute("TRUNCATE people")
            places = ", ".join(["%s"] * (len(INPUTS) + 1))
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO people VALUES ({places})",
                    [(n, *(p.get(name) for name in INPUTS)) for n, p in enumerate(persons)],
                )
            sql = decision_sql(model, "d", "postgres").replace("%", "%%")
            rows = connection.execute(f"SELECT {sql} FROM people ORDER BY number", []).fetchall()
            return [feel(row[0]) for row in rows]

        yield decided


def feel(value: Any) -> Any:
    """Numbers as FEEL has them."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def interpreted(model: Model, persons: list[dict[str, Any]]) -> list[Any]:
    return [decide(model, "d", person, trace=False).value for person in persons]


@settings(max_examples=80)
@given(st.one_of(*DEEP), people)
def test_expressions_mean_the_same_in_postgresql(
    ask: Ask, expression: str, persons: list[dict[str, Any]]
) -> None:
    model = literal(expression)
    assert ask(model, persons) == interpreted(model, persons)


@settings(max_examples=50)
@given(
    rules,
    people,
    st.sampled_from(["UNIQUE", "ANY", "FIRST", "SUM", "COUNT", "MIN", "MAX"]),
    st.sampled_from(["<output/>", DEFAULT]),
)
def test_tables_decide_the_same_in_postgresql(
    ask: Ask, rows: list[Any], persons: list[dict[str, Any]], policy: str, output: str
) -> None:
    aggregated = policy in ("SUM", "COUNT", "MIN", "MAX")
    model = table(
        rows,
        "COLLECT" if aggregated else policy,
        ("age", "kind", "local", "born"),
        output,
        f'aggregation="{policy}"' if aggregated else "",
    )
    assert ask(model, persons) == interpreted(model, persons)


@settings(max_examples=20)
@given(
    rules.map(lambda rows: [(*row[:-1], row[-1] if row[-1] in "123" else "1") for row in rows]),
    people,
)
def test_priority_decides_the_same_in_postgresql(
    ask: Ask, rows: list[Any], persons: list[dict[str, Any]]
) -> None:
    model = table(rows, "PRIORITY", ("age", "kind", "local", "born"), RANKED)
    assert ask(model, persons) == interpreted(model, persons)


@settings(max_examples=40)
@given(st.one_of(*DEEP), narrow)
def test_expressions_mean_the_same_over_columns_of_any_width_in_postgresql(
    ask: Ask, expression: str, stored: tuple[tuple[str, str], list[dict[str, Any]]]
) -> None:
    storage, persons = stored
    assert set(storage) <= STORED.keys()
    types = tuple(_POSTGRES.get(each, each) for each in storage)
    model = literal(expression)
    assert ask(model, persons, types) == interpreted(model, persons)


@pytest.mark.parametrize("expression", ["age - 60", "age * income", "-age", "abs(age)", "age / 4"])
def test_numbers_are_widened_before_postgresql_computes_with_them(
    ask: Ask, expression: str
) -> None:
    low, high = map(Decimal, STORED["INTEGER"])
    persons = [{"age": a, "income": i} for a in (low, high) for i in (low, high)]
    model = literal(expression)
    assert ask(model, persons, ("INTEGER", "INTEGER")) == interpreted(model, persons)
