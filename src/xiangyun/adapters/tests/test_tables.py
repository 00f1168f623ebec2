"""Tables in files: whatever stands in one, each row is read or told with its line."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
