"""A condition over the rows of a register, compiled to SQL that means the same.

PostgreSQL asks it of all rows at once; what SQL cannot say exactly is refused by its place, when
the pack is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlglot import exp

from xiangyun.kernel.dmn.sqldialects import spoken
from xiangyun.kernel.dmn.sqlfeel import FeelToSql, Typed, Where, is_true, literal
from xiangyun.kernel.dmn.sqlrows import json_scope
from xiangyun.kernel.feel.free import uses_name
from xiangyun.kernel.occasion.model import ON
from xiangyun.kernel.packfile.formulas import Formula

DATA = "data"
"""The column with the data of a row, as JSON has it."""


def condition_sql(when: Formula | None, types: Mapping[str, str], on: date) -> str:
    """The condition for PostgreSQL, over a column `data`; null counts as false.

    `types`: of each field, as its register declares it (`text`, `number`, …). Raises Refused with
    what cannot be said in SQL.
    """
    if when is None:
        return "true"
    scope: dict[str, Callable[[], Typed]] = {
        ON: lambda: literal(on) or Typed(exp.Null(), "null"),
        **json_scope(types, DATA),
    }
    where = Where(when.expression.source, when.place.file, when.place.line)
    feel = FeelToSql(where, scope, lambda path: feel.refuse(path))
    condition = feel.condition(when.expression.syntax)
    return spoken(is_true(condition), "postgres").sql(dialect="postgres", identify=True)


def asks_the_day(when: Formula | None) -> bool:
    """Whether a condition may come true by time alone."""
    return when is not None and uses_name(when.expression.syntax, ON)
