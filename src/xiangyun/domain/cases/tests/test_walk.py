"""One application from submission to archive, and the ways it may turn on the road."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions, checks, drafts, inbound, store
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers.answers import raise_incident
from xiangyun.domain.cases.models import Case, ServiceCall, WorkItem
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import queries as registers
from xiangyun.faces.cli import demonstration, story
from xiangyun.kernel.bpmn import IncidentRaised
from xiangyun.kernel.codes import uscc
from xiangyun.kernel.findings import Forbidden, Refused, Text
from xiangyun.kernel.formspec import from_json

from .situations import MORNING, act, actor, as_owner, submitted, written_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_a_clean_application_is_licensed_the_same_day() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    case = act("jueding", case, "approve")
    with acting_as(actor("wang")):
        found = cases.letters_of(case)
        assert [letter.kind for letter in found] == ["issued", "accepted"]
        assert registers.lookup("company", "brand", "样一")[0]["status"] == "registered"
        assert {call.headers["department"] for call in cases.service_calls_of(case)} == {
            "tax",
            "social_insurance",
            "seal",
            "provident_fund",
            "bank",
        }


def test_the_case_belongs_to_the_county_of_the_premises() -> None:
    case = submitted(actor("wang"))
    assert divisions.division(case.division).name == "珲春市"
    assert case.due_on == date(2026, 4, 10)
    elsewhere = submitted(actor("li"), premises_division="220184001001", name_prefix="公主岭")
    assert divisions.division(elsewhere.division).name == "公主岭市"
    for one, office in ((case, "珲春市市场监督管理局"), (elsewhere, "公主岭市市场监督管理局")):
        authority = one.variables["authority"]
        assert authority["name"] == f"{office}（演示）"
        assert uscc.parse(authority["code"]).division == str(one.division)[:6]


def test_a_name_that_one_office_has_registered_stands_in_the_way_there_only() -> None:
    there = submitted(actor("wang"), brand="样祥")
    elsewhere = submitted(
        actor("li"), brand="样祥", premises_division="220184100201", name_prefix="公主岭市"
    )
    for case, login, found in (
        (there, "wang", "clash.same_trade"),
        (elsewhere, "li", "clash.similar"),
    ):
        with acting_as(actor(login)):
            findings = cases.decisions_of(case)[0].trace["findings"]
            assert [finding["id"] for finding in findings] == [found]


def test_each_department_completes_on_its_own_and_the_last_ends_the_case() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    wang = actor("wang")
    with acting_as(wang):
        calls = list(ServiceCall.objects.filter(case=case))
    for done, call in enumerate(reversed(calls), start=1):
        answer = {"reference": f"R{done}", "completed_on": "2026-04-09"}
        inbound.complete_service_call(call.pk, answer, at=MORNING)
        inbound.complete_service_call(call.pk, answer, at=MORNING)  # told twice: done once
        with acting_as(wang):
            now = access.case_for(wang, case.id)
            assert (now.ended_at is not None) is (done == len(calls))
    assert now.outcome == "issued"


def test_a_taken_name_is_corrected_once_and_the_clock_stands_still_meanwhile() -> None:
    wang = actor("wang")
    case = submitted(wang, brand="样祥")
    with acting_as(wang):
        findings = cases.decisions_of(case)[0].trace["findings"]
        assert [found["id"] for found in findings] == ["clash.same_trade"]
        assert findings[0]["basis"]
    act("shouli", case, "correct")
    later = MORNING + timedelta(days=5)
    with acting_as(wang):
        case = access.case_for(wang, case.id)
        task = cases.open_tasks(wang, case)[0]
        case = actions.correct_answers(case.id, task.id, {"brand": "样二"}, actor=wang, at=later)
        assert cases.answers_of(case)["brand"] == "样二"
        assert cases.waiting_for(case)[0][1] == ("reviewer:market_supervision",)
        # Corrected on Tuesday the 14th: one working day from then.
        assert case.due_on == date(2026, 4, 15)


def test_an_application_sent_twice_is_one_case() -> None:
    wang = actor("wang")
    draft = written_draft(wang)
    with acting_as(wang):
        first = actions.submit_case(draft, actor=wang, at=MORNING)
        second = actions.submit_case(draft, actor=wang, at=MORNING)
        assert first.pk == second.pk
        assert Case.objects.count() == 1


def test_what_is_wrong_is_said_all_at_once_and_nothing_is_lost() -> None:
    wang = actor("wang")
    draft = written_draft(wang, legal_representative_id="222404199203150020", brand=None)
    with acting_as(wang):
        with pytest.raises(Refused) as refused:
            actions.submit_case(draft, actor=wang, at=MORNING)
        places = {finding.place.question for finding in refused.value.findings if finding.place}
        assert {"brand", "legal_representative_id"} <= places
        assert drafts.answers_of(access.draft_for(wang, draft))["industry"] == "G59"
        assert not Case.objects.exists()


def test_the_applicant_withdraws_and_after_the_decision_cannot() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        case = actions.withdraw_case(case.id, actor=wang, at=MORNING, note="改主意了")
        assert case.outcome == "withdrawn"
        assert not WorkItem.objects.filter(case=case, closed_at=None).exists()
        with pytest.raises(Refused) as refused:
            actions.withdraw_case(case.id, actor=wang, at=MORNING)
        assert refused.value.findings == [checks.NOT_WITHDRAWABLE]


def test_a_refusal_needs_a_reason() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "disagree", note="出资能力存疑")
    with pytest.raises(Refused) as refused:
        act("jueding", case, "refuse")
    assert refused.value.findings == [checks.NOTE_WANTED]
    case = act("jueding", case, "refuse", note="材料不实")
    assert case.outcome == "refused"


def test_who_reviewed_cannot_decide_even_with_both_roles_and_a_colleague_can() -> None:
    case = submitted(actor("wang"))
    county = demonstration.HUNCHUN
    both = accounts.open_account(
        login="liangyong", password=demonstration.PASSWORD, name="秦样两", kind="official"
    )
    for role in ("reviewer:market_supervision", "approver:market_supervision"):
        accounts.give_mandate(both, role=role, division=county, desk="珲春市登记科（演示）")
    act("liangyong", case, "agree")
    with pytest.raises(Refused) as refused:
        act("liangyong", case, "approve")
    assert refused.value.findings == [checks.SAME_HAND]
    with acting_as(actor("jueding")):
        assert WorkItem.objects.get(case=case, closed_at=None).element == "decide"
        assert WorkItem.objects.get(case=case, element="review").by == actor("liangyong").account
    act("jueding", case, "approve")
    other = submitted(actor("li"), brand="样三")
    act("shencha", other, "agree")
    act("liangyong", other, "approve")  # in another case the same official may decide


def test_a_case_that_stands_still_tells_the_supervisor_where_and_why_in_words() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM) as system:
        step = actions.resume(store.load(system, case.id), system, MORNING)
        why = Text("没有签发密钥。", "There is no signing key.")
        raise_incident(step, IncidentRaised("issue_licence#1", "issue_licence", why))
        step.keep()
    supervisor = actor("duban")
    with acting_as(supervisor):
        (task,) = cases.open_tasks(supervisor, case)
        assert (task.title.zh, task.hint.zh) == ("颁发营业执照", why.zh)


def test_nobody_acts_out_of_turn_or_beyond_the_buttons() -> None:
    case = submitted(actor("wang"))
    approver = actor("jueding")
    with acting_as(approver):
        task = WorkItem.objects.get(case=case, closed_at=None)
        with pytest.raises(Refused) as refused:
            actions.complete_task(case.id, task.token, action="agree", actor=approver, at=MORNING)
        assert refused.value.findings == [checks.NOT_YOURS]
    with pytest.raises(Refused) as refused:
        act("shencha", case, "approve")
    assert refused.value.findings == [checks.NO_SUCH_ACTION]


def test_a_village_desk_files_for_a_citizen_and_the_record_shows_it() -> None:
    helper, li = actor("bangban"), actor("li")
    with acting_as(helper):
        draft = drafts.start_draft(
            "market/company-registration", actor=helper, at=MORNING, owner=li.account
        )
        assert draft.owner == li.account
        assert draft.filed_desk == "靖和街道永新社区 帮办点（演示）"
        assert drafts.known_values(draft)["applicant_name"].value == "李样山"
    with acting_as(li):
        assert cases.my_drafts(li) == [draft]
    answers = {
        **story.example_answers({"name": "李样山", "id_number": "222404198807210014"}),
        "brand": "样帮",
    }
    with acting_as(helper):
        form = catalogue.pack(draft.version_id).form
        reading = from_json(form, answers)
        given = {key: value for key, value in reading.answers.items() if key in answers}
        drafts.keep_answers(draft.id, given, actor=helper, at=MORNING)
        case = actions.submit_case(draft.id, actor=helper, at=MORNING)
        assert case.applicant_name == "李样山"
    with acting_as(li):
        line = cases.history(access.case_for(li, case.id))[0]
        assert (line.who.zh, line.desk.zh) == ("全样帮", "靖和街道永新社区 帮办点（演示）")


def test_only_a_desk_files_for_somebody_else() -> None:
    wang, li = actor("wang"), actor("li")
    with acting_as(wang), pytest.raises(Forbidden):
        drafts.start_draft("market/company-registration", actor=wang, at=MORNING, owner=li.account)


def test_a_case_is_rated_once_and_only_after_it_ended() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        with pytest.raises(Refused):
            actions.rate_case(case.id, 5, "好", actor=wang, at=MORNING)
        actions.withdraw_case(case.id, actor=wang, at=MORNING)
        actions.rate_case(case.id, 5, "好", actor=wang, at=MORNING)
        with pytest.raises(Refused) as refused:
            actions.rate_case(case.id, 1, "差", actor=wang, at=MORNING)
        assert refused.value.findings == [checks.RATED]


def test_an_application_at_the_turn_of_the_year_is_taken_and_its_deadline_called_provisional() -> (
    None
):
    eve = MORNING.replace(year=2026, month=12, day=31)
    case = submitted(actor("wang"), eve)
    assert case.due_on == date(2027, 1, 1)
    with acting_as(actor("wang")):
        explained = cases.time_explained(case, date(2026, 12, 31))
    assert "2027 年的节假日安排尚未录入" in explained[-1].zh


def test_the_drawing_shows_what_is_done_and_where_the_case_is() -> None:
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(wang):
        marks = cases.marks(access.case_for(wang, case.id))
    assert marks["filed"] == marks["lookup_name"] == marks["gate_precheck"] == "done"
    assert marks["review"] == "here"
    assert "decide" not in marks


def test_a_correction_that_comes_too_late_changes_no_answer() -> None:
    wang = actor("wang")
    case = submitted(wang, brand="样祥")
    act("shouli", case, "correct")
    with acting_as(wang):
        task = cases.open_tasks(wang, access.case_for(wang, case.id))[0]
        with as_owner():
            WorkItem.objects.filter(case=case, token=task.id).update(closed_at=MORNING)
        with pytest.raises(Refused) as refused:
            actions.correct_answers(case.id, task.id, {"brand": "样三"}, actor=wang, at=MORNING)
        assert refused.value.findings == [checks.GONE]
        assert drafts.answers_of(access.draft_for(wang, case.id))["brand"] == "样祥"
