"""Tables in files: whatever stands in one, each row is read or told with its line."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xiangyun.adapters.duck import duck
from xiangyun.adapters.tables import TableFile
from xiangyun.kernel.findings import Finding, Refused

COLUMNS = {"code": "code", "name": "name"}


def rows(content: bytes, ending: str) -> list[object]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table{ending}"
        file.write_bytes(content)
        return [row for _, row in TableFile(file, COLUMNS).rows(0)]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".xlsx"])
@given(content=st.binary(max_size=300))
@example(content=b'"')
@settings(max_examples=60, deadline=None)
def test_whatever_bytes_a_table_has_it_is_read_or_refused(ending: str, content: bytes) -> None:
    try:
        found = rows(content, ending)
    except Refused:
        return
    assert all(isinstance(row, Finding) or row.keys() <= COLUMNS.keys() for row in found)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
@given(body=st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_line_of_a_table_is_left_out_in_silence(ending: str, body: str) -> None:
    head = "code,name\n" if ending == ".csv" else ""
    for row in rows((head + body).encode("utf-8", errors="ignore"), ending):
        assert isinstance(row, Finding) or set(row) <= set(COLUMNS)


@pytest.fixture(scope="module")
def parquet() -> bytes:
    """A table of a hundred rows, as another program writes it."""
    with tempfile.TemporaryDirectory() as folder, duck() as database:
        file = Path(folder) / "table.parquet"
        query = "SELECT 'a' AS code, 'b' AS name FROM range(100)"
        database.run(f"COPY ({query}) TO '{file}' (FORMAT parquet)")
        return file.read_bytes()


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_damaged_parquet_file_is_read_or_refused(parquet: bytes, data: st.DataObject) -> None:
    damaged = bytearray(parquet)
    places = st.integers(0, len(damaged) - 1)
    for place in data.draw(st.lists(places, max_size=5)):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), places))
    with contextlib.suppress(Refused):
        rows(bytes(damaged[:cut]), ".parquet")
