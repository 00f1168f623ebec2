"""Tables of data sets as Parquet files, made and compared by DuckDB: a `ports.Workshop`."""

from __future__ import annotations

import contextlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from xiangyun.domain.datasets.ports import Difference, TableColumn
from xiangyun.domain.files import queries as files
from xiangyun.kernel.findings import Finding, Place, Refused, Text

from .duck import Duck, duck, parquet, quoted
from .openfiles import local

_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "division": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
}
_MEMORY = "1GB"
_BLOCK = 1 << 20
_TOLD = 20
"""So many wrong rows of a file are told."""


def workshop() -> DuckWorkshop:
    """The one of this instance."""
    return DuckWorkshop()


class DuckWorkshop:
    """Makes a table from CSV, and says how two of them differ."""

    @contextlib.contextmanager
    def folder(self) -> Iterator[Path]:
        """A place for files while they are made."""
        with TemporaryDirectory(prefix="xiangyun-table-") as made:
            yield Path(made)

    def local(self, digest: str) -> Path:
        return local(digest)

    @contextlib.contextmanager
    def unshown(self, digest: str) -> Iterator[Path]:
        """A table that is never shown, apart from those that queries reach."""
        with TemporaryDirectory(prefix="xiangyun-unshown-") as made:
            file = Path(made) / "whole.parquet"
            file.write_bytes(files.content(digest))
            yield file

    def made(
        self, csv: Path, columns: Sequence[TableColumn], notes: Mapping[str, str], out: Path
    ) -> int:
        """A Parquet file of these columns from CSV; the number of its rows.

        Raises Refused `dataset.E020` for an encoding, `dataset.E021` for columns, `dataset.E022`
        for values; nothing is there then.
        """
        with duck(_MEMORY, threads=2) as database:
            _read(database, csv, columns)
            chosen = ", ".join(
                f"CAST({_name(c.name)} AS {_TYPES[c.type]}) AS {_name(c.name)}" for c in columns
            )
            database.write(f"SELECT {chosen} FROM given ORDER BY line", out, notes)
            [(rows,)] = database.rows(f"SELECT count(*) FROM {parquet(out)}")
            return int(rows)

    def rewritten(
        self, sql: str, tables: Mapping[str, Path], notes: Mapping[str, str], out: Path
    ) -> int:
        """A Parquet file of a query over others; the number of its rows."""
        with duck(_MEMORY, threads=2) as database:
            for name, file in tables.items():
                database.run(f"CREATE VIEW {_name(name)} AS SELECT * FROM {parquet(file)}")
            database.write(sql, out, notes)
            [(rows,)] = database.rows(f"SELECT count(*) FROM {parquet(out)}")
            return int(rows)

    def rows(self, file: Path, sql: str) -> list[tuple[object, ...]]:
        """The rows of a query over one table, called `t`."""
        with duck(_MEMORY, threads=2) as database:
            database.run(f"CREATE VIEW t AS SELECT * FROM {parquet(file)}")
            return database.rows(sql)

    def difference(self, before: Path, after: Path) -> Difference:
        """Rows that came and went, by the columns that both have; a changed row is one of each."""
        with duck(_MEMORY, threads=2) as database:
            was, now = database.columns(before), database.columns(after)
            both = [name for name in now if was.get(name) == now[name]]
            came = went = 0
            if both:
                named = ", ".join(map(_name, both))
                one, other = (f"SELECT {named} FROM {parquet(f)}" for f in (after, before))
                [(came,)] = database.rows(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})")
                [(went,)] = database.rows(f"SELECT count(*) FROM ({other} EXCEPT ALL {one})")
            return Difference(
                int(came),
                int(went),
                tuple(name for name in now if name not in was),
                tuple(name for name in was if name not in now),
                tuple(name for name in now if name in was and was[name] != now[name]),
            )


def _read(database: Duck, csv: Path, columns: Sequence[TableColumn]) -> None:
    """The file as a table `given` of texts with the number of each line, every value looked at."""
    _decoded(csv)
    header = _header(csv)
    wanted = [column.name for column in columns]
    if header != wanted:
        raise Refused([_columns(csv.name, header, wanted)])
    typed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in header)
    read = (
        f"read_csv({quoted(str(csv))}, header = true, delim = ',', quote = '\"', escape = '\"',"
        f" columns = {{{typed}}}, auto_detect = false, nullstr = '', allow_quoted_nulls = false,"
        " store_rejects = true, rejects_limit = 100, parallel = false)"
    )
    try:
        database.run(f"CREATE TABLE given AS SELECT *, row_number() OVER () AS line FROM {read}")
        rejected = database.rows("SELECT line, error_message FROM reject_errors ORDER BY line")
    except duckdb.Error as problem:
        said = str(problem)
        if "utf" in said.lower() or "unicode" in said.lower():
            raise Refused([_encoding(csv.name)]) from problem
        raise Refused([_row(csv.name, 0, said.splitlines()[0])]) from problem
    wrong = [
        _encoding(csv.name)
        if "unicode" in str(why).lower()
        else _row(csv.name, int(line), str(why).splitlines()[0])
        for line, why in rejected[:_TOLD]
    ]
    for column in columns:
        type_ = _TYPES[column.type]
        if type_ == "VARCHAR":
            continue
        name = _name(column.name)
        found = database.rows(
            f"SELECT line + 1, {name} FROM given WHERE {name} IS NOT NULL"
            f" AND try_cast({name} AS {type_}) IS NULL ORDER BY line LIMIT {_TOLD}"
        )
        wrong += [_value(csv.name, int(line), column, str(value)) for line, value in found]
    if wrong:
        raise Refused(wrong)


def _decoded(csv: Path) -> None:
    """Every byte is looked at first, so that a file in another encoding is told by its line."""
    decoder, line = getincrementaldecoder("utf-8")(), 1
    with csv.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as problem:
                line += block[: problem.start].count(b"\n")
                raise Refused([_encoding(csv.name, line)]) from None
            line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused([_encoding(csv.name, line)]) from None


def _header(csv: Path) -> list[str]:
    with csv.open("rb") as lines:
        first = lines.readline().rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
    try:
        return [name.strip().strip('"') for name in first.decode("utf-8").split(",")]
    except UnicodeDecodeError:
        raise Refused([_encoding(csv.name)]) from None


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _encoding(file: str, line: int = 0) -> Finding:
    return Finding(
        "dataset.E020",
        "error",
        Text("文件不是 UTF-8 编码。", "The file is not in UTF-8."),
        Place(file, line),
        Text("请另存为 UTF-8 后再来。", "Save it as UTF-8 and give it again."),
    )


def _columns(file: str, has: Sequence[str], wanted: Sequence[str]) -> Finding:
    return Finding(
        "dataset.E021",
        "error",
        Text(
            "表头是 {has}，应为 {wanted}。",
            "The head names {has}, and should name {wanted}.",
            has=list(has)[:50],
            wanted=list(wanted),
        ),
        Place(file, 1),
        Text("请让列名和顺序与声明一致。", "Give the columns as they are declared, in that order."),
    )


def _row(file: str, line: int, why: str) -> Finding:
    return Finding(
        "dataset.E022",
        "error",
        Text("这一行读不了：{why}", "The row cannot be read: {why}", why=why),
        Place(file, line),
        Text("请改正这一行；什么都没有发布。", "Correct the row; nothing was published."),
    )


def _value(file: str, line: int, column: TableColumn, value: str) -> Finding:
    return Finding(
        "dataset.E022",
        "error",
        Text(
            "“{value}”不是{column}应有的类型（{type}）。",
            "“{value}” is no value of {column} ({type}).",
            value=value[:100],
            column=column.name,
            type=column.type,
        ),
        Place(file, line),
        Text("请改正这一行；什么都没有发布。", "Correct the row; nothing was published."),
    )
