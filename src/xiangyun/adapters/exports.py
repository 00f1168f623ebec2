"""Open tables in the forms that people download: CSV, JSON lines, XLSX, Parquet.

Schema and licence travel inside: in the metadata of Parquet, in a sheet of XLSX, in the first line
of JSON lines. CSV has no place for them; they stand beside it as a Table Schema.
"""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from .duck import duck, parquet, quoted

FORMATS: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
_PIECE = 5_000
XLSX_ROWS: Final = 1_048_575
"""Rows that a sheet holds besides its head."""


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
    with duck("500MB", threads=2) as database:
        database.run(
            f"COPY (SELECT * FROM {parquet(table)}) TO {quoted(str(out))} (FORMAT csv, HEADER)"
        )


def _jsonl(table: Path, out: Path, notes: Mapping[str, Any]) -> None:
    with out.open("w", encoding="utf-8") as lines:
        lines.write(json.dumps({"@context": dict(notes)}, ensure_ascii=False) + "\n")
        for names, row in _rows(table):
            line = {n: _plain(v) for n, v in zip(names, row, strict=True)}
            lines.write(json.dumps(line, ensure_ascii=False) + "\n")


def _rows(table: Path) -> Iterator[tuple[list[str], tuple[Any, ...]]]:
    with duck("500MB", threads=2) as database:
        names = list(database.columns(table))
        for piece in database.pieces(f"SELECT * FROM {parquet(table)}", _PIECE):
            for row in piece:
                yield names, row


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime.date, datetime.datetime)) else value


_PARTS: Final[Mapping[str, str]] = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="data" sheetId="1" r:id="rId1"/><sheet name="about" sheetId="2" r:id="rId2"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet2.xml"/>'
        '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        "<fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills>"
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ),
}  # fmt: skip
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_EPOCH = datetime.date(1899, 12, 30)


def _xlsx(table: Path, out: Path, notes: Mapping[str, Any]) -> None:
    """A workbook with the rows and a sheet about them; codes stay text with their noughts."""
    moment = (2026, 1, 1, 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(zipfile.ZipInfo(name, moment), text)
        with book.open(zipfile.ZipInfo("xl/worksheets/sheet1.xml", moment), "w") as sheet:
            sheet.write(_SHEET.encode())
            for number, (names, row) in enumerate(_rows(table)):
                if number == 0:
                    sheet.write(_row(1, names).encode())
                if number >= XLSX_ROWS:
                    break
                sheet.write(_row(number + 2, row).encode())
            sheet.write(b"</sheetData></worksheet>")
        about = "".join(
            _row(
                number,
                (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)),
            )
            for number, (key, value) in enumerate(notes.items(), 1)
        )
        book.writestr(
            zipfile.ZipInfo("xl/worksheets/sheet2.xml", moment),
            f"{_SHEET}{about}</sheetData></worksheet>",
        )


def _row(number: int, values: Any) -> str:
    return f'<row r="{number}">{"".join(map(_cell, values))}</row>'


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.date):
        return f'<c s="1"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c><v>{value!r}</v></c>"
    text = "".join(c for c in str(value) if c >= " " or c in "\t\n")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text, quote=False)}</t></is></c>'


_WRITERS = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx}
