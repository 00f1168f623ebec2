"""Where rules over a whole table run: DuckDB here, a PostgreSQL, or a Spark that exists already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import NamedTuple

from xiangyun.domain.registers.sql.tables import Engine

ENGINES = ("duckdb", "postgresql", "spark")


class Settings(NamedTuple):
    """What an engine is told: memory (as DuckDB says it: "2GB"), and where the others are found."""

    memory: str = "2GB"
    database: Callable[[], str] = str
    """The address of a PostgreSQL, asked for only where it is needed."""
    master: str = ""
    """The address of a Spark: `spark://…`, `local[2]`, or `sc://…` of Spark Connect."""


@contextmanager
def engine(name: str, settings: Settings) -> Iterator[Engine]:
    """An engine for the time of a `with`; only its own libraries are loaded."""
    module = import_module(f"{__name__}.{name}")
    with module.opened(settings) as found:
        yield found
