"""Processes that call each other are proved together: what is not caught, what never ends."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import CallCompleted, CallEscalated, CallWanted, NotWaiting, WorkCancelled
from xiangyun.kernel.bpmn.check import document_findings
from xiangyun.kernel.bpmn.read import read_document
from xiangyun.kernel.bpmn.tests.drawn import bpmn, end, flows, gate, node, on, start, user
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case
from xiangyun.kernel.findings import Finding

LATE = '<bpmn:error id="late" name="late" errorCode="late" />'
CALLED = (
    "<bpmn:extensionElements><zeebe:properties>"
    '<zeebe:property name="called" value="true" /></zeebe:properties></bpmn:extensionElements>'
)


def call(ident: str, process: str, *content: str) -> str:
    return node(
        "callActivity", ident, *content, extension=f'<zeebe:calledElement processId="{process}" />'
    )


def named(ident: str, *content: str, shared: str = "") -> str:
    """A process with an id of its own."""
    return bpmn(*content, shared=shared).replace('process id="case"', f'process id="{ident}"')


def found(**drawings: str) -> list[Finding]:
    return document_findings(*(read_document(text, f"{n}.bpmn") for n, text in drawings.items()))


def ids(**drawings: str) -> list[str]:
    return [f"{finding.place.file} {finding.id}" for finding in found(**drawings) if finding.place]


MAIN = named("main", start(), call("ask", "review"), end(), flows("start > ask > end"))
REVIEW = named(
    "review",
    CALLED,
    start("begin"),
    user("look"),
    gate("exclusive", "fit", default="f_fit_done_1"),
    end("done"),
    end("too_late", on("error", "late")),
    flows("begin > look > fit > too_late: =x", "fit > done"),
    shared=LATE,
)


def test_a_process_that_calls_another_is_sound_when_both_are():
    quiet = named("review", start("begin"), user("look"), end("done"), flows("begin > look > done"))
    assert ids(main=MAIN, review=quiet) == []


def test_an_error_of_a_called_process_that_nobody_catches_is_told_at_the_call():
    (finding,) = found(main=MAIN, review=REVIEW)
    assert (finding.id, finding.place.file) == ("bpmn.E055", "main.bpmn")
    assert "ask" in finding.message.en
    assert "late" in finding.message.en


def test_an_error_caught_at_the_call_leads_on():
    caught = named(
        "main",
        start(),
        call("ask", "review"),
        node("boundaryEvent", "was_late", on("error", "late"), attachedToRef="ask"),
        end(),
        end("lost"),
        flows("start > ask > end", "was_late > lost"),
        shared=LATE,
    )
    assert ids(main=caught, review=REVIEW) == []


def test_an_event_at_a_call_for_an_error_that_never_comes_is_dead():
    other = named(
        "main",
        start(),
        call("ask", "review"),
        node("boundaryEvent", "was_late", on("error", "late"), attachedToRef="ask"),
        end(),
        end("lost"),
        flows("start > ask > end", "was_late > lost"),
        shared=LATE,
    )
    quiet = named("review", start("begin"), user("look"), end("done"), flows("begin > look > done"))
    assert ids(main=other, review=quiet) == ["main.bpmn bpmn.E056"] * 2


def test_a_call_of_a_process_that_always_fails_leads_to_no_end():
    fails = named(
        "review",
        CALLED,
        start("begin"),
        end("too_late", on("error", "late")),
        flows("begin > too_late"),
        shared=LATE,
    )
    assert ids(main=MAIN, review=fails) == ["main.bpmn bpmn.E052", "main.bpmn bpmn.E055"]


def test_an_error_climbs_through_a_process_between():
    between = named(
        "between", CALLED, start("s"), call("hand_on", "review"), end("e"), flows("s > hand_on > e")
    )
    main = MAIN.replace('processId="review"', 'processId="between"')
    assert ids(main=main, between=between, review=REVIEW) == ["main.bpmn bpmn.E055"]


def test_a_process_that_calls_itself_on_every_way_has_no_end():
    again = named("review", start("b"), user("look"), call("again", "review"), end("done"),
                  flows("b > look > again > done"))  # fmt: skip
    (finding,) = found(main=MAIN, review=again)
    assert (finding.id, finding.place.file) == ("bpmn.E058", "review.bpmn")
    assert "review → review" in finding.message.en


def test_a_ring_of_processes_has_no_end_and_every_call_in_it_is_told():
    one = named("review", start("b"), call("next", "other"), end("done"), flows("b > next > done"))
    two = named("other", start("o"), call("back", "review"), end("out"), flows("o > back > out"))
    assert ids(main=MAIN, review=one, other=two) == [
        "review.bpmn bpmn.E058",
        "other.bpmn bpmn.E058",
    ]


def test_a_process_that_calls_itself_on_one_way_only_may_end():
    again = named(
        "review",
        start("b"),
        user("look"),
        gate("exclusive", "enough", default="f_enough_done_1"),
        call("again", "review"),
        end("done"),
        flows("b > look > enough > again: =more", "enough > done", "again > done"),
    )
    assert ids(main=MAIN, review=again) == []


def test_a_process_called_for_each_of_a_list_may_end_for_the_list_may_be_empty():
    many = '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>' \
           '<zeebe:loopCharacteristics inputCollection="=parts" inputElement="part" />' \
           '</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'  # fmt: skip
    again = named("review", start("b"), call("each", "review", many), end("done"),
                  flows("b > each > done"))  # fmt: skip
    assert ids(main=MAIN, review=again) == []


def test_a_called_process_that_is_not_here_may_end_in_any_way():
    assert ids(main=MAIN) == []


def test_a_fault_of_form_in_one_file_hides_nothing_in_the_other():
    unsound = named("main", start(), call("ask", "review"), gate("parallel", "split"), user("a"),
                    gate("exclusive", "x", default="f_x_a_2"), end(), gate("parallel", "join"),
                    flows("start > ask > x", "x > join: =1 = 1", "x > a > join > end",
                          "split > end"))  # fmt: skip
    broken = named("review", start("b"), node("userTask", "look"), flows("b > look"))
    all_found = ids(main=unsound, review=broken)
    assert "review.bpmn bpmn.E032" in all_found
    assert any(each.startswith("main.bpmn") for each in all_found)


def escalating(interrupting: bool) -> str:
    return named(
        "main",
        start(),
        call("ask", "review"),
        node(
            "boundaryEvent",
            "slow",
            on("escalation", "slow_escalation"),
            attachedToRef="ask",
            cancelActivity=str(interrupting).lower(),
        ),
        user("look_after"),
        end(),
        end("looked"),
        flows("start > ask > end", "slow > look_after > looked"),
        shared='<bpmn:escalation id="slow_escalation" name="slow" escalationCode="slow" />',
    )


def test_an_escalation_of_a_called_process_is_seen_at_the_call_and_the_call_goes_on():
    case = Case(escalating(interrupting=False))
    wanted = case.the(CallWanted)
    case.happens(CallEscalated(wanted.id, "slow", {}, MORNING))
    assert case.open() == ["look_after"]
    assert not case.all(WorkCancelled)
    case.happens(CallCompleted(wanted.id, {}, MORNING)).completes("look_after")
    assert case.outcome == "looked"


def test_an_escalation_that_interrupts_the_call_ends_it():
    case = Case(escalating(interrupting=True))
    wanted = case.the(CallWanted)
    case.happens(CallEscalated(wanted.id, "slow", {}, MORNING))
    assert case.all(WorkCancelled) == [WorkCancelled(wanted.id, "ask")]
    with pytest.raises(NotWaiting):
        case.happens(CallEscalated(wanted.id, "slow", {}, MORNING))


def test_an_event_at_a_call_for_an_escalation_that_the_called_process_throws_can_happen():
    slow = '<bpmn:escalation id="slow_escalation" name="slow" escalationCode="slow" />'
    throws = named(
        "review",
        start("begin"),
        node("intermediateThrowEvent", "tell", on("escalation", "slow_escalation")),
        user("look"),
        end("done"),
        flows("begin > tell > look > done"),
        shared=slow,
    )
    assert ids(main=escalating(interrupting=False), review=throws) == []
    quiet = named("review", start("begin"), user("look"), end("done"), flows("begin > look > done"))
    assert "main.bpmn bpmn.E056" in ids(main=escalating(interrupting=False), review=quiet)
