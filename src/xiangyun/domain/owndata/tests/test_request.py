"""A request for deletion or correction of own data is a service, answered within its limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
REQUEST = "records/own-data"


def asked(wish: str) -> cases.Case:
    """The fictitious Wang asks; what a register knows of her is not asked again."""
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(REQUEST, actor=wang, at=MORNING)
        pack = catalogue.pack(draft.version_id)
        answers = {**pack.examples[0].answers, "wish": wish}
        read = from_json(pack.form, answers).answers
        given = {key: value for key, value in read.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=wang, at=MORNING)
        return actions.submit_case(draft.id, actor=wang, at=MORNING)


@pytest.mark.parametrize("wish", ["delete", "correct", "stop", "explain"])
def test_what_somebody_asks_of_the_own_data_is_answered_by_the_office_in_a_letter(
    wish: str,
) -> None:
    made = asked(wish)
    item = catalogue.pack(made.version_id).service
    assert item.statutory.number == 15
    assert MORNING.date() < made.due_on <= MORNING.date() + timedelta(days=21)
    act("ziliao", made, "accept-application")
    act("shuju", made, "approve-application", note="已按请求处理。")
    wang = actor("wang")
    with acting_as(wang):
        ended = access.case_for(wang, made.pk)
        assert ended.outcome == "issued"
        assert {letter.kind for letter in cases.letters_of(ended)} == {"accepted", "issued"}


def test_a_request_that_the_law_forbids_is_refused_with_its_reason() -> None:
    made = asked("delete")
    act("ziliao", made, "refuse-application", note="决定书依法保存十年，期满销毁。")
    wang = actor("wang")
    with acting_as(wang):
        ended = access.case_for(wang, made.pk)
        (letter,) = cases.letters_of(ended)
        assert ended.outcome == "refused"
        assert "依法保存十年" in letter.body["zh"]


def test_a_request_that_nobody_answers_is_told_to_the_overseer_as_late() -> None:
    made, duban = asked("delete"), actor("duban")
    with acting_as(duban):
        day = made.due_on + timedelta(days=1)
        rows, _ = cases.standing(duban, made.division, made.division, state="late", today=day)
        assert made.pk in {row.case.pk for row in rows}
