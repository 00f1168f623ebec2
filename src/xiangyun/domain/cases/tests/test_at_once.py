"""Two hands on one case at the same moment: one step wins, the other is told, nothing is doubled.

Each hand is a thread with a connection of its own, and every step is really committed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import actions, checks, inbound
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.journal import queries as journal
from xiangyun.faces.cli import demonstration
from xiangyun.kernel.findings import Refused

from . import waiting
from .situations import MORNING, act, actor

pytestmark = [pytest.mark.usefixtures("committing"), pytest.mark.slow(minutes=1)]
TIMES = 25
Hand = Callable[[], Any]


@pytest.fixture(scope="module")
def colleagues(committing: None) -> tuple[Actor, Actor]:
    """Two officials who both hold the roles of reviewer and of approver."""
    made = []
    for login, name in (("yi", "金样乙"), ("er", "金样二")):
        account = accounts.open_account(
            login=login, password=demonstration.PASSWORD, name=name, kind="official"
        )
        for role in ("reviewer:market_supervision", "approver:market_supervision"):
            desk = "珲春市市场监督管理局（演示）"
            accounts.give_mandate(account, role=role, division=demonstration.HUNCHUN, desk=desk)
        found = account_reads.actor_by_login(login)
        assert found is not None
        made.append(found)
    return made[0], made[1]


def at_once(*hands: Hand) -> list[Any]:
    """What came of each hand, all moved at the same moment: its answer or what it raised."""
    came: list[Any] = [None] * len(hands)
    start = threading.Barrier(len(hands))

    def move(place: int) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait(30)
            came[place] = hands[place]()
        except Exception as problem:
            came[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=move, args=[place]) for place in range(len(hands))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "two hands wait for each other"
    return came


def pressing(who: Actor, case: Case, element: str, action: str) -> Hand:
    """An official about to press a button of the task that is open now."""
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case, element=element, closed_at=None).token

    def press() -> Case:
        return actions.complete_task(case.pk, token, action=action, actor=who, at=MORNING)

    return press


def ringing(case: Case, element: str) -> Hand:
    found = waiting.timer(case, element)
    return lambda: inbound.ring(case.pk, found.token, at=found.due)


def withdrawing(case: Case) -> Hand:
    wang = actor("wang")
    return lambda: actions.withdraw_case(case.pk, actor=wang, at=MORNING)


def steps(case: Case) -> Counter[str]:
    """How often each step stands in the journal: its verb, and the element where it has one."""
    with acting_as(SYSTEM):
        return Counter(
            ":".join(filter(None, [e.verb, e.data.get("task") or e.data.get("element")]))
            for e in journal.history(case.number)
        )


def refusals(came: list[Any]) -> list[str]:
    """The ids of what was refused; anything else that was raised is a fault."""
    raised = [one for one in came if isinstance(one, Exception)]
    assert all(isinstance(one, Refused) for one in raised), raised
    return [one.findings[0].id for one in raised]


def assert_nothing_left_over(case: Case) -> None:
    now = waiting.case_now(case.pk)
    if now.ended_at is not None:
        assert waiting.open_items(case) == []
        assert now.awaiting == {}
    assert all(times == 1 for times in steps(case).values()), steps(case)


def test_of_two_officials_who_press_at_once_one_wins_and_the_other_is_told(
    colleagues: tuple[Actor, Actor],
) -> None:
    for _ in range(TIMES):
        case = waiting.filed()
        came = at_once(*(pressing(who, case, "review", "agree") for who in colleagues))
        assert refusals(came) == [checks.GONE.id] == ["case.E001"]
        assert steps(case)["task.done:review"] == 1
        assert_nothing_left_over(case)
    assert "没有执行" in checks.GONE.message.zh
    assert "nothing you pressed" in checks.GONE.message.en


def test_inside_two_requests_one_wins_and_the_other_can_still_be_told(
    colleagues: tuple[Actor, Actor],
) -> None:
    """A request is one transaction: being overtaken, also where services write, leaves it whole."""

    def asking(who: Actor, case: Case) -> Hand:
        press = pressing(who, case, "review", "agree")

        def request() -> str:
            with acting_as(who):
                try:
                    press()
                except Refused as refusal:
                    assert Case.objects.filter(pk=case.pk).exists(), "the page shows the case"
                    return refusal.findings[0].id
                return ""

        return request

    for _ in range(TIMES // 2):
        case = waiting.filed()
        came = at_once(*(asking(who, case) for who in colleagues))
        assert set(came) == {"", checks.GONE.id}, came
        assert steps(case)["task.done:review"] == 1
        assert_nothing_left_over(case)


def test_the_same_official_in_two_windows_does_a_step_once(
    colleagues: tuple[Actor, Actor],
) -> None:
    for _ in range(TIMES // 2):
        case = waiting.filed()
        press = pressing(colleagues[0], case, "review", "agree")
        assert refusals(at_once(press, press, press)) == [checks.GONE.id] * 2
        assert steps(case)["task.done:review"] == 1


def test_whoever_reviewed_never_decides_however_closely_two_press(
    colleagues: tuple[Actor, Actor],
) -> None:
    for _ in range(TIMES):
        case = waiting.filed()
        came = at_once(*(pressing(who, case, "review", "agree") for who in colleagues))
        reviewer, other = colleagues if isinstance(came[0], Case) else colleagues[::-1]
        before_the_decision(case)
        came = at_once(
            pressing(reviewer, case, "decide", "approve"),
            pressing(other, case, "decide", "approve"),
            pressing(reviewer, case, "decide", "approve"),
        )
        assert isinstance(came[1], Case), came
        assert set(refusals(came)) <= {checks.SAME_HAND.id, checks.GONE.id}
        assert steps(case)["task.done:decide"] == 1
        assert waiting.case_now(case.pk).outcome == "issued"
        assert_nothing_left_over(case)


def test_done_and_withdrawn_at_once_ends_withdrawn_and_does_no_step_twice() -> None:
    reviewer, seen = actor("shencha"), Counter[str]()
    for _ in range(TIMES):
        case = waiting.filed()
        came = at_once(pressing(reviewer, case, "review", "agree"), withdrawing(case))
        refused = refusals(came)
        assert refused in ([], [checks.GONE.id]), "who comes too late is told"
        assert steps(case)["task.done:review"] == (0 if refused else 1)
        assert waiting.case_now(case.pk).outcome == "withdrawn"
        assert_nothing_left_over(case)
        seen[str(refused)] += 1


def test_the_last_step_and_a_withdrawal_at_once_end_the_case_in_one_way() -> None:
    decider = actor("jueding")
    for _ in range(TIMES):
        case = waiting.filed()
        act("shencha", case, "agree")
        before_the_decision(case)
        came = at_once(pressing(decider, case, "decide", "approve"), withdrawing(case))
        outcome = waiting.case_now(case.pk).outcome
        decided = isinstance(came[0], Case)
        assert outcome == ("issued" if decided else "withdrawn")
        assert refusals(came) == [
            checks.NOT_WITHDRAWABLE.id if decided else checks.GONE.id,
        ]
        assert steps(case)["case.ended"] == 1
        assert_nothing_left_over(case)


def test_a_task_done_at_the_moment_its_time_is_over_is_done_or_over_and_never_both() -> None:
    reviewer = actor("shencha")
    for _ in range(TIMES):
        case = waiting.filed()
        came = at_once(pressing(reviewer, case, "review", "agree"), ringing(case, "overdue"))
        done = steps(case)
        assert done["task.done:review"] + done["timer.rang:overdue"] == 1
        assert refusals(came) == ([checks.GONE.id] if done["timer.rang:overdue"] else [])
        assert waiting.timer(case, "overdue").closed_at is not None
        assert_nothing_left_over(case)


def test_a_reminder_at_the_moment_of_the_step_costs_neither() -> None:
    reviewer = actor("shencha")
    for _ in range(TIMES):
        case = waiting.filed()
        came = at_once(pressing(reviewer, case, "review", "agree"), ringing(case, "remind"))
        assert refusals(came) == [], "a task is not gone because somebody was reminded of it"
        assert steps(case)["task.done:review"] == 1
        assert waiting.timer(case, "remind").closed_at is not None


def test_of_a_message_a_signal_and_the_end_of_waiting_at_once_one_is_taken() -> None:
    for turn in range(TIMES):
        case = waiting.at_the_gate()

        def message(case: Case = case, turn: int = turn) -> int:
            number = f"m-{turn}-{case.number}"
            return inbound.deliver("message", "echo", case.number, {}, at=MORNING, message=number)

        def signal(case: Case = case, turn: int = turn) -> int:
            return inbound.deliver("signal", "all", None, {}, at=MORNING, message=f"s-{turn}")

        came = at_once(message, signal, ringing(case, "silence"))
        assert refusals(came) == []
        done = steps(case)
        taken = done["message.received"] + done["signal.received"] + done["timer.rang:silence"]
        assert taken == 1, (came, done)
        assert_nothing_left_over(case)


def test_two_workers_with_the_same_job_do_it_once() -> None:
    answer = {"reference": "R1", "completed_on": "2026-04-09"}
    for _ in range(TIMES):
        case = waiting.at_the_gate()
        call = waiting.call(case).pk

        def answering(call: int = call) -> None:
            inbound.complete_service_call(call, answer, at=MORNING)

        came = at_once(answering, ringing(case, "soon"), answering, ringing(case, "soon"))
        assert refusals(came) == []
        done = steps(case)
        assert (done["service.answered:tax"], done["timer.rang:soon"]) == (1, 1)
        assert done["message.sent"] == 1
        assert_nothing_left_over(case)


def test_who_opens_a_case_in_two_windows_at_once_looked_once(
    colleagues: tuple[Actor, Actor],
) -> None:
    def look(who: Actor, case: Case) -> None:
        with acting_as(who):
            actions.note_reading(case, actor=who, at=MORNING)

    for _ in range(TIMES):
        case = waiting.filed()
        windows = [partial(look, who, case) for who in (*colleagues, *colleagues)]
        assert at_once(*windows) == [None] * 4
        assert steps(case)["case.read"] == len(colleagues)


def before_the_decision(case: Case) -> None:
    """Let everything that the decision waits for come."""
    waiting.ring(case, "silence")
    waiting.ring(case, "soon")
    answer = {"reference": "R1", "completed_on": "2026-04-09"}
    inbound.complete_service_call(waiting.call(case).pk, answer, at=MORNING)
    assert waiting.open_items(case) == ["decide"]
