"""The two packs of elderly care: checked whole, and their rules at the edges."""

from datetime import date

import pytest

from xiangyun.domain.registers.tests.conftest import files_of
from xiangyun.kernel.dmn import decide
from xiangyun.kernel.feel import from_json
from xiangyun.kernel.pack import check_pack, read_pack

ASSESSMENT = "eldercare/ability-assessment"
CODES = ("eldercare/basic-services", ASSESSMENT)


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_to_be_said_but_what_is_not_verified(code):
    assert {finding.id for finding in check_pack(files_of(code), code)} == {"pack.W001"}


@pytest.mark.parametrize("code", CODES)
def test_every_figure_and_row_has_its_law_and_says_whether_it_was_checked(code):
    pack = read_pack(files_of(code))
    assert all(f.basis and not f.verified for each in pack.parameters.all for f in each.figures)


@pytest.fixture(scope="module")
def assessment():
    return read_pack(files_of(ASSESSMENT))


INDICATORS = {"b1": (8, 32), "b2": (4, 15), "b3": (9, 28), "b4": (5, 15)}


def test_there_are_twenty_six_indicators_of_ninety_points(assessment):
    for page in assessment.form.pages:
        if page.key in INDICATORS:
            best = [max(int(option.value) for option in q.options) for q in page.questions]
            assert (len(best), sum(best)) == INDICATORS[page.key]
            scores = [[int(option.value) for option in q.options] for q in page.questions]
            assert all(each == list(range(each[0], -1, -1)) for each in scores)


def assessed(pack, lost, figures=None, **answers):
    """The level of somebody who lost so many points, from the first indicator on."""
    application = {question.key: None for question in pack.form.questions}
    for page in pack.form.pages:
        for question in page.questions if page.key in INDICATORS else ():
            best = max(int(option.value) for option in question.options)
            taken = 0 if question.key == "consciousness" else min(best, lost)
            lost -= taken
            application[question.key] = str(best - taken)
    application |= {"diagnosis": "none", "elder_id": "222404195003010030", **answers}
    given = {
        "application": from_json(application),
        "parameters": pack.parameters.on(date(2026, 5, 12)) | (figures or {}),
        "filed_on": date(2026, 5, 12),
    }
    return decide(pack.rules, "precheck", given).value


@pytest.mark.parametrize(
    ("total", "level"),
    [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (2, 4)],
)
def test_levels_change_where_the_standard_says(assessment, total, level):
    found = assessed(assessment, 90 - total)
    assert (found["total"], found["level"]) == (total, level)


def test_a_coma_is_complete_dependence_whatever_the_score(assessment):
    found = assessed(assessment, 0, consciousness="0")
    assert (found["by_score"], found["level"]) == (1, 4)


@pytest.mark.parametrize(("stacks", "level"), [(True, 3), (False, 2)])
def test_whether_two_adjustments_add_up_is_a_figure(assessment, stacks, level):
    answers = {"diagnosis": "dementia", "falls": 2}
    found = assessed(assessment, 24, {"adjustments_stack": stacks}, **answers)
    assert (found["by_score"], found["level"]) == (1, level)


def test_nobody_falls_below_the_fourth_level(assessment):
    found = assessed(assessment, 70, diagnosis="psychiatric", falls=1, choking=1)
    assert (found["by_score"], found["level"]) == (4, 4)


def test_two_assessors_are_kept_apart(assessment):
    first = assessment.process.elements["assess_first"].headers["not_by"]
    second = assessment.process.elements["assess_second"].headers["not_by"]
    assert (first, second) == ("assess_second", "assess_first")
