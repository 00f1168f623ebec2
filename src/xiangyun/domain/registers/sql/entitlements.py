"""What every person of a register snapshot is entitled to, by a pack's decisions, as SQL.

An item is a decision whose table says `id` (of the row), `eligible`, `amount`, `period` and
`kind`. The decisions that decide one application are compiled by `kernel.dmn.sql`, with the
figures in force on a day as literals, and run over all persons: no rule is written twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlglot
from sqlglot import exp

from xiangyun.kernel.dmn.model import Decision, Model, TableBox
from xiangyun.kernel.dmn.sql import decision_sql
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack import Pack

from .snapshots import COUNTY, PARAMETERS, inputs, unguarded

_SAYS = ("id", "eligible", "amount", "period", "kind")
_EXACT = "DECIMAL(18, 4)"
"""Amounts in yuan; more places than any figure has, so that nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Item:
    """One service of the list: its decision, and its words."""

    number: int
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Ruling:
    """An item as SQL over the snapshot: whether, how much, how often, and by which row."""

    item: Item
    row: str
    eligible: str
    amount: str
    period: str

    @property
    def yearly(self) -> str:
        """Yuan a year; what is paid once counts once. Nothing where no amount is decided."""
        factor = f"CASE WHEN {self.period} = 'month' THEN 12 ELSE 1 END"
        return (
            f"CASE WHEN {self.eligible} THEN coalesce({self.amount}, 0) * {factor} ELSE 0 END"
            f"::{_EXACT}"
        )


def items_of(pack: Pack) -> tuple[Item, ...]:
    """The items that a pack decides, in the order of its rules. Raises Refused when none."""
    codes = [each.id for each in _decisions(pack) if _is_item(each)]
    if not codes:
        raise Refused([_no_items(pack)])
    return tuple(
        Item(number, code, pack.words(f"decision.{code}")) for number, code in enumerate(codes, 1)
    )


def rulings(pack: Pack, on: date) -> tuple[Ruling, ...]:
    """Every item as SQL, with the figures in force on a day.

    Raises Refused where a decision cannot be said in SQL, with the place in the rules.
    """
    model, figures = unguarded(rules_of(pack)), pack.parameters.on(on)
    columns = {f"{name}.{column}": column for name, column, _ in inputs(model)}

    def compiled(item: Item, output: str) -> str:
        sql = decision_sql(model, item.code, output=output, columns=columns)
        return _with_figures(sql, figures)

    return tuple(
        Ruling(
            item,
            compiled(item, "id"),
            compiled(item, "eligible"),
            compiled(item, "amount"),
            compiled(item, "period"),
        )
        for item in items_of(pack)
    )


def entitled(source: str, found: Iterable[Ruling]) -> str:
    """A row for each person and item that fits: item, amount in yuan, period, row that fired."""
    return "\nUNION ALL\n".join(
        f"SELECT person_id, division, '{each.item.code}' AS item,"
        f" ({each.amount})::{_EXACT} AS amount, {each.period} AS period, {each.row} AS row"
        f" FROM ({source}) WHERE {each.eligible}"
        for each in found
    )


def totals(entitlements: str) -> str:
    """Persons and yearly cost by item and county, from what `entitled` gave."""
    return (
        f"SELECT item, {COUNTY} AS county, count(*) AS persons,"
        " sum(amount * CASE WHEN period = 'month' THEN 12 ELSE 1 END) AS yearly"
        f" FROM {entitlements} GROUP BY ALL"
    )


def counted(source: str, found: Iterable[Ruling]) -> str:
    """By county: persons, and those with at least one item."""
    anything = " OR ".join(f"coalesce({each.eligible}, false)" for each in found)
    return (
        f"SELECT county, count(*) AS persons, count(*) FILTER (WHERE {anything}) AS entitled"
        f" FROM ({source}) GROUP BY county"
    )


# The model ---------------------------------------------------------------------------------------


def rules_of(pack: Pack) -> Model:
    """The decisions of a pack. Raises Refused when it has none."""
    if pack.rules is None:
        raise Refused([_no_items(pack)])
    return pack.rules


def _decisions(pack: Pack) -> Iterable[Decision]:
    return (each for each in rules_of(pack).elements.values() if isinstance(each, Decision))


def _is_item(decision: Decision) -> bool:
    box = decision.box
    return isinstance(box, TableBox) and {each.name for each in box.outputs}.issuperset(_SAYS)


# SQL ---------------------------------------------------------------------------------------------


def _with_figures(sql: str, figures: dict[str, Value]) -> str:
    def filled(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and node.name.startswith(f"{PARAMETERS}."):
            return _literal(figures[node.name.removeprefix(f"{PARAMETERS}.")])
        return node

    return sqlglot.parse_one(sql, read="duckdb").transform(filled).sql("duckdb")


def _literal(value: Value) -> exp.Expression:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, Decimal):
        return exp.Paren(this=exp.Literal.number(format(value, "f")))
    if isinstance(value, date):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    if isinstance(value, str):
        return exp.Literal.string(value)
    raise TypeError(f"a figure cannot be a {type(value).__name__}")


def _no_items(pack: Pack) -> Finding:
    return Finding(
        "register.E001",
        "error",
        Text(
            "事项“{code}”没有可以逐人决定的项目。",
            "The service “{code}” has no items to decide for every person.",
            code=pack.code,
        ),
        Place("rules.dmn"),
        Text(
            "项目是输出 {says} 的决策表，例如 eldercare/basic-services。",
            "An item is a decision table with the outputs {says}; see eldercare/basic-services.",
            says=list(_SAYS),
        ),
    )
