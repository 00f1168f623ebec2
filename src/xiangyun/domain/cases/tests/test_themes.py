"""One form, one clock, several cases: what a theme opens, hands on and waits for."""

from __future__ import annotations

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts, inbound
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.queries.opened import members_of
from xiangyun.domain.cases.tests.situations import MORNING, actor, add_file
from xiangyun.faces.cli.working import work_off_jobs
from xiangyun.kernel.findings import Refused

pytestmark = pytest.mark.usefixtures("committing")
BIRTH = "themes/birth"
REGISTRATION, INSURANCE = (
    "public-security/birth-registration",
    "medical-insurance/newborn-enrolment",
)


def sent(insure: str = "yes", files: tuple[str, ...] = ("birth_paper", "household_book")) -> Case:
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(BIRTH, actor=wang, at=MORNING)
        answers = {"home": "222404001001", "insure": insure, "promise": True}
        drafts.keep_answers(draft.pk, answers, actor=wang, at=MORNING)
        for question in files:
            add_file(draft.pk, question, wang, MORNING)
        return actions.submit_case(draft.pk, actor=wang, at=MORNING)


def opened(theme: Case) -> dict[str, Case]:
    with acting_as(SYSTEM):
        return {cases.pack_of(each).code: each for each in members_of(theme)}


def test_one_form_opens_several_cases_of_the_same_person_with_its_files(
    demonstration: None,
) -> None:
    theme = sent()
    members = opened(theme)
    assert set(members) == {REGISTRATION, INSURANCE}
    assert {each.owner for each in members.values()} == {theme.owner}
    with acting_as(SYSTEM):
        files = {
            code: sorted(each.question for each in cases.materials_of(case))
            for code, case in members.items()
        }
        digests = {each.digest for case in members.values() for each in cases.materials_of(case)}
    assert files == {REGISTRATION: ["birth_paper", "household_book"], INSURANCE: ["birth_paper"]}
    assert len(digests) == 1, "the content of a file is kept once"


def test_what_is_not_wanted_is_not_opened() -> None:
    assert set(opened(sent("no"))) == {REGISTRATION}


def test_a_theme_without_a_paper_that_a_member_needs_opens_nothing() -> None:
    with acting_as(SYSTEM):
        before = Case.objects.count()
    with pytest.raises(Refused):
        sent(files=("birth_paper",))
    with acting_as(SYSTEM):
        assert Case.objects.count() == before


def test_a_theme_is_done_when_the_last_of_its_cases_has_ended() -> None:
    theme, wang = sent(), actor("wang")
    registration, insurance = (opened(theme)[code] for code in (REGISTRATION, INSURANCE))
    for last, member in ((False, registration), (True, insurance)):
        with acting_as(wang):
            actions.withdraw_case(member.pk, actor=wang, at=MORNING)
        work_off_jobs()
        with acting_as(SYSTEM):
            theme.refresh_from_db()
            assert (theme.ended_at is not None) is last
    with acting_as(SYSTEM):
        letters = [letter for letter in cases.letters_of(theme) if letter.kind == "told"]
    assert len(letters) == 1
    assert "没有办成" in letters[0].body["zh"]
    told = {"outcome": "withdrawn", "meaning": "taken_back"}
    assert inbound.deliver("message", "case.ended", insurance.number, told, at=MORNING) == 0
