"""Tables in files, read row by row and never guessed at: CSV, XLSX, JSON lines and Parquet.

A cell of CSV is text: what it means, the declaration of a register says. Whatever a row has wrong
is told with its line, and the next row is read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.record.model import Register
from xiangyun.kernel.spelling import did_you_mean

from .duck import duck, parquet
from .workbooks import NoWorkbook, first_sheet

ENDINGS = (".csv", ".tsv", ".xlsx", ".jsonl", ".ndjson", ".parquet")
_LONGEST_CELL = 1_000_000
_PIECE = 10_000


def columns_of(declared: Register | None) -> dict[str, str]:
    """What a column may be called: a field's name, or what it is called in either language."""
    fields = declared.fields if declared else ()
    named = {f.words.zh: f.name for f in fields} | {f.words.en: f.name for f in fields}
    own = {column: column for column in ("valid_from", "valid_to")}
    return own | named | {f.name: f.name for f in fields}


class TableFile:
    """A file with a table; a `registers.ports.Rows`.

    `columns` are the names that a row may have, each with what it is called in the rows given; a
    file may use either; `needed` are those that its head may not lack. Raises Refused
    `register.E024` for an ending, or for what is not what it says, `register.E025` for columns that
    are not known, and `register.E033` for needed ones that are not there.
    """

    def __init__(
        self,
        file: Path,
        columns: Mapping[str, str],
        encoding: str = "utf-8-sig",
        needed: Sequence[str] = (),
    ) -> None:
        self.name, self._file, self._columns, self._needed = file.name, file, columns, needed
        self._kind = file.suffix.lower()
        if self._kind not in ENDINGS:
            raise Refused([_ending(file)])
        self.digest = _digest(file)
        self.written = self._kind in (".csv", ".tsv", ".xlsx")
        self._encoding = encoding
        self._size, self._read = file.stat().st_size, 0

    @property
    def share(self) -> float:
        """How much of the file is read, from 0 to 1."""
        return min(1.0, self._read / self._size) if self._size else 1.0

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        """Line and row, or what is wrong with it; without the first `done` rows."""
        reading = {
            ".parquet": self._parquet,
            ".csv": self._csv,
            ".tsv": self._csv,
            ".xlsx": self._xlsx,
        }
        return reading.get(self._kind, self._json)(done)

    def _csv(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        csv.field_size_limit(_LONGEST_CELL)
        with self._file.open("rb", buffering=0) as raw:
            text = io.TextIOWrapper(io.BufferedReader(raw), self._encoding, newline="")
            rows = csv.reader(text, delimiter="\t" if self._kind == ".tsv" else ",", strict=True)
            try:
                try:
                    header = self._named(next(rows, []))
                except csv.Error as error:  # a quote that nobody closes, over the whole file
                    raise Refused([_not_what_it_says(self.name, "CSV", str(error))]) from error
                width, count = len(header), 0
                while True:
                    try:
                        row = next(rows)
                    except StopIteration:
                        return
                    except csv.Error as error:
                        count += 1
                        if count > done:
                            yield rows.line_num, _unreadable(str(error))
                        continue
                    if not row:
                        continue
                    count += 1
                    self._read = raw.tell()
                    if count <= done:
                        continue
                    if len(row) != width:
                        yield rows.line_num, _width(len(row), width)
                    else:
                        yield rows.line_num, dict(zip(header, row, strict=True))
            except UnicodeDecodeError:
                raise Refused([_not_utf8(self.name, self._encoding)]) from None

    def _xlsx(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        rows = first_sheet(self._file)
        try:
            header = self._named(next(rows, (1, []))[1])
            width, count = len(header), 0
            for number, cells in rows:
                if not any(cells):
                    continue
                count += 1
                if count <= done:
                    continue
                if len(cells) > width:
                    yield number, _width(len(cells), width)
                else:
                    cells += [""] * (width - len(cells))
                    yield number, dict(zip(header, cells, strict=True))
        except NoWorkbook as error:
            raise Refused([_not_what_it_says(self.name, "XLSX", str(error))]) from error
        self._read = self._size

    def _json(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        count = self._read = 0
        with self._file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                self._read += len(line)
                if not line.strip():
                    continue
                count += 1
                if count <= done:
                    continue
                try:
                    row = json.loads(line, parse_float=Decimal)
                except ValueError as error:
                    yield number, _unreadable(str(error))
                    continue
                if not isinstance(row, dict):
                    yield number, _unreadable(type(row).__name__)
                else:
                    yield number, {self._columns.get(name, name): row[name] for name in row}

    def _parquet(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        try:
            yield from self._of_parquet(done)
        except duckdb.Error as error:  # a damaged file, in as many words as it has lines
            why = str(error).partition("\n")[0].replace(str(self._file), self.name)
            raise Refused([_not_what_it_says(self.name, "Parquet", why)]) from error

    def _of_parquet(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        with duck("500MB", threads=1) as database:
            header = self._named(list(database.columns(self._file)))
            # Whole as the file has them: no type is changed on the way.
            sql = f"SELECT * FROM {parquet(self._file)} OFFSET {done}"
            [(total,)] = database.rows(f"SELECT count(*) FROM {parquet(self._file)}")
            number = done
            for some in database.pieces(sql, _PIECE):
                for row in some:
                    number += 1
                    yield number, dict(zip(header, row, strict=True))
                self._read = int(self._size * number / max(total, 1))

    def _named(self, header: Sequence[str]) -> list[str]:
        """The names of the columns.

        Raises Refused with all that are unknown, there twice, or not there.
        """
        names = [self._columns.get(name.strip(), "") for name in header]
        wrong = [
            _column(name, self._columns)
            for name, known in zip(header, names, strict=True)
            if not known or names.count(known) > 1
        ]
        wrong += [_lacking(name, self.name) for name in self._needed if name not in names]
        if wrong or not header:
            raise Refused(wrong or [_column("", self._columns)])
        return names


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _ending(file: Path) -> Finding:
    return Finding(
        "register.E024",
        "error",
        Text("不认识这种文件。", "This kind of file is not known."),
        Place(file.name),
        Text("文件名应以 {endings} 结尾。", "Its name ends in {endings}.", endings=list(ENDINGS)),
    )


def _column(name: str, columns: Mapping[str, str]) -> Finding:
    return Finding(
        "register.E025",
        "error",
        Text(
            "列“{name}”不是这个库的字段，或者写了两次。",
            "The column “{name}” is no field of the register, or is there twice.",
            name=name,
        ),
        None,
        did_you_mean(name, sorted(set(columns.values()))),
    )


def _lacking(name: str, file: str) -> Finding:
    return Finding(
        "register.E033",
        "error",
        Text("文件缺少列“{name}”。", "The file lacks the column “{name}”.", name=name),
        Place(file),
        Text(
            "请连同表头完整导出；确实没有的列，从映射里去掉。",
            "Export it whole, with its head; take what is really not there out of the mapping.",
        ),
    )


def _not_what_it_says(name: str, kind: str, why: str) -> Finding:
    return Finding(
        "register.E024",
        "error",
        Text(
            "文件的内容不是能读的 {kind}：{why}",
            "What the file holds is no {kind} that can be read: {why}",
            kind=kind,
            why=why,
        ),
        Place(name),
        Text("请重新导出，或另存为 {kind}。", "Export it again, or save it as {kind}.", kind=kind),
    )


def _width(has: int, wanted: int) -> Finding:
    return Finding(
        "register.E026",
        "error",
        Text(
            "这一行有 {has} 格，表头有 {wanted} 格。",
            "The row has {has} {has|cell|cells}, the head has {wanted}.",
            has=has,
            wanted=wanted,
        ),
        None,
        Text("含逗号的格要写在引号里。", "A cell with a comma stands in quotes."),
    )


def _unreadable(why: str) -> Finding:
    return Finding(
        "register.E026",
        "error",
        Text("这一行读不了：{why}", "The row cannot be read: {why}", why=why),
        None,
        Text("请改正这一行后另存再导入。", "Correct the row and load it again."),
    )


def _not_utf8(name: str, encoding: str) -> Finding:
    return Finding(
        "register.E027",
        "error",
        Text(
            "文件不是 {encoding} 编码。",
            "The file is not in {encoding}.",
            encoding=encoding.upper(),
        ),
        Place(name),
        Text(
            "国标编码的文件请加 --encoding gb18030。",
            "For one in the national encoding say --encoding gb18030.",
        ),
    )
