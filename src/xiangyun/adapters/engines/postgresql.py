"""Rules over a table in PostgreSQL: a snapshot is copied into a temporary one first.

Rows go in and out as CSV whose columns both sides declare; DuckDB reads and writes the Parquet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from xiangyun.adapters.duck import Duck, Report, duck, parquet, quoted
from xiangyun.domain.registers.sql.tables import Table, name_in
from xiangyun.kernel.dmn.sqldialects import Dialect

from . import Settings

_TYPES = {
    **{"TINYINT": "smallint", "UTINYINT": "smallint", "SMALLINT": "smallint"},
    **{"USMALLINT": "integer", "INTEGER": "integer", "UINTEGER": "bigint", "BIGINT": "bigint"},
    **{"UBIGINT": "numeric(20,0)", "HUGEINT": "numeric(39,0)", "UHUGEINT": "numeric(39,0)"},
    **{"VARCHAR": "text", "BOOLEAN": "boolean", "DATE": "date"},
    **{"TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamp with time zone"},
    **{"FLOAT": "real", "DOUBLE": "double precision"},
}
"""DuckDB's types as PostgreSQL has them; of others only the text is copied."""
_BACK = {
    **{"smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "text": "VARCHAR"},
    **{"boolean": "BOOLEAN", "date": "DATE"},
    **{"timestamp without time zone": "TIMESTAMP"},
    **{"timestamp with time zone": "TIMESTAMP WITH TIME ZONE"},
}
_NUMERIC = re.compile(r"numeric(?:\((\d+),(\d+)\))?")
_PIECE = 1 << 20


@contextmanager
def opened(settings: Settings) -> Iterator[PostgresEngine]:
    """One connection, whose temporary tables go with it."""
    with (
        duck(settings.memory) as local,
        psycopg.connect(settings.database(), autocommit=True) as connection,
    ):
        connection.execute("SET TIME ZONE 'UTC'")
        connection.execute("SET datestyle TO ISO")
        yield PostgresEngine(connection, local)


class PostgresEngine:
    """A database that is there anyway, such as that of the instance."""

    dialect: Dialect = "postgres"

    def __init__(self, connection: psycopg.Connection[Any], local: Duck) -> None:
        self._connection, self._local = connection, local

    def table(self, source: str) -> Table:
        """A Parquet file or folder, copied into a temporary table."""
        path = Path(source)
        given = self._local.columns(path)
        types = {name: _type(word) for name, word in given.items()}
        file = self._local.folder / "snapshot.csv"
        columns = ", ".join(
            _duck_name(name) if type_ else f"NULL AS {_duck_name(name)}"
            for name, type_ in types.items()
        )
        self._local.run(
            f"COPY (SELECT {columns} FROM {parquet(path)}) TO {quoted(str(file))}"
            " (FORMAT csv, HEADER false, NULLSTR '', FORCE_QUOTE *)"
        )
        declared = ", ".join(
            f"{name_in(self.dialect, name)} {type_ or 'text'}" for name, type_ in types.items()
        )
        self._run(f"CREATE TEMP TABLE snapshot ({declared})")
        with (
            file.open("rb") as data,
            self._connection.cursor() as cursor,
            cursor.copy("COPY snapshot FROM STDIN (FORMAT csv)") as copy,
        ):
            while piece := data.read(_PIECE):
                copy.write(piece)
        file.unlink()
        self._run("ANALYZE snapshot")
        words = {name: type_ or given[name] for name, type_ in types.items()}
        return Table("snapshot", words, self._local.notes(path))

    def keep(self, name: str, query: str, report: Report) -> Table:
        """A temporary table."""
        table = name_in(self.dialect, name)
        self._run(f"CREATE TEMP TABLE {table} AS {query}")
        self._run(f"ANALYZE {table}")
        report(1.0)
        return Table(table, self.columns(f"SELECT * FROM {table}"))

    def columns(self, query: str) -> dict[str, str]:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({query}) AS asked LIMIT 0")
            found = cursor.pgresult
            described = [
                (column.name, column.type_code, found.fmod(at) if found else -1)
                for at, column in enumerate(cursor.description or ())
            ]
            for_each = [(code, modifier) for _, code, modifier in described]
            words = []
            for code, modifier in for_each:
                cursor.execute("SELECT format_type(%s::oid, %s)", [code, modifier])
                words += [row[0] for row in cursor.fetchall()]
        return dict(zip((name for name, _, _ in described), words, strict=True))

    def rows(self, query: str, report: Report) -> list[tuple[Any, ...]]:
        found = self._connection.execute(query).fetchall()
        report(1.0)
        return found

    def write(
        self,
        query: str,
        out: Path | str,
        notes: Mapping[str, str],
        by: Sequence[str],
        report: Report,
    ) -> Table:
        """The rows stay here as a temporary table, and go out as Parquet by way of DuckDB."""
        written = self.keep("written", query, lambda share: report(share / 2))
        file = self._local.folder / "written.csv"
        with (
            file.open("wb") as data,
            self._connection.cursor() as cursor,
            cursor.copy("COPY written TO STDOUT (FORMAT csv)") as copy,
        ):
            for piece in copy:
                data.write(piece)
        types = ", ".join(
            f"{quoted(name)}: {quoted(self._duck_type(name, word))}"
            for name, word in written.columns.items()
        )
        source = (
            f"SELECT * FROM read_csv({quoted(str(file))}, columns = {{{types}}}, header = false,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
            " allow_quoted_nulls = false)"
        )
        self._local.write(source, Path(out), notes, lambda share: report(0.5 + share / 2), by)
        file.unlink()
        return written

    def _duck_type(self, name: str, word: str) -> str:
        """A type for Parquet; a number of any length gets as many places as it has."""
        match = _NUMERIC.fullmatch(word)
        if match is None:
            return _BACK.get(word, "VARCHAR")
        if match[1] and int(match[1]) <= 38:
            return f"DECIMAL({match[1]}, {match[2]})"
        column = name_in(self.dialect, name)
        most = self.rows(f"SELECT coalesce(max(scale({column})), 0) FROM written", _nobody)
        return f"DECIMAL(38, {most[0][0]})"

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)


def _nobody(share: float) -> None:
    """Nobody is told."""


def _type(word: str) -> str:
    if word.startswith("DECIMAL("):
        return f"numeric{word.removeprefix('DECIMAL')}"
    return "text" if word.startswith("ENUM(") else _TYPES.get(word, "")


def _duck_name(name: str) -> str:
    return name_in("duckdb", name)
