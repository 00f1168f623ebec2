"""DuckDB: queries over Parquet files that are larger than memory, with their progress told."""

from __future__ import annotations

import atexit
import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from threading import Thread
from typing import Any

import duckdb

Report = Callable[[float], None]
"""Told the share done, from 0 to 1."""
_OFTEN = 0.2
# A command freezes what its start has loaded. DuckDB's binding tells at the end, on standard error,
# of all its types that the collector was kept from.
atexit.register(gc.unfreeze)


class Duck:
    """One connection to an in-memory database; large work spills into `folder`, which goes."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self.folder = folder

    def run(self, sql: str, parameters: Sequence[Any] = (), report: Report | None = None) -> None:
        """Carry out a statement. Raises duckdb.Error with DuckDB's own words."""
        if report is None:
            self._connection.execute(sql, list(parameters))
            return
        failed: list[BaseException] = []

        def work() -> None:
            try:
                self._connection.execute(sql, list(parameters))
            except BaseException as error:  # handed on to the caller, on its own thread
                failed.append(error)

        thread = Thread(target=work)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_OFTEN)
                report(max(self._connection.query_progress(), 0.0) / 100)
        except BaseException:  # Ctrl+C: the query must not go on behind the caller's back
            self._connection.interrupt()
            thread.join()
            raise
        if failed:
            raise failed[0]
        report(1.0)

    def rows(
        self, sql: str, parameters: Sequence[Any] = (), report: Report | None = None
    ) -> list[tuple[Any, ...]]:
        """The rows of a query, which should be few."""
        self.run(sql, parameters, report)
        return self._connection.fetchall()

    def pieces(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, however many, `size` at a time."""
        self.run(sql)
        while some := self._connection.fetchmany(size):
            yield some

    def columns(self, file: Path) -> dict[str, str]:
        """Names and DuckDB types of the columns of a Parquet file, or of a folder of them."""
        return self.described(f"SELECT * FROM {parquet(file)}")

    def described(self, query: str) -> dict[str, str]:
        """Names and DuckDB types of a query's columns; the query is not run."""
        return {row[0]: row[1] for row in self.rows(f"DESCRIBE {query}")}

    def notes(self, file: Path) -> dict[str, str]:
        """The key-value metadata of a Parquet file, or of the first in a folder."""
        first = next(parts(file), file) if file.is_dir() else file
        found = self.rows("SELECT key, value FROM parquet_kv_metadata(?)", [str(first)])
        return {_text(key): _text(value) for key, value in found}

    def write(
        self,
        sql: str,
        file: Path,
        notes: Mapping[str, str],
        report: Report | None = None,
        by: Sequence[str] = (),
    ) -> None:
        """A query into a Parquet file with key-value metadata; the file appears when it is whole.

        With `by` it is a folder, with one inside for each value of these columns. Column names,
        notes and the file's name go into the statement as literals.
        """
        partial = file.with_name(f".{file.name}.partial")
        metadata = ", ".join(f"{quoted(key)}: {quoted(value)}" for key, value in notes.items())
        target = f"COPY ({sql}) TO {quoted(str(partial))}"
        options = f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}}"
        if by:
            options += f", PARTITION_BY ({', '.join(map(named, by))})"
        _removed(partial)
        try:
            self.run(f"{target} ({options})", report=report)
            if file.is_dir():
                _removed(file)
            partial.replace(file)
        finally:
            _removed(partial)


@contextmanager
def duck(memory: str = "2GB", threads: int | None = None) -> Iterator[Duck]:
    """A DuckDB that keeps to `memory` (as DuckDB says it: "2GB") and spills beyond it."""
    with tempfile.TemporaryDirectory(prefix="xiangyun-duck-") as folder:
        config: dict[str, Any] = {
            "memory_limit": memory,
            "temp_directory": folder,
        }
        if threads is not None:
            config["threads"] = threads
        with duckdb.connect(":memory:", config=config) as connection:
            # Progress is counted only where it could be printed; the printing is ours.
            connection.execute("SET enable_progress_bar = true")
            connection.execute("SET enable_progress_bar_print = false")
            yield Duck(connection, Path(folder))


def parquet(file: Path) -> str:
    """A Parquet file, or a folder of them, as a table in SQL.

    What only the names of folders say (`division=220102`) is text: a code keeps its noughts.
    """
    if not file.is_dir():
        return f"read_parquet({quoted(str(file))})"
    files = quoted(f"{file}/**/*.parquet")
    return f"read_parquet({files}, hive_partitioning = true, hive_types_autocast = false)"


def parts(folder: Path) -> Iterator[Path]:
    """The Parquet files in a folder, however deep."""
    return (each for each in sorted(folder.rglob("*.parquet")) if each.is_file())


def is_parquet_folder(folder: Path) -> bool:
    """Whether a folder holds Parquet files and what their writers leave beside them, no more."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return all(
        each.suffix in (".parquet", ".crc") or each.name == "_SUCCESS" for each in files
    ) and any(each.suffix == ".parquet" for each in files)


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """A name as SQL quotes one."""
    return '"' + column.replace('"', '""') + '"'


def _removed(path: Path) -> None:
    if path.is_dir():
        rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
