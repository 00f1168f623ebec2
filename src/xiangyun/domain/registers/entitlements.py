"""What every person of a register snapshot is entitled to, by a pack's decisions, as SQL.

An item is a decision whose table says `id` (of the row), `eligible`, `amount`, `period` and
`kind`. The decisions that decide one application are compiled by `kernel.dmn.sql`, with the
figures in force on a day as literals, and run over all persons: no rule is written twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import sqlglot
from sqlglot import exp

from xiangyun.kernel.dmn.items import plain
from xiangyun.kernel.dmn.model import (
    Decision,
    InputData,
    LiteralBox,
    Model,
    Reference,
    TableBox,
)
from xiangyun.kernel.dmn.sql import decision_sql
from xiangyun.kernel.feel import Value, parse_expression
from xiangyun.kernel.feel.types import ANY, ContextOf, Restricted, Type
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.pack import Pack

PARAMETERS = "parameters"
COUNTY = "division // 1000000 * 1000000"
"""The county of a 12-digit code, in SQL."""
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
    model, figures = _unguarded(_rules(pack)), pack.parameters.on(on)
    columns = {f"{name}.{column}": column for name, column in _inputs(model)}

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


def columns_asked(pack: Pack) -> frozenset[str]:
    """The columns of the snapshot that the pack's decisions ask for."""
    return frozenset(column for _, column in _inputs(_rules(pack)))


def persons(table: str, columns: Collection[str], pack: Pack, on: date) -> str:
    """The snapshot as the decisions want it: age on the day, county, and the columns asked for.

    A value that the rules' declared type does not allow becomes null, as it does for one case;
    the rulings rely on it. `table` is SQL for the snapshot, `columns` what it has. Raises Refused
    for columns it lacks.
    """
    wanted = columns_asked(pack)
    known = {*columns, *(["age"] if "birth_date" in columns else [])}
    missing = sorted({*wanted, "person_id", "division"} - known)
    if missing:
        raise Refused([_lacking(missing, columns)])
    taken = ["person_id", "division", f"{COUNTY} AS county"]
    taken += [
        f'{_guarded(_rules(pack), name, column)} AS "{column}"'
        for name, column in _inputs(_rules(pack))
    ]
    if "birth_date" in columns:
        rest = "* EXCLUDE (age)" if "age" in columns else "*"
        table = f"(SELECT {rest}, {_age('birth_date', on)} AS age FROM {table})"
    return f"SELECT {', '.join(taken)} FROM {table}"


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


def touched(before: Iterable[Ruling], after: Iterable[Ruling]) -> tuple[tuple[Ruling, Ruling], ...]:
    """The items that two versions decide differently; the others need not be run twice."""
    return tuple((old, new) for old, new in zip(before, after, strict=True) if old != new)


Pairs = Sequence[tuple[Ruling, Ruling]]
"""Items before and after a reform."""


def compared(source: str, pairs: Pairs) -> str:
    """Every person under both versions, a set of columns for each pair (numbered from 0).

    ea, eb: fits before and after; a, b: yuan a year; ra, rb: the row that fired. Keep it in a file
    and give that to `reformed` and `changed`: as a subquery it would be computed over and over.
    """
    decided = ["person_id", "division", "county"]
    for number, pair in enumerate(pairs):
        for side, ruling in zip("ab", pair, strict=True):
            decided += [
                f"coalesce({ruling.eligible}, false) AS e{side}{number}",
                f"{ruling.yearly} AS {side}{number}",
                f"{ruling.row} AS r{side}{number}",
            ]
    return f"SELECT {', '.join(decided)} FROM ({source})"


def reformed(table: str, pairs: Pairs) -> str:
    """By county, for each item and for persons over all items: who gains, who loses, the cost.

    Columns: county, then gain, lose, before and after (yuan a year) for each pair, then the
    persons whose yearly sum rises and falls. `table` holds what `compared` gave.
    """
    columns = ["county"]
    for number in range(len(pairs)):
        gain, lose = _changes(number)
        columns += [
            f"count(*) FILTER (WHERE {gain})",
            f"count(*) FILTER (WHERE {lose})",
            f"sum(a{number})",
            f"sum(b{number})",
        ]
    more = " + ".join(f"b{number} - a{number}" for number in range(len(pairs)))
    columns += [f"count(*) FILTER (WHERE {more} > 0)", f"count(*) FILTER (WHERE {more} < 0)"]
    return f"SELECT {', '.join(columns)} FROM {table} GROUP BY county"


def changed(table: str, pairs: Pairs) -> str:
    """A row for each person and item that the reform changes, before and after.

    `table` holds what `compared` gave.
    """
    return "\nUNION ALL\n".join(
        f"SELECT person_id, division, '{old.item.code}' AS item,"
        f" ra{number} AS row_before, rb{number} AS row_after,"
        f" a{number} AS yearly_before, b{number} AS yearly_after FROM {table}"
        f" WHERE {' OR '.join(f'({change})' for change in _changes(number))}"
        for number, (old, _) in enumerate(pairs)
    )


def _changes(number: int) -> tuple[str, str]:
    """Who gains and who loses by an item: it opens or closes, or it pays more or less."""
    old, new, before, after = (f"{side}{number}" for side in ("ea", "eb", "a", "b"))
    gain = f"({new} AND NOT {old}) OR ({new} AND {old} AND {after} > {before})"
    lose = f"({old} AND NOT {new}) OR ({new} AND {old} AND {after} < {before})"
    return gain, lose


# The model ---------------------------------------------------------------------------------------


def _rules(pack: Pack) -> Model:
    if pack.rules is None:
        raise Refused([_no_items(pack)])
    return pack.rules


def _decisions(pack: Pack) -> Iterable[Decision]:
    return (each for each in _rules(pack).elements.values() if isinstance(each, Decision))


def _is_item(decision: Decision) -> bool:
    box = decision.box
    return isinstance(box, TableBox) and {each.name for each in box.outputs}.issuperset(_SAYS)


def _inputs(model: Model) -> list[tuple[str, str]]:
    """(input, component) of what the items ask for: all structured inputs but the figures."""
    return [
        (each.name, component)
        for each in model.elements.values()
        if isinstance(each, InputData) and each.name != PARAMETERS
        for component in _components(each)
    ]


def _components(data: InputData) -> Mapping[str, Type]:
    type_ = plain(data.type)
    return type_.entries if isinstance(type_, ContextOf) else {}


def _unguarded(model: Model) -> Model:
    """The model without the allowed values of its inputs, which `persons` has seen to."""
    elements = {
        id: replace(each, type=ContextOf({n: _base(t) for n, t in _components(each).items()}))
        if isinstance(each, InputData) and _components(each)
        else each
        for id, each in model.elements.items()
    }
    return replace(model, elements=elements)


def _base(type_: Type) -> Type:
    type_ = plain(type_)
    while isinstance(type_, Restricted):
        type_ = plain(type_.base)
    return type_


def _guarded(model: Model, name: str, column: str) -> str:
    """A column of the snapshot, null where its declared type does not allow the value."""
    asked = LiteralBox(parse_expression(f"{name}.{column}"))
    data = next(each for each in model.elements.values() if each.name == name)
    decision = Decision("asked", "asked", ANY, (Reference(data.id),), asked)
    single = replace(model, elements={data.id: data, decision.id: decision})
    return decision_sql(single, decision.id, columns={f"{name}.{column}": column})


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


def _age(birth_date: str, on: date) -> str:
    """Completed years on a day, as FEEL's `years and months duration(birth, on).years` counts."""
    later = f"(month({birth_date}) * 100 + day({birth_date}) > {on.month * 100 + on.day})::INTEGER"
    return f"({on.year} - year({birth_date}) - {later})::SMALLINT"


# Findings ----------------------------------------------------------------------------------------


def _no_items(pack: Pack) -> Finding:
    return Finding(
        "register.E001",
        "error",
        Text(
            f"事项“{pack.code}”没有可以逐人决定的项目。",
            f"The service “{pack.code}” has no items to decide for every person.",
        ),
        Place("rules.dmn"),
        Text(
            f"项目是输出 {', '.join(_SAYS)} 的决策表，例如 eldercare/basic-services。",
            f"An item is a decision table with the outputs {', '.join(_SAYS)}; "
            "see eldercare/basic-services.",
        ),
    )


def _lacking(missing: Collection[str], columns: Collection[str]) -> Finding:
    lacking, given = ", ".join(missing), ", ".join(sorted(columns))
    return Finding(
        "register.E002",
        "error",
        Text(f"快照缺少这些列：{lacking}。", f"The snapshot lacks these columns: {lacking}."),
        None,
        Text(
            f"快照里有：{given}。用 `xiangyun population` 可以生成一份样本。",
            f"It has: {given}. `xiangyun population` makes a sample.",
        ),
    )
