"""A workbook (XLSX, ECMA-376) written row by row: a sheet of rows, and one that says what they are.

Days and numbers are typed. A text is a text whatever it begins with: one that a spreadsheet program
would take for a formula when somebody edits it is marked as quoted, and keeps its characters.
"""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import IO, Any, Final

from xiangyun.kernel.cells import FORMULA

ROWS: Final = 1_048_575
"""Rows that a sheet holds besides its head."""
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
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        "<fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills>"
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
        '<xf numFmtId="165" applyNumberFormat="1"/><xf quotePrefix="1"/></cellXfs></styleSheet>'
    ),
}  # fmt: skip
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_EPOCH = datetime.date(1899, 12, 30)


_DAY, _MOMENT, _QUOTED = 1, 2, 3
"""Places in `cellXfs`."""


def write(out: Path | IO[bytes], rows: Iterable[Sequence[Any]], about: Mapping[str, str]) -> None:
    """A workbook of rows, the first of which is the head, and of what is to be said about them.

    A cell is None, a text, a number, a truth, a day or a moment, which loses its zone: give it in
    the office's time. Rows beyond `ROWS` are left out.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in _PARTS.items():
            book.writestr(_part(name), text)
        with book.open(_part("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(_SHEET.encode())
            for number, row in enumerate(rows, 1):
                if number > ROWS + 1:
                    break
                sheet.write(_row(number, row).encode())
            sheet.write(b"</sheetData></worksheet>")
        told = "".join(_row(number, pair) for number, pair in enumerate(about.items(), 1))
        book.writestr(
            _part("xl/worksheets/sheet2.xml"),
            f"{_SHEET}{told}</sheetData></worksheet>",
        )


def _part(name: str) -> zipfile.ZipInfo:
    """A part under a fixed moment, so that the same rows give the same bytes; compressed."""
    part = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _row(number: int, values: Iterable[Any]) -> str:
    return f'<row r="{number}">{"".join(map(_cell, values))}</row>'


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime.datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        serial = (value.date() - _EPOCH).days + seconds / 86400
        return f'<c s="{_MOMENT}"><v>{serial:.6f}</v></c>'
    if isinstance(value, datetime.date):
        return f'<c s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, Decimal):
        return f"<c><v>{value:f}</v></c>"
    if isinstance(value, (int, float)):
        return f"<c><v>{value!r}</v></c>"
    text = "".join(c for c in str(value) if c >= " " or c in "\t\n")
    style = f' s="{_QUOTED}"' if text.startswith(FORMULA) else ""
    inline = f'<is><t xml:space="preserve">{escape(text, quote=False)}</t></is>'
    return f'<c{style} t="inlineStr">{inline}</c>'
