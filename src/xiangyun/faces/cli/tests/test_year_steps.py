"""Steps of a simulated year that do not go as its example says: refused ones and corrections."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, drafts
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.draws import queries as draws
from xiangyun.domain.journal import actions as journal_actions
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.registers import exporting
from xiangyun.faces.cli.yearly import elsewhere
from xiangyun.faces.cli.yearly.cast import Cast
from xiangyun.faces.cli.yearly.clock import Clock
from xiangyun.faces.cli.yearly.enlisting import know
from xiangyun.faces.cli.yearly.lots import Lots
from xiangyun.faces.cli.yearly.play import Counts, Played, Year
from xiangyun.faces.cli.yearly.retelling import Retelling
from xiangyun.kernel.findings import Conflict, Finding, Refused, Text
from xiangyun.kernel.record.model import NOWHERE
from xiangyun.kernel.service.examples import Act

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


def an_act(kind: str, name: str, **more: Any) -> Act:
    return Act(kind, name, NOWHERE, **more)


def test_who_is_outside_acts_when_all_before_it_is_done() -> None:
    asked = an_act("task", "choose_offer")
    answered, paid = an_act("message", "bank_answered"), an_act("payment", "fee", action="paid")
    acts = (answered, asked, an_act("until", "2026-05-01"), paid)
    example: Any = SimpleNamespace(acts=acts)
    assert elsewhere.next_by_others(example, set()) == (0, answered)
    assert elsewhere.next_by_others(example, {0}) is None, "somebody here is to act first"
    assert elsewhere.next_by_others(example, {0, 1}) == (3, paid)
    assert elsewhere.next_by_others(example, {0, 1, 3}) is None


def test_a_contract_of_each_case_has_a_number_of_its_own_and_a_product_keeps_its_code() -> None:
    said = {"contract": {"contract": "HT-1", "amount": 5, "product": "P-001"}}
    told = elsewhere.renumbered(said, frozenset(elsewhere.texts([{"product": "P-001"}])), "0042")
    assert told == {"contract": {"contract": "HT-1-0042", "amount": 5, "product": "P-001"}}


def test_an_applicant_takes_an_application_back_as_the_example_says() -> None:
    wang = actor("wang")
    case = submitted(wang)
    withdraws = an_act("message", "withdraw")
    with acting_as(wang):
        case = access.case_for(wang, case.pk)
    assert elsewhere.is_awaited(case, withdraws, wang, MORNING)
    assert elsewhere.happens(case, withdraws, {}, wang, MORNING)
    with acting_as(wang):
        case = access.case_for(wang, case.pk)
    assert case.ended_at is not None
    assert not elsewhere.is_awaited(case, withdraws, wang, MORNING)


def test_companies_are_drawn_by_lot_ordered_by_one_hand_and_drawn_by_another() -> None:
    refused: Counter[str] = Counter()
    source = random.Random(1)
    cast = Cast(222400000000, source, MORNING.date())
    cast.settle(80)
    lots = Lots(cast, source)
    lots.enlist(refused)
    with acting_as(SYSTEM):
        known = {state.key for state in exporting.records("inspected_object")}
    assert len(known) > len(cast.companies) - 1
    lots.of_the_day(3, refused, at=MORNING)
    with acting_as(SYSTEM):
        (made,) = [
            each for each in draws.draws() if each.code == "enforcement/inspection:companies"
        ]
        for _ in range(3):
            submitted(actor("wang"))  # so that the journal comes to the head that was named
        while journal_actions.seal(MORNING, signer()):
            pass
    lots.of_the_day(4, refused, at=MORNING)
    with acting_as(SYSTEM):
        visits = draws.visits_of(made)
        outcome = draws.outcome(made)
    assert outcome is not None
    assert visits
    assert all(each.inspectors for each in visits if not each.skipped)
    assert not refused


def test_what_a_register_knows_of_one_applicant_is_known_of_the_next_under_another_key() -> None:
    pack = next(each for each in catalogue.current_packs() if each.code == "finance/sme-financing")
    example, refused = pack.examples[0], Counter[str]()
    cast = Cast(222400000000, random.Random(1), MORNING.date())
    for code in ("91222404MA0XY0125X", "91220101MA0XYC101J"):
        told = Retelling(example, "样乙商贸有限公司", code, cast.places, random.Random(1))
        know(example, told, MORNING.date(), refused)
        with acting_as(SYSTEM):
            company = told.told(example.answers)["company_code"]
            known = [state.data or {} for state in exporting.records("credit_tax_grade")]
            grades = [each for each in known if each["company"] == company]
        assert {each["company"] for each in grades} == {code}
        assert len(grades) == 2, "of two years"
    assert not refused
