"""More time, asked for with a reason: granted by another hand, once, and the applicant is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import actions, checks, extension
from xiangyun.domain.cases import clock as clocks
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Timer, WorkItem
from xiangyun.domain.cases.queries import extensions
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.service.casetime import CaseTime
from xiangyun.kernel.service.model import ServiceItem

from .situations import MORNING, act, actor, project, submitted
from .test_time import after, clock, now, on, open_item, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

WHY = "经营范围涉及新业态，须征求行业主管部门意见"


def ask(login: str, case: Case, element: str, why: str = WHY, at: datetime = MORNING) -> Case:
    token = open_item(case, element).token
    return actions.ask_extension(case.id, token, reason=why, actor=actor(login), at=at)


def answer(login: str, case: Case, action: str, note: str = "", at: datetime = MORNING) -> Case:
    token = open_item(case, extension.ELEMENT).token
    return actions.complete_task(
        case.id, token, action=action, note=note, actor=actor(login), at=at
    )


def refused_asking(login: str, case: Case, element: str, at: datetime = MORNING) -> Finding:
    with pytest.raises(Refused) as refusal:
        ask(login, case, element, at=at)
    return refusal.value.findings[0]


def verbs(case: Case) -> list[str]:
    with acting_as(actor("wang")):
        return [line.verb for line in cases.history(now(case))]


def test_a_granted_extension_moves_the_case_and_its_open_tasks_and_the_applicant_is_told() -> None:
    case = submitted(actor("wang"))
    assert case.due_on == open_item(case, "review").due_on == date(2026, 4, 10)
    ask("shencha", case, "review")
    answer("jueding", case, "grant", "同意")
    assert now(case).due_on == open_item(case, "review").due_on == date(2026, 4, 15)
    assert now(case).statutory_on == date(2026, 4, 17)
    with acting_as(actor("wang")):
        [letter, _] = cases.letters_of(now(case))  # before it, that the case was accepted
        lines = {line.verb: line for line in cases.history(now(case))}
    assert letter.title["zh"] == "延长办理期限告知书"
    assert WHY in letter.body["zh"]
    assert "由2026年4月10日（星期五）改为2026年4月15日（星期三）" in letter.body["zh"]
    assert "moves from Friday, 10 April 2026 to Wednesday, 15 April 2026" in letter.body["en"]
    assert lines["extension.asked"].note == WHY
    assert lines["extension.granted"].what.en == "Time limit extended by 3 working days"
    assert lines["extension.granted"].who.zh == "崔样定"
    said = [line.zh for line in clock(case, "承诺时限").explain(MORNING.date())]
    assert f"2026年4月9日（星期四）经崔样定批准延长 3 个工作日：{WHY}" in said


def test_a_denied_extension_leaves_the_deadline_and_may_be_asked_for_again() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    with pytest.raises(Refused) as refusal:
        answer("jueding", case, "deny", "  ")
    assert refusal.value.findings == [checks.NOTE_WANTED]
    answer("jueding", case, "deny", "材料齐全，无须征求意见")
    assert now(case).due_on == date(2026, 4, 10)
    with acting_as(actor("wang")):
        last = cases.history(now(case))[-1]
        assert [letter.kind for letter in cases.letters_of(now(case))] == ["accepted"]
    assert (last.verb, last.note) == ("extension.denied", "材料齐全，无须征求意见")
    ask("shencha", case, "review")
    assert verbs(case).count("extension.asked") == 2


def test_who_asked_does_not_answer_and_who_has_not_the_role_neither() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    ask("jueding", case, "decide")
    for login, found in [("jueding", checks.SAME_HAND), ("shencha", checks.NOT_YOURS)]:
        with pytest.raises(Refused) as refusal:
            answer(login, case, "grant")
        assert refusal.value.findings == [found]
    assert now(case).due_on == date(2026, 4, 10)
    answer("fujueding", case, "grant")
    assert now(case).due_on == date(2026, 4, 15)


def test_only_an_official_with_an_open_task_asks_and_gives_a_reason() -> None:
    case = submitted(actor("wang"))
    for login in ("jueding", "wang"):
        assert refused_asking(login, case, "review") == checks.NOT_YOURS
    with pytest.raises(Refused) as refusal:
        ask("shencha", case, "review", why=" ")
    assert refusal.value.findings == [checks.NOTE_WANTED]
    assert verbs(case).count("extension.asked") == 0


def test_it_is_asked_for_once_at_a_time_and_granted_once() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    assert refused_asking("shencha", case, "review") == checks.ASKED_ALREADY
    answer("jueding", case, "grant")
    assert refused_asking("shencha", case, "review") == checks.EXTENDED
    act("shencha", case, "agree")
    assert refused_asking("jueding", case, "decide") == checks.EXTENDED


def test_after_the_limit_it_is_neither_asked_for_nor_granted() -> None:
    case = submitted(actor("wang"))
    late = on(date(2026, 4, 13))
    assert refused_asking("shencha", case, "review", at=late).id == "work.E002"
    ask("shencha", case, "review")
    with pytest.raises(Refused, match=r"work\.E002"):
        answer("jueding", case, "grant", at=late)
    answer("jueding", case, "deny", "期限已过", at=late)


def time_and_rules(case: Case) -> tuple[CaseTime, ServiceItem]:
    with acting_as(actor("wang")):
        rules = cases.pack_of(case).service
        return clocks.time_of(now(case), rules), rules


def test_a_service_whose_law_knows_no_extension_refuses_it() -> None:
    time, rules = time_and_rules(submitted(actor("wang")))
    assert extension.problem(time, rules, "", ()) is None
    silent = replace(rules, extension=None)
    assert extension.problem(time, silent, "", ()) == checks.NO_EXTENSION


def test_the_end_of_a_case_ends_its_request_and_none_can_be_asked_for_after_it() -> None:
    case = submitted(actor("wang"))
    token = open_item(case, "review").token
    ask("shencha", case, "review")
    request = open_item(case, extension.ELEMENT)
    with acting_as(actor("wang")):
        actions.withdraw_case(case.id, actor=actor("wang"), at=MORNING)
    with acting_as(actor("jueding")):
        request.refresh_from_db()
    assert (request.closed_at, request.action) == (MORNING, "")
    with pytest.raises(Refused) as refusal:
        actions.ask_extension(case.id, token, reason=WHY, actor=actor("shencha"), at=MORNING)
    assert refusal.value.findings == [checks.CLOCK_STOPPED]


def test_a_request_is_in_the_queue_of_the_approver_with_words_in_both_languages() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    approver = actor("jueding")
    with acting_as(approver):
        [row] = cases.queue(approver, today=MORNING.date()).rows
        [task] = cases.open_tasks(approver, now(case))
    assert (row.case_id, row.step.zh, row.step.en) == (
        case.id,
        "延期审批",
        "Approval of an extension",
    )
    assert task.hint.zh == f"朴样查报请延长 3 个工作日。理由：{WHY}"
    assert [(b.action, b.note_required) for b in task.buttons] == [("grant", False), ("deny", True)]
    with acting_as(approver):
        effects = extensions.effects(
            open_item(case, extension.ELEMENT), now(case), cases.pack_of(case), MORNING.date()
        )
    assert "until Wednesday, 15 April 2026" in effects["grant"].en


def test_the_button_is_offered_while_a_request_would_be_taken() -> None:
    case = submitted(actor("wang"))
    review = open_item(case, "review")

    def offered(day: date) -> str:
        with acting_as(actor("shencha")):
            found = extensions.offer(now(case), cases.pack_of(case), review, day)
            return found.effect.zh if found else ""

    assert offered(MORNING.date()) == (
        "交由“决定”岗位审批；批准的，期限延长 3 个工作日，理由告知申请人。每件只能延长一次。"
    )
    assert offered(date(2026, 4, 13)) == "", "the limit is over"
    ask("shencha", case, "review")
    assert offered(MORNING.date()) == "", "it was asked for"


def test_a_request_is_no_step_of_the_drawing() -> None:
    case = submitted(actor("wang"))
    ask("shencha", case, "review")
    act("shencha", case, "agree")
    with acting_as(actor("wang")):
        assert extension.ELEMENT not in cases.marks(now(case))
        assert cases.stage_of(now(case)).en == "Decision"
        assert {stage.state for stage in cases.stages_of(now(case)) if stage.key == "review"} == {
            "done"
        }


# -- where stages have clocks ------------------------------------------------------------------


def test_a_stage_is_extended_by_its_own_approver_and_the_case_with_it() -> None:
    case = reviewed(project(actor("wang")))
    decide = open_item(case, "land_decide")
    assert decide.due_on == after(10)
    ask("zhuguan", case, "land_decide")
    request = open_item(case, extension.ELEMENT)
    assert request.groups == ["approver:natural_resources"]
    assert request.due_on == after(10)
    answer("fuzhuguan", case, "grant")
    assert open_item(case, "land_decide").due_on == after(20)
    assert (now(case).due_on, clock(case, "“立项用地规划许可”").limit) == (after(67), 20)


def test_a_deadline_that_the_drawing_has_set_stays_and_whoever_asks_is_told_so() -> None:
    case = project(actor("wang"))
    with acting_as(actor("lianshen")):
        review = WorkItem.objects.filter(case=case, element="land_review").earliest("pk")
        timer = Timer.objects.filter(case=case, element="land_overdue").earliest("pk")
        found = extensions.offer(now(case), cases.pack_of(case), review, MORNING.date())
    assert found
    assert found.effect.zh.endswith(
        "每个阶段只能延长一次。本步骤的期限由流程另行规定，不随之延长。"
    )
    assert found.effect.en.endswith(
        "a stage is extended once. "
        "The deadline of this step is set by the process itself and stays as it is."
    )
    before = (review.due_on, timer.due)
    actions.ask_extension(case.id, review.token, reason=WHY, actor=actor("lianshen"), at=MORNING)
    answer("zhuguan", case, "grant")
    with acting_as(actor("lianshen")):
        review.refresh_from_db()
        timer.refresh_from_db()
    assert (review.due_on, timer.due) == before
    assert now(case).due_on == after(67)


def test_the_end_of_a_stage_ends_the_request_for_it() -> None:
    case = reviewed(project(actor("wang")))
    ask("zhuguan", case, "land_decide")
    act("zhuguan", case, "approve", at=on(after(4)))
    with acting_as(actor("zhuguan")):
        assert not WorkItem.objects.filter(
            case=case, element=extension.ELEMENT, closed_at=None
        ).exists()


def test_each_stage_may_be_extended_once() -> None:
    case = reviewed(project(actor("wang")))
    ask("fuzhuguan", case, "land_decide")
    answer("zhuguan", case, "grant")
    assert refused_asking("zhuguan", case, "land_decide") == checks.EXTENDED
    time, rules = time_and_rules(case)
    assert extension.problem(time, rules, "planning", ()) is None
