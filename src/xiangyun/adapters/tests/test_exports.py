"""A whole table in a form: what leaves it, and what stays when it cannot."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from xiangyun.adapters import exports, openquery
from xiangyun.adapters.duck import duck
from xiangyun.kernel.findings import Refused

ROWS = [("甲,乙", 1), ('say "hello"', 2), ("two\nlines", None), ("", 4), (None, 5)]


@pytest.fixture
def table(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.HOME = tmp_path
    openquery.stop()  # those that run look into another folder
    file = tmp_path / "open" / "t.parquet"
    file.parent.mkdir()
    values = ", ".join(
        f"({'NULL' if text is None else repr(text)}, {'NULL' if n is None else n})"
        for text, n in ROWS
    ).replace("\\n", "\n")
    with duck() as database:
        database.write(f"SELECT * FROM (VALUES {values}) AS v(text, n)", file, {})
    yield file
    openquery.stop()


def test_csv_is_written_whole_by_a_process_that_may_write_no_file(table: Path) -> None:
    made = exports.exported(table, "csv", {})
    with made.open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    assert head == ["text", "n"]
    assert rows == [[text or "", "" if n is None else str(n)] for text, n in ROWS]
    assert b'\n"",4\n' in made.read_bytes(), "an empty text is none that is missing"
    assert {each.name for each in table.parent.iterdir()} == {"t.parquet", "t.csv"}


def test_a_table_that_cannot_be_read_leaves_no_half_of_a_file(table: Path) -> None:
    table.write_bytes(b"no table")
    with pytest.raises(Refused) as refused:
        exports.exported(table, "csv", {})
    assert refused.value.findings[0].id == "open.E012"
    assert {each.name for each in table.parent.iterdir()} == {"t.parquet"}


def test_a_copy_that_never_ends_is_stopped_and_leaves_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duck() as database:
        database.write("SELECT range AS n FROM range(20_000_000)", table, {})
    copied = openquery.copied
    monkeypatch.setattr(openquery, "copied", lambda t, out: copied(t, out, seconds=0.05))
    with pytest.raises(Refused) as refused:
        exports.exported(table, "csv", {})
    assert refused.value.findings[0].id == "open.E010"
    assert {each.name for each in table.parent.iterdir()} == {"t.parquet"}
