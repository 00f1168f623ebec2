"""What strangers may ask of open tables: one SELECT in a small part of SQL, and filters.

A real parser reads it. What is not on the list is refused by its name; what is left is written anew
from the tree, so that nothing reaches the database that was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.spelling import did_you_mean

LONGEST: Final = 10_000
"""Characters of a statement."""
DEEPEST: Final = 60
MOST_ROWS: Final = 32_000
"""Rows of an answer: what CKAN gives at most."""
_NODES: Final[tuple[type[exp.Expr], ...]] = (
    *(exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered),
    *(exp.Limit, exp.Offset, exp.Distinct, exp.Subquery, exp.CTE, exp.With, exp.Table),
    *(exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Literal),
    *(exp.Boolean, exp.Null, exp.Paren, exp.Tuple, exp.Join, exp.Union, exp.Intersect),
    *(exp.Except, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE),
    *(exp.Is, exp.In, exp.Between, exp.Like, exp.ILike, exp.Add, exp.Sub, exp.Mul, exp.Div),
    *(exp.Mod, exp.Neg, exp.DPipe, exp.Case, exp.If, exp.Cast, exp.DataType, exp.Interval),
    *(exp.Var, exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.Stddev),
    *(exp.StddevSamp, exp.Variance, exp.PercentileCont, exp.WithinGroup, exp.Filter),
    *(exp.Coalesce, exp.Nullif, exp.Round, exp.Abs, exp.Floor, exp.Ceil, exp.Lower, exp.Upper),
    *(exp.Length, exp.Substring, exp.Trim, exp.Concat, exp.Extract, exp.TimestampTrunc),
    *(exp.DateTrunc, exp.Window, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Greatest),
    *(exp.Least, exp.Replace, exp.Left, exp.Right, exp.Rollup, exp.Cube, exp.GroupingSets),
    *(exp.DataTypeParam, exp.StartsWith, exp.Lag, exp.Lead),
)
_TYPES: Final = frozenset(
    exp.DataType.Type[name]
    for name in ("TEXT", "VARCHAR", "INT", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN",
                 "DATE", "TIMESTAMP")
)  # fmt: skip
_OPERATORS: Final[Mapping[str, str]] = {
    "eq": "=",
    "ne": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
}
_FILTER: Final = re.compile(r"(?P<name>.+?)(?:__(?P<operator>[a-z]+))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement that may be run, in DuckDB's words, and the tables that it reads."""

    sql: str
    tables: tuple[str, ...]
    parameters: tuple[Any, ...] = ()


def allowed(text: str, tables: Collection[str], most: int = MOST_ROWS) -> Asked:
    """What a statement asks, with at most so many rows.

    Raises Refused `open.E001` for what is no statement or more than one, `open.E002` for what is
    not allowed, `open.E003` for a table that there is not.
    """
    if len(text) > LONGEST:
        raise Refused([_unreadable(Text("太长", "it is too long"))])
    try:
        trees = [tree for tree in parse(text, dialect="postgres") if tree is not None]
    except (SqlglotError, RecursionError, ValueError) as problem:
        said = str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
        raise Refused([_unreadable(Text.given(said, said))]) from problem
    if len(trees) != 1:
        raise Refused([_unreadable(Text("要恰好一条", "exactly one is wanted"))])
    (tree,) = trees
    if not isinstance(tree, (exp.Select, exp.Union, exp.Intersect, exp.Except)):
        raise Refused([_forbidden(type(tree).__name__.upper())])
    _look_through(tree)
    read = _tables(tree, tables)
    inner = tree.sql(dialect="duckdb", identify=True, comments=False)
    return Asked(f"SELECT * FROM ({inner}) AS asked LIMIT {most + 1}", read)


def _look_through(tree: exp.Expr) -> None:
    for node in tree.walk():
        if not isinstance(node, _NODES) or type(node) not in _NODES:
            name = node.name if isinstance(node, exp.Anonymous) else node.key
            raise Refused([_forbidden(str(name).upper())])
        if isinstance(node, exp.DataType) and node.this not in _TYPES:
            raise Refused([_forbidden(str(node.this))])
        if node.depth > DEEPEST:
            raise Refused([_unreadable(Text("层次太深", "it is nested too deep"))])


def _tables(tree: exp.Expr, known: Collection[str]) -> tuple[str, ...]:
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    if wrong := next((name for name in named if not name.isidentifier()), None):
        raise Refused([_forbidden(wrong[:60])])
    found = dict[str, None]()
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db"):
            raise Refused([_forbidden(table.sql()[:60])])
        name = table.name
        if name in named:
            continue
        if name not in known:
            raise Refused([_no_table(name, known)])
        found[name] = None
    return tuple(found)


def filtered(
    table: str,
    columns: Mapping[str, str],
    filters: Mapping[str, Any],
    *,
    words: str = "",
    sort: str = "",
    fields: Sequence[str] = (),
    distinct: bool = False,
) -> Asked:
    """Rows of one table by filters: `{"place": "220100000000", "cases__gte": 10}`.

    A list stands for several values. `columns`: names with their types; `words` are looked for in
    all texts; `sort`: `cases desc, place`. There is no limit in it. Raises Refused `open.E004` for
    a column that there is not, and `open.E005` for an operator or a value that none is.
    """
    parameters = list[Any]()
    conditions = [_condition(key, value, columns, parameters) for key, value in filters.items()]
    if words.strip():
        texts = [name for name, type_ in columns.items() if type_ in ("text", "string")]
        found = []
        for name in texts:
            parameters.append(f"%{_literally(words.strip())}%")
            found.append(f"{_quoted(name)} ILIKE ? ESCAPE '!'")
        conditions.append(f"({' OR '.join(found)})" if found else "false")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = ", ".join(_quoted(_known(name, columns)) for name in fields) or "*"
    order = f" ORDER BY {_order(sort, columns)}" if sort.strip() else ""
    sql = f"SELECT {'DISTINCT ' if distinct else ''}{chosen} FROM {_quoted(table)}{where}{order}"
    return Asked(sql, (table,), tuple(parameters))


def _condition(key: str, value: Any, columns: Mapping[str, str], parameters: list[Any]) -> str:
    name, operator = key, "eq"
    if key not in columns and (found := _FILTER.fullmatch(key)) and found["operator"]:
        name, operator = found["name"], found["operator"]
    column = _quoted(_known(name, columns))
    if operator not in _OPERATORS and operator not in ("contains", "starts"):
        raise Refused([_no_operator(operator)])
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > 1000 or any(isinstance(one, (dict, list)) for one in values):
        raise Refused([_no_value(name)])
    if operator in ("contains", "starts"):
        beginning = "" if operator == "starts" else "%"
        parameters.append(f"{beginning}{_literally(str(values[0]))}%")
        return f"CAST({column} AS VARCHAR) ILIKE ? ESCAPE '!'"
    if values == [None] or values == [""]:
        return f"{column} IS {'NOT ' if operator == 'ne' else ''}NULL"
    parameters += [_typed(one, columns[name], name) for one in values]
    if len(values) > 1 and operator in ("eq", "ne"):
        holes = ", ".join("?" * len(values))
        return f"{column} {'NOT ' if operator == 'ne' else ''}IN ({holes})"
    return f"{column} {_OPERATORS[operator]} ?"


def _typed(value: Any, type_: str, name: str) -> Any:
    """A value as the column has them: what cannot be one is refused before the database sees it."""
    text = str(value)
    if type_ == "boolean":
        if text.lower() not in ("true", "false"):
            raise Refused([_no_value(name)])
        return text.lower() == "true"
    if type_ in ("integer", "number"):
        try:
            return int(text) if type_ == "integer" else float(text)
        except ValueError:
            raise Refused([_no_value(name)]) from None
    if type_ == "date" and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise Refused([_no_value(name)])
    return text


def _order(sort: str, columns: Mapping[str, str]) -> str:
    parts = []
    for part in sort.split(","):
        name, _, direction = part.strip().partition(" ")
        if name.startswith("-"):
            name, direction = name[1:], "desc"
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise Refused([_no_operator(direction.strip())])
        parts.append(f"{_quoted(_known(name, columns))} {direction.strip().upper()}".strip())
    return ", ".join(parts)


def _known(name: str, columns: Mapping[str, str]) -> str:
    if name not in columns:
        raise Refused([_no_column(name, columns)])
    return name


def _literally(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unreadable(why: Text) -> Finding:
    return Finding(
        "open.E001",
        "error",
        Text("这条查询读不懂：{why}。", "The query is not understood: {why}.", why=why),
        None,
        Text("写一条 SELECT，例如 SELECT * FROM \"…\" LIMIT 10。",
             "Write one SELECT, such as SELECT * FROM \"…\" LIMIT 10."),
    )  # fmt: skip


def _forbidden(name: str) -> Finding:
    return Finding(
        "open.E002",
        "error",
        Text("查询里不能用 {name}。", "A query may not use {name}.", name=name),
        None,
        Text("只能对公开的表做 SELECT。", "It may only SELECT from open tables."),
    )


def _no_table(name: str, known: Collection[str]) -> Finding:
    return Finding(
        "open.E003",
        "error",
        Text("没有表“{name}”。", "There is no table “{name}”.", name=name),
        None,
        did_you_mean(name, list(known)[:200]),
    )


def _no_column(name: str, known: Collection[str]) -> Finding:
    return Finding(
        "open.E004",
        "error",
        Text("没有列“{name}”。", "There is no column “{name}”.", name=name),
        None,
        did_you_mean(name, known),
    )


def _no_operator(name: str) -> Finding:
    return Finding(
        "open.E005",
        "error",
        Text("不认识“{name}”。", "“{name}” is not known.", name=name),
        None,
        Text("可用：{known}。", "There are: {known}.",
             known=[*_OPERATORS, "contains", "starts", "asc", "desc"]),
    )  # fmt: skip


def _no_value(name: str) -> Finding:
    return Finding(
        "open.E005",
        "error",
        Text("“{name}”没有这样的值。", "“{name}” has no such value.", name=name),
    )
