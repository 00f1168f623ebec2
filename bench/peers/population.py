"""DuckDB over a population: the SQL that the kernel compiles beside a hand-written CASE."""

from __future__ import annotations

from time import perf_counter

import duckdb
from measure import SEED, TABLE, options, tell

from xiangyun.kernel.dmn import read_model
from xiangyun.kernel.dmn.sql import decision_sql

MEMORY = "4GB"
BY_HAND = """CASE
    WHEN age < 60 THEN 0
    WHEN age < 80 AND income < 3000 AND kind = 'rural' AND local THEN 120
    WHEN age < 80 AND income < 3000 AND kind = 'urban' AND local THEN 100
    WHEN age < 80 AND income >= 3000 AND local THEN 50
    WHEN age < 80 AND NOT local THEN 20
    WHEN age >= 80 AND kind = 'rural' AND local THEN 300
    WHEN age >= 80 AND kind = 'urban' AND local THEN 250
    WHEN age >= 80 AND NOT local THEN 150
END"""
PEOPLE = f"""CREATE OR REPLACE TABLE people AS
WITH firsts AS (SELECT number, (number * 2654435761 + {SEED}) % 4294967296 AS first
                FROM range(?) AS numbers(number)),
     seconds AS (SELECT number, (xor(first, first >> 15) * 1103515245) % 4294967296 AS second
                 FROM firsts),
     thirds AS (SELECT number, xor(second, second >> 13) AS third FROM seconds),
     fourths AS (SELECT number, third, (third * 1664525 + 1013904223) % 4294967296 AS fourth
                 FROM thirds),
     fifths AS (SELECT number, third, xor(fourth, fourth >> 16) AS fifth FROM fourths)
SELECT number,
       (third % 105)::SMALLINT AS age,
       (((fifth >> 3) % 600000)::DECIMAL(9,2) / 100)::DECIMAL(9,2) AS income,
       CASE WHEN (third >> 29) & 1 = 1 THEN 'rural' ELSE 'urban' END AS kind,
       (fifth >> 12) % 8 != 0 AS "local"
FROM fifths"""


def main() -> None:
    """Measure and tell."""
    chosen = options()
    compiled = decision_sql(read_model(TABLE.read_bytes(), TABLE.name), "allowance", "duckdb")
    ways = {"DuckDB, compiled from DMN": compiled, "DuckDB, CASE by hand": BY_HAND}
    connection = duckdb.connect(config={"threads": chosen.threads, "memory_limit": MEMORY})

    def value(sql: str) -> int:
        (row,) = connection.execute(sql).fetchall()
        return int(row[0])

    connection.execute(PEOPLE, [chosen.people])
    answers = {
        name: [int(row[0]) for row in connection.execute(
            f"SELECT {sql} FROM people ORDER BY number").fetchall()]
        for name, sql in ways.items()
    }  # fmt: skip
    connection.execute(PEOPLE, [chosen.rows])
    totals = {
        "DuckDB, a column only": "SELECT sum(age) FROM people",
        **{name: f"SELECT sum({sql}) FROM people" for name, sql in ways.items()},
    }
    seconds: dict[str, list[float]] = {name: [] for name in totals}
    for round_ in range(chosen.rounds + 1):
        order = list(totals) if round_ % 2 else list(reversed(totals))
        for name in order:
            started = perf_counter()
            value(totals[name])
            if round_:  # the first only warms up
                seconds[name].append(perf_counter() - started)
    tell(
        version=duckdb.__version__,
        answers=answers,
        seconds=seconds,
        different=value(
            f"SELECT count(*) FROM people WHERE ({compiled}) IS DISTINCT FROM ({BY_HAND})"
        ),
        checksum=value(f"SELECT sum(({compiled}) * (number % 9973 + 1)) FROM people"),
    )


if __name__ == "__main__":
    main()
