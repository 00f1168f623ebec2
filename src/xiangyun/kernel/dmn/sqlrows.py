"""The fields of rows as FEEL names in SQL: what conditions over registers and cases are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from xiangyun.kernel.dmn.sqlfeel import Kind, Typed

KINDS: Mapping[str, Kind] = {
    "text": "string",
    "choice": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "date",
}
"""The kind in FEEL of each type of field that SQL can ask for."""
CAST: Mapping[str, str] = {
    "number": "numeric",
    "integer": "numeric",
    "boolean": "boolean",
    "date": "date",
}


def in_json(data: exp.Expr, name: str, type_: str) -> exp.Expr:
    """A field of a row that is kept as JSON, in PostgreSQL, in the type that it is declared in."""
    text = exp.JSONExtractScalar(
        this=data.copy(), expression=exp.Literal.string(name), only_json_types=True
    )
    sql: exp.Expr = exp.paren(text)
    if type_ == "moment":  # the day it has where the office is
        return exp.cast(
            exp.Substring(this=sql, start=exp.Literal.number(1), length=exp.Literal.number(10)),
            "date",
        )
    return exp.cast(sql, CAST[type_]) if type_ in CAST else sql


def json_scope(types: Mapping[str, str], column: str) -> dict[str, Callable[[], Typed]]:
    """Names for the fields of rows that a column holds as JSON."""

    def named(name: str, type_: str) -> Callable[[], Typed]:
        return lambda: Typed(in_json(exp.column(column), name, type_), KINDS[type_])

    return {name: named(name, type_) for name, type_ in types.items() if type_ in KINDS}


def column_scope(types: Mapping[str, str], table: str) -> dict[str, Callable[[], Typed]]:
    """Names for the columns of a table or of a query that stands in FROM under `table`."""

    def named(name: str, type_: str) -> Callable[[], Typed]:
        return lambda: Typed(exp.column(name, table=table, quoted=True), KINDS[type_])

    return {name: named(name, type_) for name, type_ in types.items() if type_ in KINDS}
