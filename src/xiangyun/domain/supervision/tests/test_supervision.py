"""How a place stands, urging, and orders that are answered: a company's case in Hunchun."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions as cases_actions
from xiangyun.domain.cases import assignment
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.tests import sealedservice
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.messaging import access as inbox
from xiangyun.domain.supervision import actions, queries
from xiangyun.domain.supervision.models import Order
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

JILIN, YANBIAN, HUNCHUN = 220000000000, 222400000000, 222404000000
TODAY = MORNING.date()
LATER = TODAY + timedelta(days=30)


def stands(who: Actor, code: int, today: date) -> queries.Place:
    with acting_as(who):
        return queries.place(who, code, today=today)


def test_a_board_beyond_the_own_places_asks_for_no_case_outside_of_them() -> None:
    submitted(actor("wang"), brand="样督远")
    duban = actor("duban")
    own = stands(duban, YANBIAN, TODAY)
    with CaptureQueriesContext(connection) as asked:
        beyond = stands(duban, JILIN, TODAY)
    assert beyond.whole == own.whole
    counted = [each["sql"] for each in asked if 'FROM "cases_case"' in each["sql"]]
    assert len(counted) == 4
    assert all(f"{YANBIAN}" in statement for statement in counted)


def test_what_ended_in_a_place_is_found_by_an_index() -> None:
    ended = cases.Case.objects.filter(division__range=(YANBIAN, YANBIAN + 10**8 - 1))
    with acting_as(actor("duban")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "ended_cases" in ended.filter(ended_at__gte=MORNING).explain()


def listed(who: Actor, state: cases.CaseState, today: date) -> list[str]:
    with acting_as(who):
        rows, _ = queries.behind(who, YANBIAN, state=state, today=today, matter=None, after="")
        return [row.case.number for row in rows]


def token_of(case: cases.Case) -> str:
    with acting_as(SYSTEM):
        return cases.waiting_in(case)[0].token


def said(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.findings[0].id


def say(who: Actor, case: cases.Case, due_on: date | None = None, at: datetime = MORNING) -> Order:
    with acting_as(who):
        if due_on is None:
            return actions.urge(case.pk, token_of(case), why="企业急等开业。", actor=who, at=at)
        return actions.order(
            case.pk, token_of(case), why="请说明情况。", due_on=due_on, actor=who, at=at
        )


def messages(who: Actor) -> list[str]:
    with acting_as(who):
        return [each.title["zh"] for each in inbox.messages_of(who).filter(name="supervision")]


def test_each_number_of_a_place_opens_the_cases_that_it_counts() -> None:
    duban = actor("duban")
    before = stands(duban, YANBIAN, TODAY).whole.open
    one, other = (submitted(actor("wang"), brand=f"样督{n}") for n in "甲乙")
    withdraw_case(submitted(actor("wang"), brand="样督丙").pk, actor=actor("wang"), at=MORNING)
    found = stands(duban, YANBIAN, TODAY)
    assert found.whole.open == before + 2
    assert found.whole.ended["taken_back"] == 1
    assert {one.number, other.number} <= set(listed(duban, "open", TODAY))
    hunchun = next(part for part in found.parts if part.code == HUNCHUN)
    assert (hunchun.tally.open, hunchun.tally.late) == (2, 0)
    assert sum(part.tally.open for part in found.parts) == found.whole.open
    assert sum(part.tally.open for part in found.departments) == found.whole.open
    assert listed(duban, "late", TODAY) == []
    late = stands(duban, YANBIAN, LATER).whole
    assert (late.late, late.near) == (before + 2, 0)
    assert {one.number, other.number} <= set(listed(duban, "late", LATER))


def test_numbers_go_down_to_the_village_that_an_application_is_about() -> None:
    duban, town, village = actor("duban"), 222404001000, 222404001001
    submitted(actor("wang"), brand="样督甲")  # its premises lie in the village
    county = stands(duban, HUNCHUN, TODAY)
    parts = {part.code: part.tally.open for part in county.parts}
    assert parts[town] == county.whole.open == 1
    parts = {part.code: part.tally.open for part in stands(duban, town, TODAY).parts}
    assert parts[village] == sum(parts.values()) == 1
    assert stands(duban, village, TODAY).whole.open == 1
    assert stands(duban, village + 1, TODAY).whole.open == 0
    with acting_as(duban):
        for code, found in ((town, 1), (village, 1), (village + 1, 0)):
            rows, _ = queries.behind(duban, code, state="open", today=TODAY, matter=None, after="")
            assert len(rows) == found
        itself, _ = queries.behind(
            duban, HUNCHUN, state="open", today=TODAY, matter=None, after="", own=True
        )
        assert itself == []


def test_what_is_due_in_two_working_days_is_at_risk() -> None:
    duban = actor("duban")
    made = submitted(actor("wang"), brand="样督丁")
    assert made.number in listed(duban, "near", made.due_on)
    assert made.number not in listed(duban, "near", made.due_on - timedelta(days=20))


def test_nobody_counts_what_he_does_not_see() -> None:
    made = submitted(actor("wang"), brand="样督戊")
    wang = actor("wang")
    with acting_as(wang):
        assert queries.place(wang, YANBIAN, today=TODAY).whole.open == 1  # the own case
        assert queries.behind(wang, YANBIAN, state="open", today=TODAY, matter=None, after="")[0]
    li = actor("li")
    assert stands(li, YANBIAN, TODAY).whole.open == 0
    assert made.number not in listed(li, "open", TODAY)


def test_a_sealed_case_is_neither_counted_listed_nor_spoken_of(tmp_path: Path) -> None:
    sealedservice.publish(tmp_path)
    duban = actor("duban")
    before = stands(duban, YANBIAN, TODAY).whole.open
    made = sealedservice.sent()
    assert stands(duban, YANBIAN, TODAY).whole.open == before
    assert made.number not in listed(duban, "open", TODAY)
    token = token_of(made)
    for why in ("催办一下。", sealedservice.SECRET):
        with pytest.raises((Refused, cases.Case.DoesNotExist)), acting_as(duban):
            actions.urge(made.pk, token, why=why, actor=duban, at=MORNING)
    handler = actor(sealedservice.OVERSEER)
    with pytest.raises((Refused, cases.Case.DoesNotExist)), acting_as(handler):
        actions.urge(made.pk, token, why="催办一下。", actor=handler, at=MORNING)
    with acting_as(SYSTEM):
        assert not Order.objects.exists()


def test_whoever_has_a_task_is_told_once_a_day_that_it_is_waited_for() -> None:
    duban, shencha = actor("duban"), actor("shencha")
    made = submitted(actor("wang"), brand="样督己")
    say(duban, made)
    assert any(made.number in title and "催办" in title for title in messages(shencha))
    with pytest.raises(Refused) as refused:
        say(duban, made)
    assert said(refused) == "supervision.E004"
    say(duban, made, at=MORNING + timedelta(days=1))
    assert len(messages(shencha)) == 2
    with acting_as(SYSTEM):
        told = [line.what.zh for line in cases.history(made)]
    assert sum("催办" in line for line in told) == 2


def test_an_order_is_answered_by_the_office_and_not_by_who_gave_it() -> None:
    duban, shencha = actor("duban"), actor("shencha")
    made = submitted(actor("wang"), brand="样督庚")
    order = say(duban, made, due_on=TODAY + timedelta(days=3))
    with acting_as(shencha):
        assert [each.pk for each in queries.to_answer(shencha)] == [order.pk]
        assert queries.waiting(shencha) == 1, "the menu counts what the list has"
    with acting_as(duban):  # nor does whoever gave it answer
        assert queries.waiting(duban) == queries.to_answer(duban).count() == 0
    with pytest.raises(Refused) as refused, acting_as(duban):
        actions.answer(order.pk, "我自己答复。", actor=duban, at=MORNING)
    assert said(refused) == "supervision.E002"
    with pytest.raises(Refused) as refused:
        say(duban, made, due_on=TODAY + timedelta(days=5))
    assert said(refused) == "supervision.E006"
    with acting_as(shencha):
        answered = actions.answer(order.pk, "今天审完。", actor=shencha, at=MORNING)
        assert (answered.answer, answered.answered_by_name) == ("今天审完。", shencha.name)
        assert not queries.to_answer(shencha).exists()
        assert queries.waiting(shencha) == 0
    with pytest.raises(Refused) as refused, acting_as(shencha):
        actions.answer(order.pk, "再答一次。", actor=shencha, at=MORNING)
    assert said(refused) == "supervision.E007"
    assert any("已答复" in title for title in messages(duban))


def test_only_the_overseer_of_the_place_speaks_and_only_about_what_waits() -> None:
    made = submitted(actor("wang"), brand="样督辛")
    for login in ("shencha", "wang"):
        with pytest.raises(Refused) as refused:
            say(actor(login), made)
        assert said(refused) == "supervision.E002"
    duban, token = actor("duban"), token_of(made)
    act("shencha", made, "agree")
    with pytest.raises(Refused) as refused, acting_as(duban):
        actions.urge(made.pk, token, why="催。", actor=duban, at=MORNING)
    assert said(refused) == "supervision.E001"
    with pytest.raises(Refused) as refused:
        say(duban, made, due_on=TODAY - timedelta(days=1))
    assert said(refused) == "supervision.E005"


def test_a_task_that_the_overseer_gives_on_is_journalled_and_both_are_told() -> None:
    duban, shencha, colleague = actor("duban"), actor("shencha"), another_reviewer()
    made = submitted(actor("wang"), brand="样督丑")
    token = token_of(made)
    with acting_as(shencha):
        assignment.claim(made.pk, token, actor=shencha, at=MORNING)
    with acting_as(duban):
        actions.reassign(
            made.pk, token, colleague.account, why="朴样查休假。", actor=duban, at=MORNING
        )
    assert any(made.number in title and "交您办理" in title for title in messages(colleague))
    assert any(made.number in title and "转由他人" in title for title in messages(shencha))
    assert messages(duban) == []
    with acting_as(SYSTEM):
        (entry,) = [e for e in journal.history(made.number) if e.verb == "task.handed_over"]
    assert (entry.actor, entry.private["to"]) == (duban.account, colleague.name)
    assert entry.private["why"] == "朴样查休假。"
    with pytest.raises(Refused), acting_as(shencha):
        cases_actions.complete_task(
            made.pk, token, action="agree", note="", actor=shencha, at=MORNING
        )
    with acting_as(colleague):
        cases_actions.complete_task(
            made.pk, token, action="agree", note="", actor=colleague, at=MORNING
        )


def test_a_task_is_given_on_by_its_overseer_alone_for_a_reason_to_somebody_who_may() -> None:
    duban, colleague = actor("duban"), another_reviewer()
    made = submitted(actor("wang"), brand="样督寅")
    token = token_of(made)

    def given(who: Actor, to: UUID | None, why: str) -> str:
        with pytest.raises(Refused) as refused, acting_as(who):
            actions.reassign(made.pk, token, to, why=why, actor=who, at=MORNING)
        return said(refused)

    assert given(duban, colleague.account, " ") == "case.E067"
    assert given(duban, actor("jueding").account, "换人。") == "case.E068"
    assert given(actor("jueding"), colleague.account, "换人。") == "case.E002"
    assert messages(colleague) == []


def another_reviewer() -> Actor:
    """A colleague of the reviewer, in the same office."""
    account = accounts.open_account(
        login="shencha2", password=PASSWORD, name="朴样同", kind="official", division=HUNCHUN
    )
    accounts.give_mandate(
        account, role="reviewer:market_supervision", division=HUNCHUN, desk="登记科（演示）"
    )
    return actor("shencha2")


@pytest.mark.parametrize(
    ("why", "found"), [(" ", "supervision.E003"), ("长" * 1001, "supervision.E008")]
)
def test_something_is_said_and_not_too_much(why: str, found: str) -> None:
    duban, made = actor("duban"), submitted(actor("wang"), brand="样督壬")
    with pytest.raises(Refused) as refused, acting_as(duban):
        actions.urge(made.pk, token_of(made), why=why, actor=duban, at=MORNING)
    assert said(refused) == found


def test_the_applicant_sees_neither_the_words_nor_their_rows() -> None:
    duban, wang = actor("duban"), actor("wang")
    made = submitted(wang, brand="样督癸")
    say(duban, made, due_on=LATER)
    with acting_as(wang):
        assert not Order.objects.exists()
        assert all("请说明情况" not in line.what.zh for line in cases.history(made))


def test_the_database_itself_lets_nobody_speak_as_an_overseer() -> None:
    shencha, made = actor("shencha"), submitted(actor("wang"), brand="样督子")
    with acting_as(shencha), pytest.raises(ProgrammingError), transaction.atomic():
        Order.objects.create(
            case_id=made.pk,
            token=token_of(made),
            element="review",
            place=made.division,
            why="冒充督办。",
            by=shencha.account,
            by_name=shencha.name,
            at=MORNING,
            on=TODAY,
        )


def test_a_place_costs_a_fixed_number_of_statements(
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    duban = actor("duban")
    for brand in ("样督丑", "样督寅", "样督卯"):
        submitted(actor("wang"), brand=brand)
    with acting_as(duban), django_assert_max_num_queries(12, connection=connection):
        queries.place(duban, YANBIAN, today=TODAY)
