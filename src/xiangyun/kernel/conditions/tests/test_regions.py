"""Cells over regions: asked seldom, and never wrong."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.conditions.cells import ask_cells, turning_points
from xiangyun.kernel.conditions.regions import Cut, bits, candidates, cells_over
from xiangyun.kernel.feel import parse_unary_tests
from xiangyun.kernel.feel.scope import Scope

NUMBERS = ["-", "1", "not(2)", "< 2", ">= 1", "[0..2)", "(1..3]", "0, 2", "null", "1.5, > 2"]
TEXTS = ["-", '"a"', 'not("a")', '"b", "其他"', "null"]
DAYS = [
    "-",
    'date("2024-02-28")',
    '> date("2024-02-29")',
    '[date("2024-02-29")..date("2024-03-01")]',
]


def cut_for(kind, cells):
    points = [p for cell in cells for p in turning_points(cell) if type(p) is kind]
    witnesses = [options[0] for options in candidates(kind, points, enumerated=False)]
    return Cut(kind, [*witnesses, None])


@pytest.mark.parametrize(
    ("kind", "written"), [(Decimal, NUMBERS), (str, TEXTS), (date, DAYS), (bool, ["-", "true"])]
)
@given(data=st.data())
def test_every_region_has_the_cells_that_hold_for_its_witness(kind, written, data):
    chosen = data.draw(st.lists(st.sampled_from(written), min_size=1, max_size=6))
    cells = [parse_unary_tests(text) for text in chosen]
    cut = cut_for(kind, cells)
    found = cells_over(cut, cells)
    asked = [ask_cells(cells, witness, Scope.over({})) for witness in cut.witnesses]
    assert list(found.masks) == asked
    for cell, turns in enumerate(found.turns):
        held = [mask >> cell & 1 for mask in asked]
        assert list(turns) == [at for at in range(len(held)) if held[at] != (at and held[at - 1])]


def test_a_cell_is_asked_as_often_as_it_can_turn_not_once_a_region():
    cells = [parse_unary_tests(f"[{at}..{at + 1})") for at in range(300)]
    cut = cut_for(Decimal, cells)
    asked = 0

    def counting(run):
        def count(scope):
            nonlocal asked
            asked += 1
            return run(scope)

        return count

    for cell in cells:
        cell.run = counting(cell.run)
    assert len(cut.witnesses) == 604
    cells_over(cut, cells)
    assert asked <= 6 * len(cells)


def test_a_text_that_is_written_is_never_the_witness_of_all_other_texts():
    cells = [parse_unary_tests('"其他"'), parse_unary_tests('"其他他"')]
    cut = cut_for(str, cells)
    assert cells_over(cut, cells).masks == (1, 2, 0, 0)


def test_bits_are_numbered_from_the_lowest():
    assert list(bits(0b101001)) == [0, 3, 5]
