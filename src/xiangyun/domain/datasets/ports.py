"""What data sets want from the outside: somebody who makes tables and compares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its name, and a type of `kernel.projection.model.COLUMN_TYPES`."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How a table differs from the one before: rows that came and went, columns likewise."""

    came: int
    went: int
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    columns_changed: tuple[str, ...] = ()

    @property
    def same_schema(self) -> bool:
        return not (self.columns_added or self.columns_removed or self.columns_changed)


class Workshop(Protocol):
    """Makes Parquet files, and reads them."""

    def folder(self) -> AbstractContextManager[Path]:
        """A place for files while they are made."""

    def local(self, digest: str) -> Path:
        """A table among the files, as a file of this machine. Raises NotFound where it is gone."""

    def unshown(self, digest: str) -> AbstractContextManager[Path]:
        """A table that is never shown, as a file for a while, where no query reaches it."""

    def made(
        self, csv: Path, columns: Sequence[TableColumn], notes: Mapping[str, str], out: Path
    ) -> int:
        """A table from CSV with a head; the number of its rows. Raises Refused with each fault."""

    def rewritten(
        self, sql: str, tables: Mapping[str, Path], notes: Mapping[str, str], out: Path
    ) -> int:
        """A table of a query over others by their names; the number of its rows."""

    def rows(self, file: Path, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query over a table that is called `t`."""

    def difference(self, before: Path, after: Path) -> Difference:
        """Rows that came and went, and columns."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What another catalogue holds, as packages of CKAN; `same`: as when it gave its `tag`.

    `packages` are read while they are asked for, once, and may be refused then: what is kept of a
    stranger's catalogue is less than it says.
    """

    packages: Iterable[Mapping[str, Any]]
    tag: str
    same: bool = False


class Source(Protocol):
    """Reads catalogues of others, whole or not at all."""

    def catalogue(self, kind: str, address: str, tag: str) -> Catalogue:
        """All packages of a catalogue (`ckan`, `dcat`). Raises Refused where it is none."""


def source() -> Source:
    """The one of this instance, as the settings name it."""
    made: Source = import_string(settings.XIANGYUN_CATALOGUES)()
    return made


def workshop() -> Workshop:
    """The one of this instance, as the settings name it."""
    made: Workshop = import_string(settings.XIANGYUN_TABLES)()
    return made
