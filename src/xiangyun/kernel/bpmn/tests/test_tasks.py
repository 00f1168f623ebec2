from __future__ import annotations

from datetime import date, datetime

import pytest

from xiangyun.kernel.bpmn import (
    CallCompleted,
    CallFailed,
    CallWanted,
    DecisionMade,
    DecisionWanted,
    Endless,
    IncidentRaised,
    IncidentResolved,
    MessageAwaited,
    MessageReceived,
    MessageSent,
    NotWaiting,
    ServiceCompleted,
    ServiceFailed,
    ServiceWanted,
    SignalReceived,
    Started,
    TaskClosed,
    TaskCompleted,
    TaskOpened,
    TimerFired,
    VariablesSet,
    read_process,
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
    script,
    service,
    start,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case

REGISTRATION = bpmn(
    start(),
    user(
        "accept",
        name="受理",
        extension=mapping(outputs={"acceptance": "=action"})
        + '<zeebe:taskHeaders><zeebe:header key="actions" value="accept,return" />'
        "</zeebe:taskHeaders>",
    ),
    gate("exclusive", "complete", name="材料齐全？"),
    user("correct", name="补正", groups="applicant"),
    node(
        "businessRuleTask",
        "judge",
        name="判断",
        extension='<zeebe:calledDecision decisionId="eligible" resultVariable="verdict" />',
    ),
    gate("exclusive", "allowed", default="f_allowed_refused_0"),
    service("enter", name="登记", extension=mapping({"name": "=application.name"})),
    end("issued", outcome="issued"),
    end("refused", outcome="refused"),
    flows(
        "allowed > refused",
        "start > accept > complete",
        'complete > correct: =acceptance = "return"',
        "correct > accept",
        'complete > judge: =acceptance = "accept"',
        "judge > allowed",
        "allowed > enter: =verdict.granted",
        "enter > issued",
    ),
)


def test_a_registration_is_corrected_judged_entered_and_issued():
    case = Case(REGISTRATION, application={"name": "松花江小吃店（虚构）"})
    opened = case.the(TaskOpened)
    assert (opened.element, opened.name, opened.groups) == ("accept", "受理", ("acceptor",))
    assert opened.headers == {"actions": "accept,return"}
    case.completes("accept", action="return", note="缺章程")
    assert case.open() == ["correct"]
    assert case.the(VariablesSet).values == {"acceptance": "return"}
    case.completes("correct")
    case.completes("accept", action="accept")
    wanted = case.the(DecisionWanted)
    assert (wanted.decision, wanted.inputs, wanted.result_variable) == ("eligible", None, "verdict")
    case.decides("judge", {"granted": True})
    assert case.the(ServiceWanted).inputs == {"name": "松花江小吃店（虚构）"}
    case.answers("enter", number="001")
    assert case.outcome == "issued"
    assert case.data["number"] == "001"


def test_the_default_flow_is_taken_when_no_condition_holds():
    case = Case(REGISTRATION, application={"name": "x"})
    case.completes("accept", action="accept").decides("judge", {"granted": False})
    assert case.outcome == "refused"


def test_variables_come_before_every_other_command():
    case = Case(REGISTRATION, application={"name": "x"})
    case.completes("accept", action="accept")
    assert [type(command) for command in case.commands] == [
        VariablesSet,
        TaskClosed,
        DecisionWanted,
    ]


def test_the_state_of_a_case_of_four_tasks_is_under_600_bytes():
    tasks = [user(f"task_{at}_of_the_department", name="会审") for at in range(4)]
    case = Case(
        bpmn(
            start(),
            gate("parallel", "all"),
            *tasks,
            gate("parallel", "together"),
            end(),
            flows(
                "start > all",
                *(f"all > task_{at}_of_the_department > together" for at in range(4)),
                "together > end",
            ),
        )
    )
    assert len(case.open()) == 4
    case.completes("task_0_of_the_department")
    assert case.state is not None
    assert len(case.state.to_json().encode()) < 600


def test_a_branch_to_which_no_condition_leads_waits_for_a_person_and_then_goes_on():
    case = Case(REGISTRATION, application={"name": "x"})
    case.completes("accept", action="forget")
    assert case.incident.element == "complete"
    case.data["acceptance"] = "accept"
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.open(DecisionWanted) == ["judge"]


def test_a_condition_that_is_neither_true_nor_false_is_not_taken_for_false():
    case = Case(REGISTRATION, application={"name": "x"})
    case.completes("accept", action="accept").decides("judge", {"granted": None})
    assert case.incident.element == "allowed"
    assert "verdict.granted" in case.incident.text.en
    assert case.outcome is None


def test_an_answer_to_a_finished_task_is_refused_and_says_so():
    case = Case(REGISTRATION, application={"name": "x"})
    first = case.the(TaskOpened).id
    case.completes("accept", action="accept")
    with pytest.raises(NotWaiting) as refused:
        case.happens(TaskCompleted(first, {}, MORNING))
    assert refused.value.findings[0].id == "bpmn.E100"
    assert first in refused.value.findings[0].message.zh


def test_an_ended_case_takes_no_more_events():
    case = Case(bpmn(start(), end(), flows("start > end")))
    assert case.outcome == "end"
    with pytest.raises(NotWaiting):
        case.happens(TaskCompleted("x~1", {}, MORNING))


def test_a_script_is_computed_at_once_and_seen_by_the_next_gate():
    case = Case(
        bpmn(
            start(),
            script("sum", "=a + b", "total"),
            gate("exclusive", "big", default="f_big_small_0"),
            end("small"),
            end("large"),
            flows("big > small", "start > sum > big", "big > large: =total > 10"),
        ),
        a=5,
        b=6,
    )
    assert case.outcome == "large"
    assert case.data["total"] == 11


def test_a_loop_of_computations_that_never_stops_is_refused_and_nothing_is_kept():
    drawing = bpmn(
        start(),
        user("a"),
        script("count", "=1", "n"),
        gate("exclusive", "again", default="f_again_count_0"),
        end(),
        flows("again > count", "start > a > count > again", "again > end: =n > 1"),
    )
    case = Case(drawing)
    before = case.state
    with pytest.raises(Endless) as refused:
        case.completes("a")
    assert refused.value.findings[0].id == "bpmn.E101"
    assert case.state == before


def test_a_manual_task_needs_no_engine_and_completes_at_once():
    assert Case(
        bpmn(start(), node("manualTask", "stamp"), end(), flows("start > stamp > end"))
    ).outcome


def test_a_send_task_sends_its_inputs_and_goes_on():
    case = Case(
        bpmn(
            start(),
            node("sendTask", "tell", messageRef="m", extension=mapping({"work": '="seal"'})),
            end(),
            flows("start > tell > end"),
            shared=message("m", "seal.wanted", "=number"),
        ),
        number="2204-1",
    )
    assert case.the(MessageSent) == MessageSent("seal.wanted", "2204-1", {"work": "seal"})
    assert case.outcome == "end"


@pytest.mark.parametrize("kind", ["businessRuleTask", "scriptTask", "sendTask"])
def test_any_task_with_a_work_type_is_done_by_a_machine(kind: str):
    case = Case(
        bpmn(
            start(),
            node(kind, "work", extension='<zeebe:taskDefinition type="=&quot;x.&quot; + what" />'),
            end(),
            flows("start > work > end"),
        ),
        what="tell",
    )
    assert case.the(ServiceWanted).type == "x.tell"
    assert case.answers("work", done=True).outcome == "end"
    assert case.data["done"] is True


def test_a_message_event_with_a_work_type_waits_until_the_machine_has_sent_it():
    work = '<zeebe:taskDefinition type="letter.send" />'
    event = "<bpmn:messageEventDefinition />"
    case = Case(
        bpmn(
            start(),
            node("intermediateThrowEvent", "tell", event, extension=work),
            node("endEvent", "told", event, extension=work),
            flows("start > tell > told"),
        )
    )
    assert case.open(ServiceWanted) == ["tell"]
    case.answers("tell")
    assert case.open(ServiceWanted) == ["told"]
    assert case.answers("told").outcome == "told"


def test_message_events_without_a_work_type_let_their_message_go():
    case = Case(
        bpmn(
            start(),
            node("intermediateThrowEvent", "tell", on_message("m"), extension=mapping({"n": "=1"})),
            node("endEvent", "told", on_message("m")),
            flows("start > tell > told"),
            shared=message("m", "news"),
        )
    )
    assert [told for told in case.told if isinstance(told, MessageSent)] == [
        MessageSent("news", None, {"n": 1}),
        MessageSent("news", None, {}),
    ]
    assert case.outcome == "told"


def test_what_cannot_be_asked_for_waits_for_a_person_each_time_it_is_tried():
    drawing = bpmn(start(), service("work", work="=kind"), end(), flows("start > work > end"))
    case = Case(drawing)
    for _ in range(2):
        assert case.incident.element == "work"
        assert case.open(ServiceWanted) == []
        case.happens(IncidentResolved(case.incident.id, MORNING))
    case.data["kind"] = "register.enter"
    case.happens(IncidentResolved(case.incident.id, MORNING))
    case.data["kind"] = None
    case.fails("work", "down")
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.all(IncidentRaised)
    case.data["kind"] = "register.enter"
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.answers("work").outcome == "end"


@pytest.mark.parametrize(
    "event",
    [
        Started(MORNING),
        TaskCompleted("nobody~9", {}, MORNING),
        DecisionMade("nobody~9", 1, MORNING),
        ServiceCompleted("accept~1", {}, MORNING),
        ServiceFailed("nobody~9", "x", "", MORNING),
        CallCompleted("nobody~9", {}, MORNING),
        TimerFired("nobody~9", MORNING),
        MessageReceived("nothing", None, {}, MORNING),
        SignalReceived("nothing", {}, MORNING),
        IncidentResolved("accept~1", MORNING),
    ],
)
def test_no_event_is_taken_that_nobody_waits_for(event):
    case = Case(REGISTRATION, application={"name": "x"})
    before = case.state
    with pytest.raises(NotWaiting):
        case.happens(event)
    assert case.state is before


def test_a_receive_task_takes_only_the_message_with_its_key():
    case = Case(
        bpmn(
            start(),
            node("receiveTask", "hear", messageRef="m"),
            end(),
            flows("start > hear > end"),
            shared=message("m", "seal.made", "=number"),
        ),
        number="2204-1",
    )
    assert case.the(MessageAwaited).key == "2204-1"
    with pytest.raises(NotWaiting):
        case.hears("seal.made", "2204-2")
    case.hears("seal.made", "2204-1", seal="印")
    assert (case.outcome, case.data["seal"]) == ("end", "印")


def test_output_mappings_keep_everything_else_of_a_result_out_of_the_case():
    case = Case(
        bpmn(
            start(),
            user("review", extension=mapping(outputs={"review.by": "=by", "review.ok": "=ok"})),
            end(),
            flows("start > review > end"),
        )
    )
    case.completes("review", by="虚构科员", ok=True, note="secret")
    assert case.data == {"review": {"by": "虚构科员", "ok": True}}


def test_a_due_date_may_be_computed():
    case = Case(
        bpmn(
            start(),
            user("review", extension='<zeebe:taskSchedule dueDate="=limit" />'),
            user("sign", extension='<zeebe:taskSchedule dueDate="2026-05-01T12:00:00+08:00" />'),
            end(),
            flows("start > review > sign > end"),
        ),
        limit=date(2026, 4, 20),
    )
    assert case.the(TaskOpened).due == date(2026, 4, 20)
    case.completes("review")
    assert case.the(TaskOpened).due == datetime.fromisoformat("2026-05-01T12:00:00+08:00")


def test_candidate_groups_may_be_computed_and_are_never_lost_silently():
    drawing = bpmn(start(), user("review", groups="=roles"), end(), flows("start > review > end"))
    assert Case(drawing, roles=["reviewer", "approver"]).the(TaskOpened).groups == (
        "reviewer",
        "approver",
    )
    assert Case(drawing, roles=None).incident.element == "review"


def test_an_uncaught_failure_stands_still_and_is_tried_again():
    case = Case(bpmn(start(), service("enter"), end(), flows("start > enter > end")))
    case.fails("enter", "register-down")
    assert "register-down" in case.incident.text.en
    assert case.open(ServiceWanted) == ["enter"]
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.all(ServiceWanted)[0].type == "register.enter"
    assert case.all(TaskClosed)[0].id == case.incident.id
    assert case.answers("enter").outcome == "end"


def test_an_activity_may_choose_its_ways_itself():
    drawing = bpmn(
        start(),
        user("review", default="f_review_file_0"),
        user("tell"),
        user("file"),
        end(),
        flows("review > file", "start > review", "review > tell: =bad", "tell > end", "file > end"),
    )
    assert Case(drawing, bad=True).completes("review").open() == ["tell"]
    assert Case(drawing, bad=False).completes("review").open() == ["file"]


CALLING = bpmn(
    start(),
    node(
        "callActivity",
        "sub",
        extension='<zeebe:calledElement processId="seal" propagateAllChildVariables="false" />'
        + mapping(outputs={"seal": "=number"}),
    ),
    node("boundaryEvent", "refused", on("error", "e"), attachedToRef="sub"),
    end(),
    end("without"),
    flows("start > sub > end", "refused > without"),
    shared='<bpmn:error id="e" name="refused" errorCode="refused" />',
)


def test_a_called_process_is_a_case_of_its_own_and_answers_with_its_variables():
    case = Case(CALLING)
    wanted = case.the(CallWanted)
    assert (wanted.process, wanted.inputs) == ("seal", None)
    case.happens(CallCompleted(wanted.id, {"number": "7", "other": 1}, MORNING))
    assert (case.outcome, case.data) == ("end", {"seal": "7"})


def test_a_called_process_that_fails_is_caught_by_its_code():
    case = Case(CALLING)
    case.happens(CallFailed(case.the(CallWanted).id, "refused", "", MORNING))
    assert case.outcome == "without"


def test_a_start_event_can_be_named_and_brings_its_payload():
    case = Case(
        bpmn(
            start(),
            start("by_letter", '<bpmn:messageEventDefinition messageRef="m" />'),
            user("accept"),
            end(),
            flows("start > accept > end", "by_letter > accept"),
            shared=message("m", "letter"),
        ),
        Started(MORNING, "by_letter", {"letter": "L1"}),
    )
    assert case.data == {"letter": "L1"}
    assert case.open() == ["accept"]


def test_two_readings_of_one_drawing_are_two_values_that_behave_alike():
    first, second = read_process(REGISTRATION), read_process(REGISTRATION)
    assert first != second
    assert Case(first, application={}).told == Case(second, application={}).told
