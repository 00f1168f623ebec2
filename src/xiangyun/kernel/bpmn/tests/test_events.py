from __future__ import annotations

from datetime import datetime, timedelta

from xiangyun.kernel.bpmn import (
    CaseFailed,
    DataChanged,
    EscalationRaised,
    IncidentRaised,
    MessageUnawaited,
    ServiceWanted,
    SignalThrown,
    TaskClosed,
    TimerCancelled,
    TimerSet,
    WorkCancelled,
    read_document,
)
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    mapping,
    message,
    node,
    on,
    on_message,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case, number
from xiangyun.kernel.worktime import office_zone

WITHDRAW = node(
    "subProcess",
    "withdrawal",
    start("withdraw", on_message("m_withdraw")),
    user("note", groups="acceptor"),
    end("withdrawn", outcome="withdrawn"),
    flows("withdraw > note > withdrawn"),
    triggeredByEvent="true",
)
WITHDRAWABLE = bpmn(
    start(),
    gate("parallel", "split"),
    user("accept"),
    node("intermediateCatchEvent", "wait", timer("duration", "P3D")),
    service("enter"),
    gate("parallel", "join"),
    end("issued", outcome="issued"),
    WITHDRAW,
    flows("start > split > accept > enter > join > issued", "split > wait > join"),
    shared=message("m_withdraw", "withdraw"),
)


def test_a_withdrawal_stops_everything_and_names_the_outcome():
    case = Case(WITHDRAWABLE).hears("withdraw", reason="不办了")
    assert TaskClosed(case.told[1].id, "interrupted") in case.commands
    assert case.all(TimerCancelled)
    assert case.open() == ["note"]
    assert case.data["reason"] == "不办了"
    assert case.completes("note").outcome == "withdrawn"


def test_a_case_that_is_over_no_longer_waits_for_a_withdrawal():
    case = Case(WITHDRAWABLE).completes("accept").rings("wait").answers("enter")
    assert case.outcome == "issued"
    assert case.all(MessageUnawaited)


def test_a_service_under_way_is_cancelled_by_a_withdrawal():
    case = Case(WITHDRAWABLE).completes("accept").hears("withdraw")
    assert [command.element for command in case.all(WorkCancelled)] == ["enter"]


def boundary(kind: str, interrupting: bool, shared: str = "") -> str:
    return bpmn(
        start(),
        user("work"),
        node(
            "boundaryEvent",
            "edge",
            kind,
            attachedToRef="work",
            cancelActivity="true" if interrupting else "false",
        ),
        user("remind"),
        end(),
        end("other"),
        flows("start > work > end", "edge > remind > other"),
        shared=shared,
    )


def test_an_interrupting_timer_takes_the_task_away():
    case = Case(boundary(timer("duration", "P5D"), True))
    assert case.the(TimerSet).due == MORNING + timedelta(days=5)
    case.rings("edge")
    assert case.open() == ["remind"]
    assert not case.all(TimerCancelled), "a timer that has fired needs no cancelling"
    assert case.completes("remind").outcome == "other"


def test_a_reminding_timer_leaves_the_task_open():
    case = Case(boundary(timer("duration", "P5D"), False)).rings("edge")
    assert case.open() == ["work", "remind"]
    assert case.completes("work").outcome is None
    assert case.completes("remind").outcome == "other"


def test_a_finished_task_cancels_its_timer():
    case = Case(boundary(timer("duration", "P5D"), False)).completes("work")
    assert case.all(TimerCancelled)
    assert case.outcome == "end"


def test_a_cycle_reminds_three_times_a_day_apart_and_not_a_fourth_time():
    case = Case(boundary(timer("cycle", "R3/P1D"), False))
    for day in (1, 2, 3):
        assert case.the(TimerSet).due == MORNING + timedelta(days=day)
        case.waits(days=1, hours=2).rings("edge")
        assert case.open().count("remind") == day
    assert not case.state.waits


def test_a_timer_may_be_set_on_a_computed_date():
    case = Case(boundary(timer("date", "=limit"), True), limit=datetime(2026, 5, 1).date())
    assert case.the(TimerSet).due == datetime(2026, 5, 1, tzinfo=office_zone())
    case = Case(boundary(timer("duration", "=@&quot;P1M&quot;"), True))
    assert case.the(TimerSet).due == MORNING.replace(month=5)


def test_a_timer_without_a_time_is_an_incident_and_no_task_is_half_open():
    case = Case(boundary(timer("duration", "=nothing"), True))
    assert case.incident.element == "work"
    assert case.open() == []
    assert [type(command) for command in case.commands] == [IncidentRaised]


def test_a_message_at_the_edge_interrupts_or_adds():
    shared = message("m", "news", "=number")
    case = Case(boundary(on_message("m"), True, shared), number="1").hears("news", "1", text="a")
    assert (case.open(), case.data["text"]) == (["remind"], "a")
    case = Case(boundary(on_message("m"), False, shared), number="1")
    case.hears("news", "1").hears("news", "1")
    assert case.open() == ["work", "remind", "remind"]


def test_a_failure_is_caught_by_its_code_before_the_one_that_catches_all():
    drawing = bpmn(
        start(),
        service("enter"),
        node("boundaryEvent", "any", on("error"), attachedToRef="enter"),
        node(
            "boundaryEvent",
            "double",
            on("error", "e"),
            attachedToRef="enter",
            extension=mapping(outputs={"why": "=error.message"}),
        ),
        user("look"),
        user("merge"),
        end(),
        flows("start > enter > end", "any > look > end", "double > merge > end"),
        shared='<bpmn:error id="e" name="double" errorCode="double" />',
    )
    case = Case(drawing).fails("enter", "double")
    assert case.open() == ["merge"]
    assert case.data["why"] == "不通 / no answer"
    assert Case(drawing).fails("enter", "other").open() == ["look"]


SCOPED = bpmn(
    start(),
    node(
        "subProcess",
        "check",
        start("in"),
        gate("parallel", "both"),
        user("a"),
        service("b"),
        end("fail", on("error", "e")),
        end("fine"),
        flows("in > both > a > fail", "both > b > fine"),
    ),
    node("boundaryEvent", "caught", on("error", "e"), attachedToRef="check"),
    user("repair"),
    end(),
    flows("start > check > end", "caught > repair > end"),
    shared='<bpmn:error id="e" name="bad" errorCode="bad" />',
)


def test_an_error_end_leaves_the_sub_process_with_all_its_work():
    case = Case(SCOPED).completes("a")
    assert case.open() == ["repair"]
    assert case.open(ServiceWanted) == []
    assert [command.element for command in case.all(WorkCancelled)] == ["b"]


def test_an_error_of_a_service_climbs_out_of_the_sub_process():
    assert Case(SCOPED).fails("b", "bad").open() == ["repair"]
    assert Case(SCOPED).fails("b", "unknown").incident.element == "b"


def test_an_error_nobody_catches_stops_at_its_end_event():
    drawing = bpmn(
        start(),
        end("fail", on("error", "e")),
        flows("start > fail"),
        shared='<bpmn:error id="e" errorCode="bad" />',
    )
    # Only read, not checked: the check would refuse it.
    case = Case(read_document(drawing).processes[0])
    assert case.incident.element == "fail"
    assert case.outcome is None


def test_a_called_process_ends_in_an_error_that_its_caller_may_catch():
    drawing = bpmn(
        "<bpmn:extensionElements><zeebe:properties>"
        '<zeebe:property name="called" value="true" /></zeebe:properties></bpmn:extensionElements>',
        start(),
        gate("parallel", "split"),
        user("a"),
        user("b"),
        end("fail", on("error", "e")),
        end(),
        flows("start > split > a > fail", "split > b > end"),
        shared='<bpmn:error id="e" errorCode="bad" />',
    )
    case = Case(drawing).completes("a")
    assert case.the(CaseFailed) == CaseFailed("fail", "bad", "")
    assert case.state.ended
    assert case.open() == []


def test_a_withdrawal_also_closes_what_stood_still():
    case = Case(WITHDRAWABLE).completes("accept").fails("enter", "down")
    incident = case.incident.id
    case.hears("withdraw")
    assert TaskClosed(incident, "interrupted") in case.commands


def test_a_terminate_end_ends_the_case_at_once():
    case = Case(
        bpmn(
            start(),
            gate("parallel", "split"),
            user("a"),
            user("b"),
            end("stop", "<bpmn:terminateEventDefinition />", outcome="refused"),
            end(),
            flows("start > split > a > stop", "split > b > end"),
        )
    ).completes("a")
    assert case.outcome == "refused"
    assert [command.reason for command in case.all(TaskClosed)] == ["completed", "interrupted"]


def test_a_terminate_end_inside_a_sub_process_ends_only_that():
    case = Case(
        bpmn(
            start(),
            node(
                "subProcess",
                "part",
                start("in"),
                gate("parallel", "split"),
                user("a"),
                user("b"),
                end("stop", "<bpmn:terminateEventDefinition />"),
                end("fine"),
                flows("in > split > a > stop", "split > b > fine"),
            ),
            user("after"),
            end(),
            flows("start > part > after > end"),
        )
    ).completes("a")
    assert case.open() == ["after"]


def test_values_local_to_a_sub_process_do_not_leak():
    case = Case(
        bpmn(
            start(),
            node(
                "subProcess",
                "part",
                start("in"),
                user("a"),
                end("fine"),
                flows("in > a > fine"),
                extension=mapping({"draft": "=1"}, {"kept": "=draft + 1"}),
            ),
            end(),
            flows("start > part > end"),
        )
    ).completes("a", draft=41, seen=True)
    assert case.data == {"kept": 42, "seen": True}


def signal(ident: str = "s", name: str = "holiday") -> str:
    return f'<bpmn:signal id="{ident}" name="{name}" />'


def test_a_signal_is_thrown_to_all_and_caught_by_every_wait():
    case = Case(
        bpmn(
            start(),
            node("intermediateThrowEvent", "tell", on("signal", "s")),
            gate("parallel", "split"),
            node("intermediateCatchEvent", "one", on("signal", "s")),
            node("intermediateCatchEvent", "two", on("signal", "s")),
            gate("parallel", "join"),
            end(),
            flows("start > tell > split > one > join > end", "split > two > join"),
            shared=signal(),
        )
    )
    assert case.the(SignalThrown).name == "holiday"
    assert case.sees("holiday", days=7).outcome == "end"


def escalating(interrupting: str) -> str:
    return bpmn(
        start(),
        node(
            "subProcess",
            "check",
            start("in"),
            node("intermediateThrowEvent", "raise", on("escalation", "x")),
            user("go_on"),
            end("fine"),
            flows("in > raise > go_on > fine"),
        ),
        node(
            "boundaryEvent",
            "seen",
            on("escalation", "x"),
            attachedToRef="check",
            cancelActivity=interrupting,
        ),
        user("supervise", groups="supervisor"),
        end(),
        flows("start > check > end", "seen > supervise > end"),
        shared='<bpmn:escalation id="x" name="late" escalationCode="late" />',
    )


def test_an_escalation_tells_the_supervisor_and_the_work_goes_on():
    case = Case(escalating("false"))
    assert sorted(case.open()) == ["go_on", "supervise"]
    assert case.the(EscalationRaised) == EscalationRaised("late", "raise", "seen")


def test_an_interrupting_escalation_takes_the_work_away():
    assert Case(escalating("true")).open() == ["supervise"]


def test_an_escalation_nobody_catches_changes_nothing():
    case = Case(
        bpmn(
            start(),
            node("intermediateThrowEvent", "raise", on("escalation", "x")),
            end(),
            flows("start > raise > end"),
            shared='<bpmn:escalation id="x" name="late" escalationCode="late" />',
        )
    )
    assert case.outcome == "end"
    assert case.the(EscalationRaised).caught == ""


CONDITIONAL = bpmn(
    start(),
    user("review"),
    node(
        "boundaryEvent",
        "full",
        "<bpmn:conditionalEventDefinition><bpmn:condition>=papers > 2</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>",
        attachedToRef="review",
        cancelActivity="false",
    ),
    user("count"),
    end(),
    flows("start > review > end", "full > count > end"),
)


def test_a_condition_fires_each_time_it_becomes_true():
    case = Case(CONDITIONAL, papers=1)
    assert case.open() == ["review"]
    for papers, expected in ((3, 1), (4, 1), (1, 1), (5, 2)):
        case.data["papers"] = number(papers)
        case.happens(DataChanged(MORNING))
        assert case.open().count("count") == expected


def test_a_link_jumps_to_its_other_end():
    case = Case(
        bpmn(
            start(),
            node("intermediateThrowEvent", "off", '<bpmn:linkEventDefinition name="p2" />'),
            node("intermediateCatchEvent", "onto", '<bpmn:linkEventDefinition name="p2" />'),
            user("a"),
            end(),
            flows("start > off", "onto > a > end"),
        )
    )
    assert case.completes("a").outcome == "end"


def handler(interrupting: str, event: str, shared: str = "") -> str:
    return bpmn(
        start(),
        user("work"),
        service("enter"),
        end(),
        node(
            "subProcess",
            "beside",
            start("when", event, isInterrupting=interrupting),
            user("help"),
            end("helped", outcome="helped"),
            flows("when > help > helped"),
            triggeredByEvent="true",
        ),
        flows("start > work > enter > end"),
        shared=shared,
    )


def test_a_non_interrupting_event_sub_process_runs_beside_and_the_case_waits_for_both():
    case = Case(handler("false", timer("cycle", "R/P1D"))).rings("when").rings("when")
    assert case.open() == ["work", "help", "help"]
    case.completes("help").completes("work").answers("enter")
    assert case.outcome is None
    assert case.completes("help").outcome == "helped"


def test_an_event_sub_process_catches_errors_of_its_scope():
    error = '<bpmn:error id="e" errorCode="down" />'
    case = Case(handler("true", on("error", "e"), error)).completes("work").fails("enter", "down")
    assert case.open() == ["help"]
    assert case.completes("help").outcome == "helped"


def test_an_event_sub_process_starts_on_a_condition_or_a_signal():
    condition = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>=urgent</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )
    assert Case(handler("true", condition)).completes("work", urgent=True).open() == ["help"]
    case = Case(handler("true", on("signal", "s"), signal())).sees("holiday")
    assert case.open() == ["help"]
