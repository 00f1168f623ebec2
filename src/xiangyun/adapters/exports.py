"""Open tables in the forms that people download: CSV, JSON lines, XLSX, Parquet.

Schema and licence travel inside: in the metadata of Parquet, in a sheet of XLSX, in the first line
of JSON lines. CSV has no place for them; they stand beside it as a Table Schema.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from . import bookwriting, openquery

FORMATS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_PIECE = 5_000
XLSX_ROWS: Final = bookwriting.ROWS


def exported(table: Path, format: str, notes: Mapping[str, Any]) -> Path:
    """A table in a form, made once and kept beside it; Parquet is the table itself."""
    if format == "parquet":
        return table
    made = table.with_suffix(f".{format}")
    if not made.exists():
        with NamedTemporaryFile(dir=table.parent, prefix=".export-", delete=False) as draft:
            file = Path(draft.name)
        try:
            _WRITERS[format](table, file, notes)
            file.replace(made)
        finally:
            file.unlink(missing_ok=True)
    return made


def _csv(table: Path, out: Path, notes: Mapping[str, Any]) -> None:
    with out.open("wb") as file:
        openquery.copied(table, file)


def _jsonl(table: Path, out: Path, notes: Mapping[str, Any]) -> None:
    with out.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps({"@context": dict(notes)}, ensure_ascii=False) + "\n")
        for names, row in _rows(table):
            line = {n: _plain(v) for n, v in zip(names, row, strict=True)}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def _rows(table: Path) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    # A server that is never asked for these forms does not hold the database.
    from .duck import duck, parquet  # noqa: PLC0415

    with duck("500MB", threads=1) as database:
        names = list(database.columns(table))
        for piece in database.pieces(f"SELECT * FROM {parquet(table)}", _PIECE):
            for row in piece:
                yield names, row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


def _xlsx(table: Path, out: Path, notes: Mapping[str, Any]) -> None:
    """A workbook with the rows and a sheet about them; codes stay text with their noughts."""

    def lines() -> Iterator[Sequence[Any]]:
        for number, (names, row) in enumerate(_rows(table)):
            if number == 0:
                yield names
            yield row

    said = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in notes.items()
    }
    bookwriting.write(out, lines(), said)


_WRITERS = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx}
