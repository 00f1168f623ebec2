"""What is hidden stays hidden: by itself, by subtraction, over linked tables and over versions."""

from __future__ import annotations

from itertools import product

import pytest

from xiangyun.kernel.disclosure import Cell, Key, Rule, Table, attack, joined, protect, sums_of

RULE = Rule(threshold=3, protect=20)


def table(rows: dict[tuple[str, str], int]) -> Table:
    """A table of rows by columns with its margins."""
    cells = dict(rows)
    names, kinds = {r for r, _ in rows}, {k for _, k in rows}
    for name in names:
        cells[name, "*"] = sum(rows[name, kind] for kind in kinds)
    for kind in kinds:
        cells["*", kind] = sum(rows[name, kind] for name in names)
    cells["*", "*"] = sum(rows.values())
    up = [dict.fromkeys(names, "*"), dict.fromkeys(kinds, "*")]
    return Table(
        {key: Cell(float(value), value) for key, value in cells.items()},
        sums_of(list(cells), up),
    )


def grid(high: int, wide: int, seed: int = 7) -> dict[tuple[str, str], int]:
    return {
        (f"r{i}", f"c{j}"): (seed * seed + 17 * i * i + 7 * i * j + 11 * j) % 41
        for i, j in product(range(high), range(wide))
    }


def test_a_small_figure_is_hidden_with_others_that_would_give_it_away() -> None:
    small = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    found = protect(small, RULE)
    assert found.primary == {("a", "x")}
    assert found.exposed == ()
    assert small.hidden == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def test_what_is_hidden_alone_is_found_by_the_attacker() -> None:
    small = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    small.hidden = {("a", "x"), ("a", "y")}
    (exposed, *_) = attack(small, {("a", "x")}, RULE)
    assert (exposed.low, exposed.high) == (2, 2)


def test_no_figure_can_be_found_closely_in_drawn_tables() -> None:
    for seed in range(1, 8):
        drawn = table(grid(8, 6, seed))
        found = protect(drawn, RULE)
        assert found.primary
        assert found.exposed == ()
        assert attack(drawn, found.primary, RULE) == []
        shown = len(drawn.cells) - len(drawn.hidden)
        assert shown > len(drawn.cells) / 4


def test_one_that_holds_most_of_a_sum_is_not_told() -> None:
    rule = Rule(largest=1, share=75, protect=20)
    held = table({("a", "x"): 100, ("a", "y"): 100, ("b", "x"): 100, ("b", "y"): 100})
    held.cells["a", "x"] = Cell(100.0, 9, top=90.0)
    assert ("a", "x") in protect(held, rule).primary


def test_tables_that_share_margins_are_looked_at_together() -> None:
    one = table({("a", "x"): 2, ("a", "y"): 9, ("b", "x"): 8, ("b", "y"): 7})
    protect(one, RULE)
    other = table({("a", "x"): 2, ("a", "y"): 9, ("b", "x"): 8, ("b", "y"): 7})
    other.hidden = {("b", "x"), ("b", "y")}
    both = joined([one, other])
    assert attack(both, {("a", "x")} & both.hidden, RULE) == []
    assert ("a", "x") not in both.hidden  # the other table shows it


def test_what_an_earlier_version_showed_gives_a_later_one_away() -> None:
    later = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    later.cells |= {
        key: Cell(cell.value, cell.contributors, known=key != ("a", "x"))
        for key, cell in later.cells.items()
    }
    found = protect(later, RULE)
    assert [(each.key, each.low, each.high) for each in found.exposed] == [(("a", "x"), 2, 2)]


def test_a_corrected_figure_is_hidden_behind_totals_that_were_corrected_with_it() -> None:
    first = table({("a", "x"): 12, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    second = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    second.cells |= {
        key: Cell(cell.value, cell.contributors, known=cell.value == first.cells[key].value)
        for key, cell in second.cells.items()
    }
    assert protect(second, RULE).exposed == ()
    assert second.hidden >= {("a", "x"), ("a", "*"), ("*", "x")}


def test_a_figure_that_was_published_cannot_be_hidden_any_more() -> None:
    out = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    out.cells["a", "x"] = Cell(2.0, 2, known=True)
    assert [each.key for each in protect(out, RULE).exposed] == [("a", "x")]


def test_levels_of_divisions_are_sums_as_totals_are() -> None:
    keys = [("222400", "x"), ("222401", "x"), ("222402", "x"), ("22", "x")]
    up = [{"222401": "222400", "222402": "222400", "222400": "22"}, {}]
    sums = {(each.total[0], len(each.parts)) for each in sums_of(keys, up)}
    assert sums == {("222400", 2), ("22", 1)}


def test_a_part_is_not_above_its_whole_and_the_attacker_knows() -> None:
    """Late cases of two counties, both hidden beside their sum, of counties with few cases."""
    late = {("a",): Cell(2, 2), ("b",): Cell(40, 40), ("*",): Cell(42, 42)}
    up = [{"a": "*", "b": "*"}]
    rule = Rule(threshold=3, protect=100)
    hidden: set[Key] = {("a",), ("b",)}
    unknown = Table(dict(late), sums_of(late, up), set(hidden))
    assert attack(unknown, hidden, rule) == []
    # Of b there are 40 cases in all: at least 2 of the 42 are of a; of a there are 3 in all.
    known = Table(dict(late), sums_of(late, up), set(hidden), most={("a",): 3.0, ("b",): 40.0})
    found = {each.key: (each.low, each.high) for each in attack(known, hidden, rule)}
    assert found == {("a",): (2.0, 3.0), ("b",): (39.0, 40.0)}


def test_what_hides_a_part_moves_no_further_than_its_whole() -> None:
    cells = {("a",): Cell(2, 2), ("b",): Cell(5, 5), ("c",): Cell(6, 6), ("*",): Cell(13, 13)}
    up = [{"a": "*", "b": "*", "c": "*"}]
    table = Table(dict(cells), sums_of(cells, up), most={("a",): 20, ("b",): 5, ("c",): 20})
    found = protect(table, Rule(threshold=3, protect=100))
    assert not found.exposed
    assert attack(table, found.primary, Rule(threshold=3, protect=100)) == []


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    small = table({("a", "x"): 2, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40})
    protect(small, RULE)
    assert capfd.readouterr() == ("", "")
