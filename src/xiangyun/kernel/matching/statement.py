"""All pairs as one SQL statement, compiled from the same decision table.

Tables are named by whoever asks: a quoted name or a query in parentheses with the fields of the
register as columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from xiangyun.kernel.dmn.sql import decision_sql, rows_sql
from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.matching.model import Matching, Side, SideName


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the records of both sides are read from, and in whose SQL.

    `scales`: how many decimal places the number fields have, by `side.field`.
    """

    offers: str
    demands: str
    dialect: Dialect = "duckdb"
    scales: Mapping[str, int] = field(default_factory=dict)


def pairs_sql(matching: Matching, tables: Tables) -> str:
    """The pairs that fit, as columns `offer` and `demand` with the keys.

    Raises:
        Refused: naming what SQL cannot say exactly.
    """
    return f"SELECT offer, demand FROM {_pairs(matching, tables)} WHERE {_fits(matching, tables)}"


def best_sql(matching: Matching, tables: Tables, side: SideName, most: int) -> str:
    """At most so many partners of each record of a side, best first.

    Columns `offer`, `demand` and `rank`, from 1; records without a partner have no row.
    """
    own, other = ("offer", "demand") if side == "offers" else ("demand", "offer")
    order = [
        f"{_decided(matching, each.by, tables)} {_ORDERS[each.order]}"
        for each in matching.side(side).ranking
    ]
    ranked = ", ".join([*order, other])
    return (
        f"SELECT offer, demand, rank FROM (SELECT offer, demand, ROW_NUMBER() OVER "
        f"(PARTITION BY {own} ORDER BY {ranked}) AS rank FROM {_pairs(matching, tables)} "
        f"WHERE {_fits(matching, tables)}) ranked WHERE rank <= {most:d} ORDER BY {own}, rank"
    )


def nearest_sql(matching: Matching, tables: Tables, side: SideName, most: int) -> str:
    """At most so many partners of each record of a side, those that fit first, then the nearest.

    Columns `offer`, `demand`, and `unmet`: how many rows the pair does not meet. Among as many the
    order of the side decides.
    """
    own, other = ("offer", "demand") if side == "offers" else ("demand", "offer")
    rows = rows_sql(matching.model, matching.decision, tables.dialect, scales=tables.scales)
    unmet = " + ".join(f"CASE WHEN {row} THEN 0 ELSE 1 END" for row in rows)
    order = [
        f"{_decided(matching, each.by, tables)} {_ORDERS[each.order]}"
        for each in matching.side(side).ranking
    ]
    ranked = ", ".join([unmet, *order, other])
    return (
        f"SELECT offer, demand, unmet FROM (SELECT offer, demand, {unmet} AS unmet, ROW_NUMBER() "
        f"OVER (PARTITION BY {own} ORDER BY {ranked}) AS rank FROM {_pairs(matching, tables)}) "
        f"near WHERE rank <= {most:d} ORDER BY {own}, rank"
    )


def preferences_sql(matching: Matching, tables: Tables, most: int, named: str | None = None) -> str:
    """The fitting pairs that both sides look at, in the order of each side.

    Columns `offer`, `demand`, `wish` (the offer's place for the demand) and `rank` (the demand's
    place for the offer), from 1. Looked at are the `most` best of each demand, and the pairs of the
    table `named` with the columns `offer` and `demand`, as far as they fit.
    """
    wished, ranked = (
        ", ".join(
            [
                *(
                    f"{_decided(matching, each.by, tables)} {_ORDERS[each.order]}"
                    for each in side.ranking
                ),
                other,
            ]
        )
        for side, other in ((matching.demands, "offer"), (matching.offers, "demand"))
    )
    also = f" OR (offer, demand) IN (SELECT offer, demand FROM {named})" if named else ""
    # The order of the offers is that among all who fit: who else looks at an offer changes nothing.
    return (
        f"SELECT offer, demand, wish, rank FROM (SELECT offer, demand, ROW_NUMBER() OVER "
        f"(PARTITION BY demand ORDER BY {wished}) AS wish, ROW_NUMBER() OVER (PARTITION BY offer "
        f"ORDER BY {ranked}) AS rank FROM {_pairs(matching, tables)} "
        f"WHERE {_fits(matching, tables)}) ordered WHERE wish <= {most:d}{also} "
        "ORDER BY demand, wish"
    )


def fairness_sql(matching: Matching, tables: Tables, side: SideName) -> str:
    """For each record of a side, how many partners fit, and how many pairs each row hinders.

    Columns `key`, `partners`, `fitting`, `least` (rows that the nearest partner fails), and
    `row_1`… for the rows.
    """
    own = "offer" if side == "offers" else "demand"
    rows = rows_sql(matching.model, matching.decision, tables.dialect, scales=tables.scales)
    counted = [f"CASE WHEN {row} THEN 0 ELSE 1 END AS row_{at}" for at, row in enumerate(rows, 1)]
    failed = " + ".join(f"row_{at}" for at in range(1, len(rows) + 1))
    sums = ", ".join(f"SUM(row_{at}) AS row_{at}" for at in range(1, len(rows) + 1))
    return (
        f"SELECT key, COUNT(*) AS partners, SUM(CASE WHEN {failed} = 0 THEN 1 ELSE 0 END) AS "
        f"fitting, MIN({failed}) AS least, {sums} FROM (SELECT {own} AS key, "
        f"{', '.join(counted)} FROM {_pairs(matching, tables)}) judged GROUP BY key ORDER BY key"
    )


_ORDERS = {"ascending": "ASC NULLS LAST", "descending": "DESC NULLS LAST"}


def _fits(matching: Matching, tables: Tables) -> str:
    rows = rows_sql(
        matching.model,
        matching.decision,
        tables.dialect,
        scales=tables.scales,
        told_apart=False,
    )
    return " AND ".join(f"({row})" for row in rows)


def _decided(matching: Matching, decision: str, tables: Tables) -> str:
    return decision_sql(matching.model, decision, tables.dialect, scales=tables.scales)


def _pairs(matching: Matching, tables: Tables) -> str:
    offers = _side(matching, matching.offers, tables.offers, "offer", tables.dialect)
    demands = _side(matching, matching.demands, tables.demands, "demand", tables.dialect)
    return f"{offers} CROSS JOIN {demands}"


def _side(matching: Matching, side: Side, table: str, called: str, dialect: Dialect) -> str:
    def quoted(name: str) -> str:
        return exp.to_identifier(name, quoted=True).sql(dialect=dialect)

    columns = [f"{quoted(side.key)} AS {called}"]
    for name in matching.fields(side):
        columns.append(f"{quoted(name)} AS {quoted(f'{side.name}.{name}')}")
    return f"(SELECT {', '.join(columns)} FROM {table}) {called}s"
