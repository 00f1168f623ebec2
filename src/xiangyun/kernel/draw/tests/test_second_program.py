"""A second program, made from docs/reference/draw.md alone, selects the same."""

import pytest

from xiangyun.kernel.draw import FRAME, INSPECTORS, RESULT

from .drawing import frame_of, lines_of, people_of, record_of
from .second_program import result

WHOLE = [{"stratum": "A", "take": "100%"}, {"stratum": "D", "take": "33.34%"}]


def the_same(record, files):
    second = result(record, files[FRAME].decode(), files[INSPECTORS].decode())
    return second == files[RESULT].decode()


@pytest.mark.parametrize("seed", range(12))
def test_a_second_program_draws_the_same(seed):
    rows = list(frame_of(seed=seed))
    people = list(people_of([row[0] for row in rows], seed=seed, at_most=seed % 5 + 1))
    record, files = record_of(rows, people, value=str(seed))
    assert the_same(record, files)
    drawn, sent = record_of(rows, people, value=str(seed), strata=WHOLE)
    assert the_same(drawn, sent)


@pytest.mark.parametrize("seed", range(6))
def test_a_second_program_redraws_recusals_the_same(seed):
    rows = list(frame_of(seed=seed))
    people = list(people_of([row[0] for row in rows], seed=seed))
    _, files = record_of(rows, people)
    gone = [(line["object"], line["inspectors"].split()) for line in lines_of(files)]
    recusals = [(code, one.split("/")[1]) for code, some in gone for one in some[:2]]
    record, files = record_of(rows, people, recusals=[*recusals, ("nobody", "P000")])
    assert the_same(record, files)
    assert any(line["struck"] for line in lines_of(files))
