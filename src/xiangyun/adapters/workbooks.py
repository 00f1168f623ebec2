"""The first sheet of an XLSX (ECMA-376), row by row, as text: what a spreadsheet program saves.

Numbers are written as short as they are, days of cells with a format of days as 2026-04-09. What
is unpacked is bounded, and no entity of the XML is resolved.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from lxml import etree

MOST_BYTES = 500_000_000
"""What the parts that are read may unpack to."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_DAYS = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
"""Built-in formats of days; from 27 on those of a Chinese office, which no file spells out."""
_MOST_DIGITS = 40
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError),
    *(KeyError, IndexError, ValueError, ArithmeticError, etree.XMLSyntaxError),
)
"""What reading a damaged, an encrypted or a made-up file raises."""
_COLUMN = re.compile(r"[A-Z]{1,3}")


class NoWorkbook(ValueError):
    """A file that is no XLSX, or too large a one."""


@dataclass(frozen=True, slots=True)
class _Written:
    """How a workbook writes cells: its words, the styles of days, the day that it counts from."""

    shared: list[str]
    days: frozenset[int]
    epoch: date


def first_sheet(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Number of the line and its cells, empty ones included. Raises NoWorkbook."""
    try:
        with zipfile.ZipFile(file) as book:
            if sum(each.file_size for each in book.infolist()) > MOST_BYTES:
                raise NoWorkbook("too large")
            written = _Written(_shared(book), _day_styles(book), _epoch(book))
            with book.open(_first(book)) as sheet:
                yield from _rows(sheet, written)
    except _BROKEN as error:
        raise NoWorkbook(str(error)) from error


def _parsed(stream: IO[bytes], *tags: str) -> Iterator[Any]:
    """Elements of these tags, each forgotten after it was looked at."""
    for _, element in etree.iterparse(
        stream, tag=[_MAIN + tag for tag in tags], resolve_entities=False, no_network=True
    ):
        yield element
        element.clear()


def _first(book: zipfile.ZipFile) -> str:
    with book.open("xl/workbook.xml") as stream:
        named = next((each.get(_REL) for each in _parsed(stream, "sheet")), None)
    with book.open("xl/_rels/workbook.xml.rels") as stream:
        root = etree.parse(stream, etree.XMLParser(resolve_entities=False)).getroot()
    found = (str(each.get("Target")) for each in root if each.get("Id") == named)
    if named is None or (target := next(found, None)) is None:
        raise NoWorkbook("no sheet")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _epoch(book: zipfile.ZipFile) -> date:
    with book.open("xl/workbook.xml") as stream:
        said = next((each.get("date1904") for each in _parsed(stream, "workbookPr")), None)
    return _EPOCH_1904 if said in ("1", "true", "on") else _EPOCH


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    with book.open("xl/sharedStrings.xml") as stream:
        return [_text(each) for each in _parsed(stream, "si")]


def _text(element: Any) -> str:
    """The words of a string, without the readings that Japanese ones may carry."""
    return "".join(
        each.text or ""
        for each in element.iter(_MAIN + "t")
        if each.getparent().tag != _MAIN + "rPh"
    )


def _day_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """The styles in which a number is a day."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    with book.open("xl/styles.xml") as stream:
        root = etree.parse(stream, etree.XMLParser(resolve_entities=False)).getroot()
    own = {
        int(each.get("numFmtId", "0")): re.sub(
            r'"[^"]*"|\[[^\]]*\]', "", each.get("formatCode", "")
        )
        for each in root.iter(_MAIN + "numFmt")
    }
    of_days = _DAYS | {number for number, code in own.items() if re.search("[yd]", code, re.I)}
    formats = root.find(_MAIN + "cellXfs")
    return frozenset(
        place
        for place, each in enumerate(formats if formats is not None else ())
        if int(each.get("numFmtId", "0")) in of_days
    )


def _rows(sheet: IO[bytes], written: _Written) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(_parsed(sheet, "row"), 1):
        cells: list[str] = []
        for cell in row.iterchildren(_MAIN + "c"):
            place = _place(cell.get("r"), len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_cell(cell, written))
        yield int(row.get("r") or number), cells


def _place(reference: str | None, after: int) -> int:
    found = _COLUMN.match(reference or "")
    if found is None:
        return after
    place = 0
    for letter in found[0]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _cell(cell: Any, written: _Written) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        return _text(cell)
    value = cell.findtext(_MAIN + "v")
    if value is None:
        return ""
    if kind == "s":
        return written.shared[int(value)]
    if kind == "b":
        return "true" if value == "1" else "false"
    if kind in ("str", "e", "d"):
        return str(value)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return str(value)
    if int(cell.get("s", "0")) in written.days:
        return (written.epoch + timedelta(days=int(number))).isoformat()
    if number == int(number):
        return f"{number.quantize(Decimal(1)):f}"
    # 0.1 is written as 0.10000000000000001: fifteen digits are what such a program counts in.
    return f"{Decimal(f'{float(number):.15g}'):f}"
