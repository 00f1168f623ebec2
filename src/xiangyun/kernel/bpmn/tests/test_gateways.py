from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import IncidentRaised, read_document
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    message,
    node,
    on_message,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import Case

PARALLEL = bpmn(
    start(),
    gate("parallel", "split"),
    user("fire"),
    user("health"),
    gate("parallel", "join"),
    user("issue"),
    end(),
    flows(
        "start > split > fire > join > issue > end",
        "split > health > join",
    ),
)


def test_departments_work_at_the_same_time_and_the_last_one_opens_the_join():
    case = Case(PARALLEL)
    assert case.open() == ["fire", "health"]
    case.completes("health")
    assert case.open() == ["fire"]
    case.completes("fire")
    assert case.open() == ["issue"]
    assert case.completes("issue").outcome == "end"


def inclusive(*conditions: str) -> str:
    return bpmn(
        start(),
        gate("inclusive", "split", default="f_split_plain_0"),
        user("plain"),
        *(user(f"desk{at}") for at in range(len(conditions))),
        gate("inclusive", "join"),
        user("issue"),
        end(),
        flows(
            "split > plain",
            "start > split",
            "plain > join > issue > end",
            *(f"split > desk{at}: {condition}" for at, condition in enumerate(conditions)),
            *(f"desk{at} > join" for at in range(len(conditions))),
        ),
    )


def test_only_the_desks_that_are_needed_are_asked_and_only_they_are_waited_for():
    drawing = inclusive("=fire", "=health", "=food")
    case = Case(drawing, fire=True, health=False, food=True)
    assert case.open() == ["desk0", "desk2"]
    case.completes("desk2")
    assert case.open() == ["desk0"]
    assert case.completes("desk0").open() == ["issue"]


def test_the_default_desk_is_asked_when_no_other_is():
    case = Case(inclusive("=fire"), fire=False)
    assert case.open() == ["plain"]
    assert case.completes("plain").open() == ["issue"]


LONG_WAY = bpmn(
    start(),
    gate("inclusive", "split"),
    user("short"),
    user("first"),
    gate("exclusive", "more"),
    user("second"),
    gate("inclusive", "join"),
    user("issue"),
    end(),
    end("elsewhere"),
    flows(
        "start > split",
        "split > short: =true",
        "split > first: =true",
        "short > join",
        "first > more",
        "more > second: =again",
        "more > elsewhere: =not(again)",
        "second > join",
        "join > issue > end",
    ),
)


def test_a_token_that_can_still_reach_the_join_holds_it():
    case = Case(LONG_WAY).completes("short")
    assert case.open() == ["first"]
    case.data["again"] = True
    case.completes("first")
    assert case.open() == ["second"]
    assert case.completes("second").open() == ["issue"]


def test_a_token_that_went_elsewhere_no_longer_holds_the_join():
    case = Case(LONG_WAY).completes("short")
    case.data["again"] = False
    case.completes("first")
    assert case.open() == ["issue"]
    assert case.completes("issue").outcome == "end"


def test_a_second_token_of_a_filled_branch_does_not_hold_the_join():
    """BPMN 2.0.2, 13.4.3 (iv) to (vi): it can come only where a token already waits."""
    drawing = bpmn(
        start(),
        gate("parallel", "split"),
        user("quick"),
        user("slow"),
        gate("exclusive", "merge"),
        gate("inclusive", "join"),
        user("issue"),
        end(),
        flows(
            "start > split > quick > merge > join > issue > end",
            "split > slow > merge",
            "split > join",
        ),
    )
    case = Case(read_document(drawing).processes[0])
    case.completes("quick")
    assert case.open() == ["slow", "issue"]


def test_a_join_that_waits_for_ever_is_reported_instead_of_kept_silent():
    """The engine never trusts the proof: a badly migrated case would end here."""
    drawing = bpmn(
        start(),
        gate("exclusive", "choose", default="f_choose_b_0"),
        user("a"),
        user("b"),
        gate("parallel", "join"),
        end(),
        flows("choose > b", "start > choose", "choose > a: =true", "a > join > end", "b > join"),
    )
    # Only read, not checked: the check would refuse it.
    case = Case(read_document(drawing).processes[0]).completes("a")
    assert case.all(IncidentRaised)[0].element == "join"


EVENTS = bpmn(
    start(),
    gate("eventBased", "wait"),
    node("intermediateCatchEvent", "paid", on_message("m")),
    node("intermediateCatchEvent", "late", timer("duration", "P5D")),
    node("receiveTask", "waived", messageRef="w"),
    end(),
    end("lapsed"),
    flows(
        "start > wait > paid > end",
        "wait > late > lapsed",
        "wait > waived > end",
    ),
    shared=message("m", "payment") + message("w", "waiver"),
)


def test_the_first_event_wins_and_the_others_are_no_longer_awaited():
    case = Case(EVENTS)
    case.hears("payment", amount="20.00")
    assert case.outcome == "end"
    assert case.data["amount"] == "20.00"
    assert [type(command).__name__ for command in case.commands] == [
        "VariablesSet",
        "MessageUnawaited",
        "TimerCancelled",
        "MessageUnawaited",
        "CaseEnded",
    ]
    assert Case(EVENTS).rings("late").outcome == "lapsed"
    assert Case(EVENTS).hears("waiver").outcome == "end"


@pytest.mark.parametrize("times", [1, 3])
def test_a_way_back_may_be_taken_any_number_of_times(times: int):
    case = Case(
        bpmn(
            start(),
            user("review"),
            gate("exclusive", "ok", default="f_ok_review_0"),
            end(),
            flows("ok > review", "start > review > ok", "ok > end: =good"),
        )
    )
    for _ in range(times):
        case.completes("review", good=False)
        assert case.open() == ["review"]
    assert case.completes("review", good=True).outcome == "end"
