"""Steps of a simulated year that do not go as its example says: refused ones and corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli.yearly.clock import Clock
from xiangyun.faces.cli.yearly.play import Counts, Played, Year
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

GONE = Finding("x.E001", "error", Text("时段已过。", "The slot is over."))


@pytest.fixture
def year() -> Year:
    """A year that stands still, without a cast: its steps are called one by one."""
    made = Year.__new__(Year)
    made.clock, made.counts = Clock(MORNING), Counts()
    return made


@pytest.fixture
def pressed(year: Year, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Press a button of the reviewer, whose consequence is refused; the case as it is then."""
    real = actions.complete_task

    def complete(case: Any, task: Any, *, action: str, **more: Any) -> Any:
        if action == "agree":
            raise Conflict([GONE])
        return real(case, task, action=action, **more)

    def press(alone: bool = False) -> Any:
        monkeypatch.setattr(actions, "complete_task", complete)
        reviewer, made = actor("shencha"), submitted(actor("wang"))
        with acting_as(reviewer):
            case = access.case_for(reviewer, made.pk)
            played = Played(case.pk, cases.pack_of(case), None, None, None)
            (task,) = cases.open_tasks(reviewer, case)
            button = next(each for each in task.buttons if each.action == "agree")
            if alone:
                task = replace(task, buttons=(button,))
            year._press(reviewer, played, task, button, "")
            return access.case_for(reviewer, case.pk)

    return press


def test_an_official_whose_step_is_refused_says_no_and_why(year: Year, pressed: Any) -> None:
    case = pressed()
    (counted,) = year.counts.turned
    assert counted.startswith("x.E001 market/company-registration ")
    reviewer = actor("shencha")
    with acting_as(reviewer):
        assert cases.open_tasks(reviewer, case) == [], "the reviewer is done with it"
        notes = [each.private.get("note") for each in journal.history(case.number)]
        assert GONE.message.zh in notes


def test_a_step_that_has_no_other_way_stays_refused(year: Year, pressed: Any) -> None:
    with pytest.raises(Refused):
        pressed(alone=True)
    assert not year.counts.turned


def test_an_applicant_corrects_answers_and_adds_the_files_among_them(year: Year) -> None:
    wang = actor("wang")
    made = submitted(wang, brand="样祥")
    act("shouli", made, "correct")
    with acting_as(wang):
        case = access.case_for(wang, made.pk)
        (task,) = cases.open_tasks(wang, case)
        told = {"brand": "样二", "premises_proof": "新的租赁合同.docx"}
        year._correct(wang, case.pk, task.id, cases.pack_of(case).form, told)
        case = access.case_for(wang, made.pk)
        assert cases.answers_of(case)["brand"] == "样二"
        assert "新的租赁合同.pdf" in [each.name for each in drafts.materials_of(case.pk)]
        assert cases.open_tasks(wang, case) == []
