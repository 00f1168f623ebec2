"""A table as an engine holds it: what its columns hold, and how a rule reads them.

Every engine has words of its own for types. What matters to a rule is the kind of value; a column
that a rule cannot read exactly (a binary fraction, a list) has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlglot import exp

from xiangyun.kernel.dmn.sqldialects import Dialect
from xiangyun.kernel.findings import Text

Report = Callable[[float], None]
"""Told the share done, from 0 to 1."""
Row = tuple[Any, ...]
Kind = Literal["number", "string", "boolean", "date", "moment"]
KIND_WORDS: Mapping[str, Text] = {
    "whole number": Text("整数", "a whole number"),
    "number": Text("整数或 DECIMAL", "a whole number or DECIMAL"),
    "string": Text("文字", "text"),
    "boolean": Text("是或否", "true or false"),
    "date": Text("日期", "a date"),
    "any": Text("数、文字、是否或日期", "a number, text, true or false, or a date"),
}
_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BYTE|SHORT|LONG|INT[248]")
DECIMAL = re.compile(r"(?:DECIMAL|NUMERIC)\((\d+), *(\d+)\)")
_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(rf"{_WHOLE.pattern}|(DECIMAL|NUMERIC)(\(.*\))?"), "number"),
    (
        re.compile(
            r"(TEXT|STRING|(VAR|BP)?CHAR|CHARACTER( VARYING)?)(\([0-9]+\))?( COLLATE \S+)?"
            r"|ENUM\(.*\)"
        ),
        "string",
    ),
    (re.compile(r"BOOL(EAN)?"), "boolean"),
    (re.compile(r"DATE"), "date"),
    (re.compile(r"TIMESTAMP[^\[]*|DATETIME"), "moment"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """SQL that stands after FROM, the engine's types by column, and notes kept with the data."""

    sql: str
    columns: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)

    def kind(self, column: str) -> Kind | None:
        """What a column holds; None for what rules do not read. Raises KeyError."""
        return kind_of(self.columns[column])

    def scale(self, column: str) -> int | None:
        """Decimal places of a number; None where there may be any number of them."""
        if self.is_whole(column):
            return 0
        match = DECIMAL.fullmatch(self.columns[column].upper())
        return int(match[2]) if match else None

    def is_whole(self, column: str) -> bool:
        return _WHOLE.fullmatch(self.columns[column].upper()) is not None


class Engine(Protocol):
    """A database that runs rules over a table: DuckDB, PostgreSQL, Spark."""

    @property
    def dialect(self) -> Dialect: ...

    def table(self, source: str) -> Table:
        """A snapshot by its address."""
        ...

    def keep(self, name: str, query: str, report: Report) -> Table:
        """The rows of a query under a name, so that it is computed once."""
        ...

    def columns(self, query: str) -> dict[str, str]:
        """What a query would give, without running it."""
        ...

    def rows(self, query: str, report: Report) -> list[Row]:
        """The rows of a query, which should be few."""
        ...

    def write(
        self,
        query: str,
        out: Path | str,
        notes: Mapping[str, str],
        by: Sequence[str],
        report: Report,
    ) -> Table:
        """A query into Parquet: a file, or a folder with a part for each value of `by`."""
        ...


def kind_of(word: str) -> Kind | None:
    """The kind behind an engine's word for a type."""
    word = word.upper().strip()
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(word)), None)


def read(table: Table, column: str, dialect: Dialect, zone: str) -> exp.Expr:
    """A column as rules read it: texts without a collation of their own, moments as local days.

    `zone` is the office's time zone, in which a moment with an offset has its day.
    """
    name: exp.Expr = exp.column(column, quoted=True)
    word = table.columns[column].upper()
    if word.startswith("ENUM"):  # ordered by its list, not by its letters
        return exp.cast(name, "text")
    if "COLLATE" in word:
        return exp.Collate(this=name, expression=exp.var("UTF8_BINARY"))
    if kind_of(word) != "moment":
        return name
    if dialect == "spark" and "NTZ" not in word:
        local = [name, exp.Literal.string(zone)]
        name = exp.Anonymous(this="FROM_UTC_TIMESTAMP", expressions=local)
    elif dialect != "spark" and "ZONE" in word and "WITHOUT" not in word:
        name = exp.AtTimeZone(this=name, zone=exp.Literal.string(zone))
    return exp.cast(name, "date")


def name_in(dialect: Dialect, name: str) -> str:
    """A name of a table or column, written down."""
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect)


def text_in(dialect: Dialect, text: str) -> str:
    """A text, written down."""
    return exp.Literal.string(text).sql(dialect=dialect)
