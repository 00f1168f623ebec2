"""A condition over the rows of a register, compiled to SQL that means the same.

PostgreSQL asks it of all rows at once; what SQL cannot say exactly is refused by its place, when
the pack is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlglot import exp

from xiangyun.kernel.dmn.sqldialects import spoken
from xiangyun.kernel.dmn.sqlfeel import FeelToSql, Kind, Typed, Where, is_true, literal
from xiangyun.kernel.feel.free import uses_name
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.packfile.formulas import Formula

_KINDS: Mapping[str, Kind] = {
    "text": "string",
    "choice": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "date",
}
_CAST = {"number": "numeric", "integer": "numeric", "boolean": "boolean", "date": "date"}
DATA = "data"
"""The column with the data of a row, as JSON has it."""


def condition_sql(when: Formula | None, types: Mapping[str, str], on: date) -> str:
    """The condition for PostgreSQL, over a column `data`; null counts as false.

    `types`: of each field, as its register declares it (`text`, `number`, …). Raises Refused with
    what cannot be said in SQL.
    """
    if when is None:
        return "true"
    scope: dict[str, Callable[[], Typed]] = {ON: lambda: literal(on) or Typed(exp.Null(), "null")}
    for name, type_ in types.items():
        if type_ in _KINDS:
            scope[name] = _column(name, type_)
    where = Where(when.expression.source, when.place.file, when.place.line)
    feel = FeelToSql(where, scope, lambda path: feel.refuse(path))
    condition = feel.condition(when.expression.syntax)
    return spoken(is_true(condition), "postgres").sql(dialect="postgres", identify=True)


def asks_the_day(when: Formula | None) -> bool:
    """Whether a condition may come true by time alone."""
    return when is not None and uses_name(when.expression.syntax, ON)


def _column(name: str, type_: str) -> Callable[[], Typed]:
    def column() -> Typed:
        text = exp.JSONExtractScalar(
            this=exp.column(DATA), expression=exp.Literal.string(name), only_json_types=True
        )
        sql: exp.Expr = exp.paren(text)
        if type_ == "moment":  # the day it has where the office is
            sql = exp.cast(exp.Substring(this=sql, start=_one(), length=_ten()), "date")
        elif type_ in _CAST:
            sql = exp.cast(sql, _CAST[type_])
        return Typed(sql, _KINDS[type_])

    return column


def _one() -> exp.Expr:
    return exp.Literal.number(1)


def _ten() -> exp.Expr:
    return exp.Literal.number(10)
