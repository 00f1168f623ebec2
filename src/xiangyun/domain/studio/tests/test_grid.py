"""Tables of decisions as grids, and grids back into their files, which keep all else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xiangyun.kernel.dmn.grid import Grid, Row, grids, with_rows
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parents[5]
STARTER = (ROOT / "src/xiangyun/starters/service/rules.dmn").read_text("utf-8")
TABLE = "requirements"


def grid(text: str, decision: str = TABLE) -> Grid:
    return next(each for each in grids(text) if each.decision == decision)


def test_rows_as_they_are_give_the_same_bytes_in_every_shipped_table() -> None:
    files = sorted(ROOT.glob("packs/*/*/rules.dmn"))
    assert files
    for file in files:
        text = file.read_text("utf-8")
        for each in grids(text):
            assert with_rows(text, each.decision, each.rows) == text, file
            turned = with_rows(text, each.decision, each.rows[::-1])
            assert with_rows(turned, each.decision, each.rows) == text, (file, each.decision)


def test_a_cell_changed_in_the_grid_changes_one_line_of_the_file() -> None:
    rows = list(grid(STARTER).rows)
    rows[0] = replace(rows[0], cells=("true", *rows[0].cells[1:]))
    new = with_rows(STARTER, TABLE, rows)
    assert grid(new).rows[0].cells[0] == "true"
    pairs = zip(STARTER.splitlines(), new.splitlines(), strict=True)
    assert sum(one != other for one, other in pairs) == 1


def test_rows_are_added_moved_and_taken_out() -> None:
    first = grid(STARTER)
    new = Row("requirements.late", tuple(f"<{n}> & “x”" for n in range(len(first.columns))))
    grown = with_rows(STARTER, TABLE, [new, *first.rows])
    assert [(row.id, row.cells) for row in grid(grown).rows] == [
        (row.id, row.cells) for row in (new, *first.rows)
    ]
    assert with_rows(grown, TABLE, first.rows) == STARTER
    assert [row.id for row in grid(with_rows(STARTER, TABLE, first.rows[1:])).rows] == [
        row.id for row in first.rows[1:]
    ]


def test_a_table_without_rows_gets_its_first() -> None:
    first = grid(STARTER)
    empty = with_rows(STARTER, TABLE, [])
    assert grid(empty).rows == ()
    again = grid(with_rows(empty, TABLE, first.rows))
    assert [(row.id, row.cells) for row in again.rows] == [
        (row.id, row.cells) for row in first.rows
    ]


def test_the_grid_names_its_columns_and_the_lines_of_its_rows() -> None:
    found = grid(STARTER)
    assert found.hit_policy == "COLLECT"
    assert [column.kind for column in found.columns[:3]] == ["input"] * 3
    assert found.columns[0].label == "够年龄"
    lines = STARTER.splitlines()
    assert all(f'id="{row.id}"' in lines[row.line - 1] for row in found.rows)


@pytest.mark.parametrize(
    ("decision", "row", "said"),
    [
        ("nowhere", Row("a", ()), "pack.E584"),
        (TABLE, Row("a", ("-",)), "pack.E585"),
        (TABLE, Row("a b", ("-",) * 10), "pack.E585"),
        (TABLE, Row("requirements.too_young", ("-",) * 10), "pack.E585"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused_by_name(decision: str, row: Row, said: str) -> None:
    with pytest.raises(Refused) as refused:
        with_rows(STARTER, decision, [*grid(STARTER).rows, row])
    assert refused.value.findings[0].id == said
