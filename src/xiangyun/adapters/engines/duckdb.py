"""Rules over Parquet in DuckDB: on this machine, spilling to its disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xiangyun.adapters.duck import Duck, Report, duck, parquet
from xiangyun.domain.registers.sql.tables import Table
from xiangyun.kernel.dmn.sqldialects import Dialect

from . import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[DuckEngine]:
    """DuckDB with its memory."""
    with duck(settings.memory) as database:
        yield DuckEngine(database)


class DuckEngine:
    """The engine that is always there."""

    dialect: Dialect = "duckdb"

    def __init__(self, database: Duck) -> None:
        self.database = database

    def table(self, source: str) -> Table:
        """A Parquet file, or a folder of them with the values that its folders' names hold."""
        path = Path(source)
        return Table(parquet(path), self.database.columns(path), self.database.notes(path))

    def keep(self, name: str, query: str, report: Report) -> Table:
        """In a file of its own: what reads it several times would compute a view over and over."""
        file = self.database.folder / f"{name}.parquet"
        self.database.write(query, file, {}, report)
        return Table(parquet(file), self.database.columns(file))

    def columns(self, query: str) -> dict[str, str]:
        return self.database.described(query)

    def rows(self, query: str, report: Report) -> list[tuple[Any, ...]]:
        return self.database.rows(query, report=report)

    def write(
        self,
        query: str,
        out: Path | str,
        notes: Mapping[str, str],
        by: Sequence[str],
        report: Report,
    ) -> Table:
        """One file, or a folder with one inside for each value of `by`."""
        file = Path(out)
        self.database.write(query, file, notes, report, by)
        described = self.database.columns(file)
        return Table(parquet(file), described, notes)
