"""What DuckDB, PostgreSQL and Spark say differently, and the compiler therefore leaves open.

The compiler's tree holds nodes that mean one thing; here each becomes what a database must be told
so that all of them mean that thing: texts in the order of their code points, room to compute in,
days of the week counted from Monday.
"""

from __future__ import annotations

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


def spoken(tree: Sql, dialect: Dialect) -> Sql:
    """The tree with every node that a dialect has words of its own for put into these words."""
    tree = tree.transform(_said, dialect)
    for narrow in reversed(list(tree.find_all(Widened))):  # the innermost first
        narrow.replace(_roomy(narrow, dialect))
    return tree


def _said(node: Sql, dialect: Dialect) -> Sql:
    if isinstance(node, Bytewise):
        # DuckDB and Spark order texts by bytes, which for UTF-8 is by code point.
        if dialect != "postgres":
            return _said(node.this, dialect)
        return exp.Collate(this=node.this, expression=exp.to_identifier("C", quoted=True))
    if isinstance(node, DayOfWeek):
        if dialect != "spark":
            return exp.Extract(this=exp.var("isodow"), expression=node.this)
        # Spark's own EXTRACT of DAYOFWEEK counts from Sunday; WEEKDAY gives 0 for Monday.
        monday = exp.Anonymous(this="WEEKDAY", expressions=[node.this])
        return exp.Paren(this=exp.Add(this=monday, expression=exp.Literal.number(1)))
    return node


def _roomy(node: Widened, dialect: Dialect) -> Sql:
    """Plus an exact nought, an integer becomes a decimal, and a decimal keeps its scale.

    Sums and products of decimals grow by themselves; in DuckDB only those of more than 18 digits.
    """
    digits = 19 if dialect == "duckdb" else 1
    nought = exp.cast(exp.Literal.number(0), f"decimal({digits}, 0)")
    alone = isinstance(node.this, (exp.Column, exp.Paren, exp.Literal))
    number = node.this if alone else exp.paren(node.this)
    return exp.Paren(this=exp.Add(this=number, expression=nought))
