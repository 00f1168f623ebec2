"""Constructs within each other that the random drawings do not have: calls, conditions, links."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import (
    CallEscalated,
    CallFailed,
    CallWanted,
    ServiceWanted,
    TimerCancelled,
    WorkCancelled,
    read_document,
)
from xiangyun.kernel.bpmn.migration import migrate
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
from xiangyun.kernel.bpmn.tests.test_accepted import times
from xiangyun.kernel.bpmn.tests.test_handlers import REPEATED, SHARED, handler
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case


def read(*content: str, **data: object) -> Case:
    """A case of a drawing that is read, sound or not."""
    return Case(read_document(bpmn(*content, shared=SHARED)).processes[0], **data)


def compensated(ident: str, by: str) -> str:
    """A compensation boundary on `ident`, connected to the activity `by`."""
    return (
        node("boundaryEvent", f"c_{ident}", on("compensate"), attachedToRef=ident)
        + f'<bpmn:association id="a_{ident}" sourceRef="c_{ident}" targetRef="{by}" />'
    )


BACK = end("back", on("compensate"))


# -- what compensates -----------------------------------------------------------------------------


def test_a_sub_process_may_undo_and_leaves_nothing_behind():
    undoing = node(
        "subProcess",
        "unenter",
        start("i"),
        user("look"),
        service("remove"),
        end("o"),
        compensated("look", "unlook"),
        service("unlook", isForCompensation="true"),
        flows("i > look > remove > o"),
        isForCompensation="true",
    )
    case = read(
        start(),
        user("enter"),
        compensated("enter", "unenter"),
        undoing,
        user("more"),
        BACK,
        flows("start > enter > more > back"),
    )
    case.completes("enter").completes("more")
    assert case.open() == ["look"]
    case.completes("look").answers("remove")
    assert case.outcome == "back"


def test_a_transaction_is_cancelled_after_a_sub_process_has_undone_something_in_it():
    undoing = node(
        "subProcess",
        "unenter",
        start("i2"),
        user("look"),
        end("o2"),
        compensated("look", "unlook"),
        service("unlook", isForCompensation="true"),
        flows("i2 > look > o2"),
        isForCompensation="true",
    )
    inside = [
        start("in"),
        user("enter"),
        compensated("enter", "unenter"),
        undoing,
        node("intermediateThrowEvent", "undo", on("compensate")),
        user("sure"),
        end("off", on("cancel")),
        flows("in > enter > undo > sure > off"),
    ]
    case = read(
        start(),
        node("transaction", "part", *inside),
        node("boundaryEvent", "cancelled", on("cancel"), attachedToRef="part"),
        user("tell"),
        flows("start > part", "cancelled > tell"),
    )
    case.completes("enter").completes("look").completes("sure")
    assert case.open() == ["tell"]


@pytest.mark.parametrize("sequential", [True, False])
def test_what_undoes_may_be_done_several_times(sequential: bool):
    undoing = service("unenter", times("2", sequential), isForCompensation="true")
    case = read(
        start(),
        user("enter"),
        compensated("enter", "unenter"),
        undoing,
        BACK,
        flows("start > enter > back"),
    )
    case.completes("enter")
    assert len(case.open(ServiceWanted)) == (1 if sequential else 2)
    assert case.answers("unenter").answers("unenter").outcome == "back"


def test_a_call_may_undo():
    undoing = node(
        "callActivity",
        "unenter",
        isForCompensation="true",
        extension='<zeebe:calledElement processId="remove" />',
    )
    case = read(
        start(),
        user("enter"),
        compensated("enter", "unenter"),
        undoing,
        BACK,
        flows("start > enter > back"),
    ).completes("enter")
    assert case.the(CallWanted).process == "remove"


def test_what_was_done_twice_is_undone_twice():
    case = read(
        start(),
        gate("exclusive", "again"),
        user("enter"),
        compensated("enter", "unenter"),
        service("unenter", isForCompensation="true"),
        gate("exclusive", "enough", default="f_enough_back_0"),
        BACK,
        flows("enough > back", "start > again > enter > enough", "enough > again: =more"),
    )
    case.completes("enter", more=True).completes("enter", more=False)
    assert case.answers("unenter").outcome is None
    assert case.answers("unenter").outcome == "back"


def test_an_error_while_undoing_climbs_out_of_the_scope():
    inside = [
        start("in"),
        user("enter"),
        compensated("enter", "unenter"),
        service("unenter", isForCompensation="true"),
        end("undo", on("compensate")),
        flows("in > enter > undo"),
    ]
    case = read(
        start(),
        node("subProcess", "part", *inside),
        node("boundaryEvent", "failed", on("error"), attachedToRef="part"),
        user("mend"),
        flows("start > part", "failed > mend"),
    )
    assert case.completes("enter").fails("unenter", "down").open() == ["mend"]


# -- calls ----------------------------------------------------------------------------------------


CALL = '<zeebe:calledElement processId="look" />'


@pytest.mark.parametrize("how", ["one after another", "all at once", "in a loop"])
@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_escalation_or_error_of_one_of_many_calls_reaches_their_edge(how, interrupting):
    def calling() -> Case:
        return read(
            start(),
            node("callActivity", "ask", REPEATED[how], extension=CALL),
            node(
                "boundaryEvent",
                "late",
                on("escalation", "x"),
                attachedToRef="ask",
                cancelActivity=interrupting,
            ),
            node("boundaryEvent", "failed", on("error"), attachedToRef="ask"),
            user("tell"),
            user("mend"),
            end(),
            flows("start > ask > end", "late > tell", "failed > mend"),
        )

    case = calling()
    wanted = case.all(CallWanted)
    case.happens(CallEscalated(wanted[0].id, "late", {}, MORNING))
    assert case.open() == ["tell"]
    cancelled = [each.id for each in case.all(WorkCancelled)]
    assert cancelled == ([each.id for each in wanted] if interrupting == "true" else [])
    case = calling()
    case.happens(CallFailed(case.all(CallWanted)[0].id, "any", "", MORNING))
    assert (case.open(), case.open(CallWanted)) == (["mend"], [])


def test_an_error_of_a_call_is_caught_beside_it_and_thrown_on_to_the_edge():
    inside = [
        start("in"),
        node("callActivity", "ask", extension=CALL),
        flows("in > ask"),
        handler(
            "help",
            on("error", "e"),
            user("look"),
            end("worse", on("error", "e2")),
            flows("help_in > look > worse"),
        ),
    ]
    case = read(
        start(),
        node("subProcess", "part", *inside, REPEATED["all at once"]),
        node("boundaryEvent", "edge", on("error", "e2"), attachedToRef="part"),
        user("mend"),
        flows("start > part", "edge > mend"),
    )
    case.happens(CallFailed(case.all(CallWanted)[1].id, "bad", "", MORNING))
    assert case.open() == ["look"]
    assert case.completes("look").open() == ["mend"]
    assert case.open(CallWanted) == []


# -- conditions -----------------------------------------------------------------------------------


def condition(text: str) -> str:
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_a_condition_in_each_instance_looks_at_its_own_values(interrupting: str):
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="item" />'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    inside = [
        start("in"),
        user("work"),
        flows("in > work"),
        handler(
            "when",
            condition("=item = wanted"),
            user("note"),
            flows("when_in > note"),
            interrupting=interrupting,
        ),
    ]
    case = read(start(), node("subProcess", "part", *inside, loop), flows("start > part"), wanted=0)
    case.oldest("work", wanted=2)
    assert case.open() == (["note"] if interrupting == "true" else ["work", "note"])


def test_a_condition_that_is_true_at_once_interrupts_before_anybody_works():
    inside = [
        start("in"),
        user("work"),
        flows("in > work"),
        handler("when", condition("=true"), user("note"), flows("when_in > note")),
    ]
    case = read(start(), node("subProcess", "part", *inside), flows("start > part"))
    assert case.open() == ["note"]


def test_outputs_of_a_handler_wake_a_condition_outside():
    inside = [
        start("in"),
        user("work"),
        flows("in > work"),
        handler(
            "help",
            on_message("m"),
            user("look"),
            flows("help_in > look"),
            interrupting="false",
            extension=mapping(outputs={"full": "=true"}),
        ),
    ]
    case = read(
        start(),
        node("subProcess", "part", *inside),
        node("boundaryEvent", "edge", condition("=full"), attachedToRef="part"),
        user("close"),
        flows("start > part", "edge > close"),
        full=False,
    )
    assert case.hears("news").completes("look").open() == ["close"]


# -- other ways of ending -------------------------------------------------------------------------


def test_a_terminate_end_in_a_handler_ends_the_handler_alone():
    case = read(
        start(),
        user("work"),
        flows("start > work"),
        handler(
            "help",
            on_message("m"),
            gate("parallel", "g"),
            user("a"),
            user("b"),
            end("stop", on("terminate")),
            flows("help_in > g > a > stop", "g > b"),
            interrupting="false",
        ),
    )
    case.hears("news").completes("a")
    assert case.open() == ["work"]


def test_a_link_in_each_instance_stays_in_it():
    inside = [
        start("in"),
        node("intermediateThrowEvent", "off", '<bpmn:linkEventDefinition name="p" />'),
        node("intermediateCatchEvent", "onto", '<bpmn:linkEventDefinition name="p" />'),
        user("work"),
        flows("in > off", "onto > work"),
    ]
    case = read(
        start(),
        node("subProcess", "part", *inside, REPEATED["all at once"]),
        user("after"),
        flows("start > part > after"),
    )
    assert case.open() == ["work", "work"]
    assert case.completes("work").completes("work").open() == ["after"]


def test_a_receiving_task_in_a_handler_is_interrupted_with_it():
    shared = SHARED + message("m2", "more")
    text = bpmn(
        start(),
        node(
            "subProcess",
            "part",
            start("in"),
            user("work"),
            flows("in > work"),
            handler(
                "help",
                on_message("m"),
                node("receiveTask", "wait", messageRef="m2"),
                flows("help_in > wait"),
                interrupting="false",
            ),
        ),
        node("boundaryEvent", "late", timer("duration", "P1D"), attachedToRef="part"),
        user("close"),
        flows("start > part", "late > close"),
        shared=shared,
    )
    case = Case(text).hears("news").rings("late")
    assert (case.open(), dict(case.state.waits)) == (["close"], {})


def test_an_interrupted_handler_takes_its_timers_with_it():
    slow = handler(
        "slow",
        on_message("m"),
        user("a"),
        node("boundaryEvent", "due", timer("duration", "P1D"), attachedToRef="a"),
        user("b"),
        flows("slow_in > a", "due > b"),
        interrupting="false",
    )
    stop = handler("stop", on("signal", "s"), user("c"), flows("stop_in > c"))
    case = read(start(), user("work"), flows("start > work"), slow, stop).hears("news")
    case.sees("holiday")
    assert case.open() == ["c"]
    assert case.all(TimerCancelled)


@pytest.mark.parametrize("thrown", ["error", "escalation"])
def test_three_levels_out_and_past_two_that_catch_other_codes(thrown: str):
    ref, other = ("e", "e2") if thrown == "error" else ("x", "x2")
    inner = [start("i3"), user("work"), end("out", on(thrown, ref)), flows("i3 > work > out")]
    middle = [
        start("i2"),
        node("subProcess", "inner", *inner, REPEATED["one after another"]),
        node("boundaryEvent", "no", on(thrown, other), attachedToRef="inner"),
        user("never"),
        flows("i2 > inner", "no > never"),
    ]
    outer = [
        start("i1"),
        node("subProcess", "middle", *middle, REPEATED["all at once"]),
        flows("i1 > middle"),
        handler("deaf", on(thrown, other), user("neither"), flows("deaf_in > neither")),
    ]
    case = read(
        start(),
        node("subProcess", "outer", *outer),
        node("boundaryEvent", "yes", on(thrown, ref), attachedToRef="outer"),
        user("here"),
        flows("start > outer", "yes > here"),
    )
    assert case.completes("work").open() == ["here"]
    assert len(case.state.live) == 1


# -- another drawing ------------------------------------------------------------------------------


def test_a_case_that_a_handler_has_taken_over_listens_for_no_new_one_after_its_move():
    def drawing(more: str = "") -> str:
        return bpmn(
            start(),
            user("work"),
            flows("start > work"),
            handler("stop", on_message("m"), user("look"), flows("stop_in > look")),
            more,
            shared=SHARED,
        )

    fresh = handler("other", on("signal", "s"), user("note"), flows("other_in > note"))
    new = read_document(drawing(fresh)).processes[0]
    case = Case(drawing())
    assert [
        each.element
        for each in migrate(case.process, new, case.state, {}, MORNING).commands
        if hasattr(each, "element")
    ] == []
    assert len(migrate(case.process, new, case.state, {}, MORNING).commands) == 1
    case.hears("news")
    assert migrate(case.process, new, case.state, {}, MORNING).commands == ()
