"""What BPMN gives a meaning: implicit ends, abstract tasks, cardinality, transactions, cycles."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import (
    CaseEnded,
    DataChanged,
    IncidentRaised,
    IncidentResolved,
    ServiceWanted,
    TaskClosed,
    TaskOpened,
    TimerSet,
    check_process,
    draw,
    read_document,
    read_process,
)
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    node,
    on,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.test_compensation import undone
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case

CANCEL = "<bpmn:cancelEventDefinition />"


def errors(text: str) -> list[str]:
    return [each.id for each in check_process(text) if each.severity == "error"]


# -- implicit ends ---------------------------------------------------------------------------------


def test_a_case_without_an_end_event_ends_with_its_last_activity():
    text = bpmn(start(), user("a"), user("b"), flows("start > a > b"))
    assert check_process(text) == []
    case = Case(text).completes("a").completes("b")
    assert case.the(CaseEnded) == CaseEnded("b", "b")


def test_a_last_activity_may_name_the_outcome():
    word = '<zeebe:properties><zeebe:property name="outcome" value="issued" /></zeebe:properties>'
    case = Case(bpmn(start(), user("a", extension=word), flows("start > a")))
    assert case.completes("a").outcome == "issued"


def test_a_scope_ends_when_all_its_last_activities_are_done():
    inner = node(
        "subProcess",
        "part",
        start("in"),
        gate("parallel", "split"),
        user("a"),
        user("b"),
        node("intermediateThrowEvent", "c"),
        flows("in > split > a", "split > b", "split > c"),
    )
    case = Case(bpmn(start(), inner, user("after"), flows("start > part > after")))
    assert case.completes("a").open() == ["b"]
    assert case.completes("b").open() == ["after"]
    assert case.completes("after").outcome == "after"


def test_a_way_that_ends_beside_drawn_ends_is_a_note():
    text = bpmn(
        start(),
        gate("parallel", "g"),
        user("a"),
        user("b"),
        end(),
        flows("start > g > a > end", "g > b"),
    )
    (found,) = check_process(text)
    assert (found.id, found.severity) == ("bpmn.N012", "note")
    assert Case(text).completes("b").completes("a").outcome == "end"


def test_an_interrupted_last_activity_ends_nothing():
    text = bpmn(
        start(),
        user("a"),
        node("boundaryEvent", "late", timer("duration", "P1D"), attachedToRef="a"),
        user("b"),
        flows("start > a", "late > b"),
    )
    case = Case(text).rings("late")
    assert case.outcome is None
    assert case.completes("b").outcome == "b"


# -- abstract tasks --------------------------------------------------------------------------------


@pytest.mark.parametrize("loop", ["", '<bpmn:standardLoopCharacteristics loopMaximum="3" />'])
def test_an_abstract_task_is_done_at_once_and_is_noted(loop: str):
    text = bpmn(start(), node("task", "x", loop), user("a"), flows("start > x > a"))
    assert [(each.id, each.severity) for each in check_process(text)] == [("bpmn.N004", "note")]
    assert Case(text).open() == ["a"]
    assert "data-element" in draw(read_process(text))


# -- how often -------------------------------------------------------------------------------------


def times(count: str, sequential: bool = False, more: str = "") -> str:
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{more}'
        f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


@pytest.mark.parametrize("count", ["3", " 3 ", "=n", "=count([1, 2]) + 1"])
@pytest.mark.parametrize("sequential", [True, False])
def test_loop_cardinality_says_how_often(count: str, sequential: bool):
    text = bpmn(start(), user("a", times(count, sequential)), flows("start > a"))
    assert check_process(text) == []
    case = Case(text, n=3)
    for at in range(3):
        assert case.open().count("a") == (1 if sequential else 3 - at)
        case.completes("a")
    assert case.outcome == "a"
    assert [each.inputs["loopCounter"] for each in case.told if isinstance(each, TaskOpened)] == [
        1,
        2,
        3,
    ]


def test_none_at_all_goes_on_and_results_are_collected():
    text = bpmn(start(), user("a", times("=n")), user("b"), flows("start > a > b"))
    assert Case(text, n=0).open() == ["b"]
    collecting = times(
        "=n",
        more="<bpmn:extensionElements><zeebe:loopCharacteristics "
        'outputCollection="all" outputElement="=x" /></bpmn:extensionElements>',
    )
    case = Case(text.replace(times("=n"), collecting), n=2)
    assert case.completes("a", x=1).completes("a", x=2).data["all"] == [2, 1]


@pytest.mark.parametrize("n", [-1, "two", None, True, [1], 10_001])
def test_what_is_no_number_of_times_waits_for_a_person(n: object):
    case = Case(bpmn(start(), user("a", times("=n")), flows("start > a")), n=n)
    assert case.incident.element == "a"
    case.data["n"] = Case(bpmn(start(), user("a"), flows("start > a")), n=1).data["n"]
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.open() == ["a"]


@pytest.mark.parametrize("count", ["-1", "two", "", "1.5", "²"])
def test_a_number_of_times_that_is_none_is_refused(count: str):
    text = bpmn(start(), user("a", times(count)), flows("start > a"))
    assert errors(text) == ["bpmn.E038"]


# -- transactions ----------------------------------------------------------------------------------


def booking(*inside: str, loop: str = "", ways: str = "", more: str = "") -> str:
    return bpmn(
        start(),
        node(
            "transaction",
            "book",
            start("in"),
            user("flight"),
            undone("flight", "unflight"),
            user("hotel"),
            undone("hotel", "unhotel"),
            gate("exclusive", "good", default="f_d"),
            *inside,
            end("booked"),
            end("off", CANCEL),
            flows("in > flight > hotel > good", "good > booked: =good"),
            '<bpmn:sequenceFlow id="f_d" sourceRef="good" targetRef="off" />',
            ways,
            loop,
        ),
        node("boundaryEvent", "cancelled", CANCEL, attachedToRef="book"),
        more,
        user("tell"),
        user("pay"),
        flows("start > book > pay", "cancelled > tell"),
    )


def test_a_transaction_that_is_not_cancelled_is_a_sub_process():
    assert check_process(booking()) == []
    case = Case(booking()).completes("flight").completes("hotel", good=True)
    assert case.open() == ["pay"]


def test_a_cancelled_transaction_undoes_what_it_did_and_leaves_by_its_cancel_event():
    case = Case(booking()).completes("flight").completes("hotel", good=False)
    assert case.open() == []
    assert case.open(ServiceWanted) == ["unhotel"]
    assert case.answers("unhotel").open(ServiceWanted) == ["unflight"]
    assert case.answers("unflight").open() == ["tell"]
    assert case.completes("tell").outcome == "tell"


def test_what_runs_beside_in_a_cancelled_transaction_is_stopped_and_nested_work_undone():
    nested = node(
        "subProcess",
        "more",
        start("i2"),
        user("car"),
        undone("car", "uncar"),
        user("key"),
        flows("i2 > car > key"),
    )
    text = booking(gate("parallel", "split"), nested, ways=flows("split > more"))
    text = text.replace('sourceRef="in" targetRef="flight"', 'sourceRef="in" targetRef="split"')
    text = text.replace("</bpmn:transaction>", flows("split > flight") + "</bpmn:transaction>")
    case = Case(text).completes("flight").completes("car").completes("hotel", good=False)
    assert [each.reason for each in case.all(TaskClosed)] == ["completed", "interrupted"]
    for what in ("unhotel", "uncar", "unflight"):
        assert case.open(ServiceWanted) == [what]
        case.answers(what)
    assert case.open() == ["tell"]


def test_a_cancel_end_within_a_nested_sub_process_cancels_the_transaction_around_it():
    nested = node(
        "subProcess", "ask", start("i2"), user("sure"), end("no", CANCEL), flows("i2 > sure > no")
    )
    text = booking(nested, ways="").replace(
        'sourceRef="flight" targetRef="hotel"', 'sourceRef="flight" targetRef="ask"'
    )
    text = text.replace("</bpmn:transaction>", flows("ask > hotel") + "</bpmn:transaction>")
    # Only read: what comes after the question can never happen.
    case = Case(read_document(text).processes[0]).completes("flight").completes("sure")
    assert case.open(ServiceWanted) == ["unflight"]
    assert case.answers("unflight").open() == ["tell"]


@pytest.mark.parametrize("sequential", [True, False])
def test_cancelling_one_of_many_transactions_undoes_them_all(sequential: bool):
    case = Case(booking(loop=times("2", sequential)))
    case.completes("flight").completes("hotel", good=True)
    case.completes("flight").completes("hotel", good=False)
    for what in ("unhotel", "unflight", "unhotel", "unflight"):
        assert case.open(ServiceWanted) == [what]
        case.answers(what)
    assert case.open() == ["tell"]


def test_a_deadline_at_the_edge_counts_while_a_transaction_is_cancelled():
    more = node("boundaryEvent", "late", timer("duration", "P1D"), attachedToRef="book")
    text = booking(more=more + user("hurry") + flows("late > hurry"))
    case = Case(text).completes("flight").completes("hotel", good=False)
    assert case.the(TimerSet).element == "late"
    assert case.rings("late").open() == ["hurry"]
    assert case.open(ServiceWanted) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (bpmn(start(), end("x", CANCEL), flows("start > x")), "bpmn.E046"),
        (
            bpmn(
                start(),
                node("subProcess", "s", start("i"), user("a"), flows("i > a")),
                node("boundaryEvent", "x", CANCEL, attachedToRef="s"),
                user("b"),
                flows("start > s", "x > b"),
            ),
            "bpmn.E046",
        ),
        (
            bpmn(
                start(),
                node(
                    "transaction", "x", start("i"), user("a"), end("o", CANCEL), flows("i > a > o")
                ),
                flows("start > x"),
            ),
            "bpmn.E046",
        ),
        (
            bpmn(
                start(),
                node("transaction", "t", start("i"), user("a"), flows("i > a")),
                node("boundaryEvent", "x", CANCEL, attachedToRef="t"),
                user("b"),
                flows("start > t", "x > b"),
            ),
            "bpmn.E056",
        ),
        (
            bpmn(
                start(),
                node("transaction", "x", start("i"), user("a"), flows("i > a"), method="##Store"),
                flows("start > x"),
            ),
            "bpmn.E004",
        ),
    ],
)
def test_cancelling_where_it_has_no_meaning_is_refused_by_name(text: str, found: str):
    finding = next(each for each in check_process(text) if each.id == found)
    assert "x" in finding.message.zh
    assert finding.place.line


# -- cycles that do not move on --------------------------------------------------------------------


def reminded(cycle: str) -> str:
    return bpmn(
        start(),
        user("a"),
        node(
            "boundaryEvent", "x", timer("cycle", cycle), attachedToRef="a", cancelActivity="false"
        ),
        user("remind"),
        flows("start > a", "x > remind"),
    )


@pytest.mark.parametrize(
    "cycle", ["R/PT0S", "R/P0D", "R3/P0Y0M", "R/-P1D", "R/-PT1H", "R0/P1D", "R/P0DT0H0M0.0S"]
)
def test_a_cycle_that_never_moves_on_is_refused_or_an_incident(cycle: str):
    assert errors(reminded(cycle)) == ["bpmn.E034"]
    case = Case(reminded("=each"), each=cycle)
    assert case.incident.element == "a"
    assert case.open() == []
    case.data["each"] = "R/P1D"
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.open() == ["a"]


def test_a_cycle_that_stops_moving_later_is_an_incident_and_goes_on_when_mended():
    case = Case(reminded("=each"), each="R/P1D").waits(days=1).rings("x")
    case.data["each"] = "R/PT0S"
    case.waits(days=1).rings("x")
    assert case.open() == ["a", "remind", "remind"]
    (incident,) = case.all(IncidentRaised)
    assert "R/PT0S" in incident.text.en
    case.data["each"] = "R/P2D"
    case.happens(IncidentResolved(incident.id, case.now))
    assert case.the(TimerSet).due == case.now.replace(day=case.now.day + 2)
    case.waits(days=2).rings("x")
    assert case.open().count("remind") == 3


def test_a_cycle_may_be_cron_and_its_formula_is_asked_anew_each_round():
    assert errors(reminded("0 9 * * 1-5")) == []
    assert errors(reminded("0 9 L * *")) == ["bpmn.E034"]
    case = Case(reminded("=each"), each="0 0 * * *").waits(days=1).rings("x")
    midnight = case.the(TimerSet).due
    assert (midnight.hour, midnight.minute) == (0, 0)
    case.data["each"] = "30 10 * * *"
    case.waits(days=1).rings("x")
    assert (case.the(TimerSet).due.hour, case.the(TimerSet).due.minute) == (10, 30)
    assert case.open().count("remind") == 2


def test_an_incident_of_a_cycle_is_closed_with_its_task():
    case = Case(reminded("=each"), each="R/P1D")
    case.data["each"] = None
    case.waits(days=1).rings("x")
    incident = case.incident.id
    case.completes("a")
    assert TaskClosed(incident, "interrupted") in case.commands


@pytest.mark.parametrize("value", ["P9999Y", "R/P9999Y", "P99999999999D"])
def test_a_time_beyond_the_calendar_is_an_incident(value: str):
    kind = "cycle" if value.startswith("R") else "duration"
    text = bpmn(
        start(),
        user("a"),
        node("boundaryEvent", "x", timer(kind, "=when"), attachedToRef="a", cancelActivity="false"),
        user("b"),
        flows("start > a", "x > b"),
    )
    assert Case(text, when=value).incident.element == "a"


def test_data_that_change_while_a_cycle_stands_still_do_no_harm():
    case = Case(reminded("=each"), each="R/P1D")
    case.data["each"] = "R/P0D"
    case.waits(days=1).rings("x").happens(DataChanged(MORNING))
    assert case.open() == ["a", "remind"]


def test_errors_and_escalations_beside_a_transaction_leave_it_without_undoing():
    text = bpmn(
        start(),
        node(
            "transaction",
            "book",
            start("in"),
            user("flight"),
            undone("flight", "unflight"),
            service("pay"),
            flows("in > flight > pay"),
        ),
        node("boundaryEvent", "failed", on("error"), attachedToRef="book"),
        user("look"),
        flows("start > book", "failed > look"),
    )
    case = Case(text).completes("flight").fails("pay", "down")
    assert (case.open(), case.open(ServiceWanted)) == (["look"], [])
