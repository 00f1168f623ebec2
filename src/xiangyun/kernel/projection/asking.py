"""What strangers may ask of open tables: one SELECT in a small part of SQL.

A real parser reads it. What is not on the list is refused by its name; what is left is written anew
from the tree, so that nothing reaches the database that was not understood.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.spelling import did_you_mean

from .filters import MOST_ROWS, Asked

LONGEST: Final = 10_000
"""Characters of a statement."""
DEEPEST: Final = 60
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
