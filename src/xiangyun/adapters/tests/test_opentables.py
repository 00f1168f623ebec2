"""Tables from files: each wrong row is told by its line, and nothing is made of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiangyun.adapters.opentables import workshop
from xiangyun.domain.datasets.ports import TableColumn
from xiangyun.kernel.findings import Refused

MANY = 1_000_000
COLUMNS = (TableColumn("code", "text"), TableColumn("day", "date"), TableColumn("value", "integer"))


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    file = tmp_path / "many.csv"
    row = "000000000001,2026-01-02,3\n"
    file.write_text("code,day,value\n" + row * MANY, "ascii")
    return file


def test_three_wrong_rows_among_a_million_are_told_by_their_lines(
    whole: Path, tmp_path: Path
) -> None:
    lines = whole.read_text("ascii").splitlines(keepends=True)
    lines[17] = "000000000001,2026-01-02,many\n"
    lines[499_999] = "000000000001,2026-02-30,3\n"
    lines[MANY] = "000000000001,2026-01-02,3.5x\n"
    whole.write_text("".join(lines), "ascii")
    out = tmp_path / "out" / "table.parquet"
    out.parent.mkdir()
    with pytest.raises(Refused) as refused:
        workshop().made(whole, COLUMNS, {}, out)
    told = sorted(
        (finding.place.line, finding.id) for finding in refused.value.findings if finding.place
    )
    assert told == [(18, "dataset.E022"), (500_000, "dataset.E022"), (MANY + 1, "dataset.E022")]
    assert not list(out.parent.iterdir())


def test_one_byte_of_another_encoding_in_a_large_file_is_told_by_its_line(
    whole: Path, tmp_path: Path
) -> None:
    content = bytearray(whole.read_bytes())
    line = len("000000000001,2026-01-02,3\n")
    content[len("code,day,value\n") + 700_000 * line] = 0xD5  # as GB 18030 begins a character
    whole.write_bytes(content)
    out = tmp_path / "out" / "table.parquet"
    out.parent.mkdir()
    with pytest.raises(Refused) as refused:
        workshop().made(whole, COLUMNS, {}, out)
    (finding,) = refused.value.findings
    assert finding.id == "dataset.E020"
    assert finding.place is not None
    assert finding.place.line == 700_002
    assert not list(out.parent.iterdir())
