"""What DuckDB, PostgreSQL and Spark say differently, and the compiler therefore leaves open.

The compiler's tree holds nodes that mean one thing; here each becomes what a database must be told
so that all of them mean that thing: texts in the order of their code points, room to compute in,
days of the week counted from Monday.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

Sql = exp.Expr
Dialect = str
DIALECTS: tuple[Dialect, ...] = ("duckdb", "postgres", "spark")


class Widened(exp.Expression):
    """A number to be computed with, whatever the width of the column it comes from."""

    arg_types = {"this": True}  # noqa: RUF012 - sqlglot's way of declaring


class Bytewise(exp.Expression):
    """A text to be ordered by its characters' code points, as FEEL does, whatever the locale."""

    arg_types = {"this": True}  # noqa: RUF012 - sqlglot's way of declaring


class DayOfWeek(exp.Expression):
    """The day of the week from 1, Monday, to 7, Sunday (ISO 8601)."""

    arg_types = {"this": True}  # noqa: RUF012 - sqlglot's way of declaring


class Scaled(exp.Expression):
    """A number with at least so many decimal places, beside others that have them.

    Where a CASE, LEAST or GREATEST puts numbers together that need more than 38 digits, DuckDB
    rounds them to fewer places, without a word.
    """

    arg_types = {"this": True, "scale": True}  # noqa: RUF012 - sqlglot's way of declaring


def spoken(tree: Sql, dialect: Dialect) -> Sql:
    """The tree with every node that a dialect has words of its own for put into these words."""
    whole = exp.Paren(this=tree).copy()  # what stands in several places becomes as many nodes
    nodes = whole.find_all(Bytewise, DayOfWeek, Scaled, Widened)
    for node in reversed(list(nodes)):  # the innermost first
        node.replace(_SAID[type(node)](node, dialect))
    return _inner(whole)


def _inner(node: Sql) -> Sql:
    inner: Sql = node.this
    return inner


def _bytewise(node: Sql, dialect: Dialect) -> Sql:
    """DuckDB and Spark order texts by bytes, which for UTF-8 is by code point."""
    if dialect != "postgres":
        return _inner(node)
    return exp.Collate(this=node.this, expression=exp.to_identifier("C", quoted=True))


def _day_of_week(node: Sql, dialect: Dialect) -> Sql:
    """Spark's own EXTRACT of DAYOFWEEK counts from Sunday; its WEEKDAY gives 0 for Monday."""
    if dialect != "spark":
        return exp.Extract(this=exp.var("isodow"), expression=node.this)
    monday = exp.Anonymous(this="WEEKDAY", expressions=[node.this])
    return exp.Paren(this=exp.Add(this=monday, expression=exp.Literal.number(1)))


def _scaled(node: Sql, dialect: Dialect) -> Sql:
    """Plus a nought of so many places; a sum keeps them all, or is an error. Null stays null."""
    if dialect == "postgres":  # whose numbers have as many places as they need
        return _inner(node)
    scale = node.args["scale"]
    nought = exp.cast(exp.Literal.number(0), f"decimal({scale + 1}, {scale})")
    return exp.Paren(this=exp.Add(this=node.this, expression=nought))


def _roomy(node: Sql, dialect: Dialect) -> Sql:
    """Plus an exact nought, an integer becomes a decimal, and a decimal keeps its scale.

    Sums and products of decimals grow by themselves; in DuckDB only those of more than 18 digits.
    """
    digits = 19 if dialect == "duckdb" else 1
    nought = exp.cast(exp.Literal.number(0), f"decimal({digits}, 0)")
    alone = isinstance(node.this, (exp.Column, exp.Paren, exp.Literal))
    number = node.this if alone else exp.paren(node.this)
    return exp.Paren(this=exp.Add(this=number, expression=nought))


_SAID: Mapping[type, Callable[[Sql, Dialect], Sql]] = {
    Bytewise: _bytewise,
    DayOfWeek: _day_of_week,
    Scaled: _scaled,
    Widened: _roomy,
}
