"""Event sub-processes: whom they hear, what they end, what stays, and what they give and take."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import (
    EscalationRaised,
    IncidentRaised,
    ServiceWanted,
    TimerSet,
    check_process,
    read_document,
)
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
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
from xiangyun.kernel.bpmn.tests.test_compensation import undone
from xiangyun.kernel.bpmn.tests.walking import Case

SHARED = (
    '<bpmn:error id="e" errorCode="bad" /><bpmn:error id="e2" errorCode="worse" />'
    '<bpmn:escalation id="x" escalationCode="late" />'
    '<bpmn:escalation id="x2" escalationCode="later" />'
    '<bpmn:signal id="s" name="holiday" />' + message("m", "news")
)
REPEATED = {
    "once": "",
    "one after another": '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
    "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    "all at once": "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2"
    "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
    "in a loop": '<bpmn:standardLoopCharacteristics loopMaximum="2" />',
}


def handler(ident: str, begin: str, *inside: str, interrupting: str = "true", **more: str) -> str:
    """An event sub-process `ident` that starts at `<ident>_in` by the event `begin`."""
    first = start(f"{ident}_in", begin, isInterrupting=interrupting)
    return node("subProcess", ident, first, *inside, triggeredByEvent="true", **more)


def around(*inside: str, loop: str = "", edges: str = "", after: str = "") -> str:
    """A sub-process `part` with boundaries, that ends at `end`."""
    return bpmn(
        start(),
        node("subProcess", "part", *inside, loop),
        edges,
        user("after"),
        end(),
        flows("start > part > after > end", *([after] if after else [])),
        shared=SHARED,
    )


def raw(text: str, **data: object) -> Case:
    """A case of a drawing that is only read: what it does is asked, not whether it is sound."""
    return Case(read_document(text).processes[0], **data)


# -- 1. a handler belongs to one scope -------------------------------------------------------------


@pytest.mark.parametrize("how", REPEATED)
@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_a_handler_throws_leaves_its_scope_and_is_not_caught_there_again(how: str, kind: str):
    ref = "e" if kind == "error" else "x"
    text = around(
        start("in"),
        service("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "help",
            on("error"),
            user("look"),
            end("again", on(kind, ref)),
            flows("help_in > look > again"),
        ),
        loop=REPEATED[how],
        edges=node("boundaryEvent", "edge", on(kind, ref), attachedToRef="part") + user("edged"),
        after="edge > edged",
    )
    assert [each for each in check_process(text) if each.severity == "error"] == []
    case = raw(text)
    case.fails("work", "down")
    assert case.open() == ["look"]
    assert len(case.open(ServiceWanted)) == (1 if how == "all at once" else 0)
    case.completes("look")
    assert case.open() == ["edged"], "the boundary catches, not the handler it came from"
    assert case.open(ServiceWanted) == []


@pytest.mark.parametrize("how", [each for each in REPEATED if each != "once"])
def test_an_error_in_one_instance_that_nobody_catches_leaves_its_siblings_alone(how: str):
    text = around(
        start("in"),
        service("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "help", on("error", "e"), end("worse", on("error", "e2")), flows("help_in > worse")
        ),
        loop=REPEATED[how],
    )
    case = raw(text).fails("work", "bad")
    assert case.incident.element == "worse"
    assert len(case.open(ServiceWanted)) == (1 if how == "all at once" else 0)
    assert [live.phase for live in case.state.live.values()].count("stuck") == 1


def test_a_handler_within_a_handler_hears_the_outer_one():
    inner = handler(
        "inner", on("error"), user("mend"), end("mended"), flows("inner_in > mend > mended")
    )
    outer = handler(
        "outer",
        on_message("m"),
        service("ask"),
        end("asked"),
        inner,
        flows("outer_in > ask > asked"),
    )
    text = around(start("in"), user("work"), end("out"), flows("in > work > out"), outer)
    case = Case(text).hears("news").fails("ask", "down")
    assert case.open() == ["mend"]
    assert case.completes("mend").open() == ["after"]


def test_a_signal_in_a_handler_of_a_loop_starts_only_what_listens():
    listens = handler(
        "when",
        on("signal", "s"),
        user("note"),
        end("noted"),
        flows("when_in > note > noted"),
        interrupting="false",
    )
    text = around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        listens,
        loop=REPEATED["all at once"],
    )
    case = Case(text).sees("holiday")
    assert sorted(case.open()) == ["note", "note", "work", "work"]


# -- 2. the boundary stays -------------------------------------------------------------------------


@pytest.mark.parametrize("how", REPEATED)
@pytest.mark.parametrize("interrupts", ["true", "false"])
def test_a_deadline_at_the_edge_outlives_an_interrupting_handler(how: str, interrupts: str):
    text = around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        handler("help", on_message("m"), user("look"), end("seen"), flows("help_in > look > seen")),
        loop=REPEATED[how],
        edges=node(
            "boundaryEvent",
            "late",
            timer("duration", "P1D"),
            attachedToRef="part",
            cancelActivity=interrupts,
        )
        + user("hurry")
        + end("hurried"),
        after="late > hurry > hurried",
    )
    case = Case(text).hears("news")
    assert "look" in case.open()
    case.rings("late")
    assert "hurry" in case.open()
    assert ("look" in case.open()) == (interrupts == "false")


def test_messages_signals_and_conditions_at_the_edge_outlive_it_too():
    edges = node("boundaryEvent", "told", on_message("m"), attachedToRef="part") + node(
        "boundaryEvent",
        "full",
        "<bpmn:conditionalEventDefinition><bpmn:condition>=full</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>",
        attachedToRef="part",
        cancelActivity="false",
    )
    text = around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "help", on("signal", "s"), user("look"), end("seen"), flows("help_in > look > seen")
        ),
        edges=edges + user("a") + user("b"),
        after="told > a",
    ).replace("</bpmn:process>", flows("full > b") + "</bpmn:process>")
    case = Case(text, full=False).sees("holiday").completes("look", full=False)
    assert case.open() == ["after"]
    case = Case(text, full=False).sees("holiday")
    case.data["full"] = True
    assert "b" in case.hears("news").open() or case.open() == ["a"]
    assert case.open()[0] in ("a", "b")


def test_once_a_scope_is_interrupted_no_other_handler_of_it_begins():
    text = around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "first",
            on_message("m"),
            user("a"),
            end("ea", on("error", "e")),
            flows("first_in > a > ea"),
        ),
        handler("second", on("error", "e"), user("b"), end("eb"), flows("second_in > b > eb")),
        handler("third", on("signal", "s"), user("c"), end("ec"), flows("third_in > c > ec")),
        edges=node("boundaryEvent", "edge", on("error", "e"), attachedToRef="part") + user("d"),
        after="edge > d",
    )
    case = raw(text).hears("news")
    assert not [wait for wait in case.state.waits if wait.startswith("third")]
    assert case.completes("a").open() == ["d"]


# -- 3. what goes in and what comes out ------------------------------------------------------------


@pytest.mark.parametrize("begin", ["message", "signal", "error", "escalation", "timer"])
def test_a_handler_has_its_inputs_and_gives_its_outputs(begin: str):
    events = {
        "message": on_message("m"),
        "signal": on("signal", "s"),
        "error": on("error", "e"),
        "escalation": on("escalation", "x"),
        "timer": timer("duration", "P1D"),
    }
    text = bpmn(
        start(),
        user("go"),
        node("exclusiveGateway", "how", default="f_how_work_0"),
        service("work"),
        end("thrown", on("escalation", "x")),
        end(),
        handler(
            "help",
            events[begin],
            user("look", extension=mapping({"what": "=draft"})),
            end("seen"),
            flows("help_in > look > seen"),
            extension=mapping({"draft": "=total + 1", "twice": "=draft * 2"}, {"sum": "=twice"}),
        ),
        flows("how > work", "start > go > how", "how > thrown: =escalates", "work > end"),
        shared=SHARED,
    )
    case = Case(text, total=1, escalates=begin == "escalation")
    if begin == "escalation":
        case.completes("go")
    elif begin == "error":
        case.completes("go").fails("work", "bad")
    elif begin == "timer":
        case.rings("help_in")
    else:
        _ = case.hears("news") if begin == "message" else case.sees("holiday")
    task = case.told[-1]
    assert (task.element, task.inputs["what"]) == ("look", 2)
    case.completes("look")
    assert case.data["sum"] == 4
    assert "draft" not in case.data
    assert "twice" not in case.data


def test_the_inputs_of_a_handler_see_what_came_with_its_event():
    extension = mapping({"why": "=error.message", "code": "=error.code"})
    text = around(
        start("in"),
        service("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "help",
            on("error", "e"),
            user("look"),
            end("seen"),
            flows("help_in > look > seen"),
            extension=extension,
        ),
    )
    case = Case(text).fails("work", "bad")
    (held,) = [live.locals for ident, live in case.state.live.items() if "help~" in ident]
    assert held == {"why": "不通 / no answer", "code": "bad"}
    assert "error" not in case.data
    news = handler(
        "help",
        on_message("m"),
        user("look"),
        end("seen"),
        flows("help_in > look > seen"),
        extension=mapping({"short": "=text"}),
    )
    case = Case(around(start("in"), user("work"), end("out"), flows("in > work > out"), news))
    case.hears("news", text="补充")
    assert [x.locals for i, x in case.state.live.items() if "help~" in i] == [{"short": "补充"}]


@pytest.mark.parametrize("how", ["one after another", "all at once", "in a loop"])
def test_a_handler_in_an_instance_keeps_its_values_to_itself(how: str):
    text = around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        handler(
            "help",
            on_message("m"),
            user("look"),
            end("seen"),
            flows("help_in > look > seen"),
            extension=mapping({"mine": "=loopCounter"}, {"done": "=mine"}),
        ),
        loop=REPEATED[how],
    )
    case = Case(text).hears("news").completes("look")
    assert case.data == {"done": 1}


# -- 4. handlers side by side ----------------------------------------------------------------------


def beside(first: str, second: str, edges: str = "", after: str = "") -> str:
    return around(
        start("in"),
        user("work"),
        end("out"),
        flows("in > work > out"),
        first,
        second,
        edges=edges,
        after=after,
    )


def thrower(kind: str, ref: str, interrupting: str = "false") -> str:
    return handler(
        "one",
        on_message("m"),
        user("a"),
        end("thrown", on(kind, ref)),
        flows("one_in > a > thrown"),
        interrupting=interrupting,
    )


def listener(kind: str, ref: str, interrupting: str = "true") -> str:
    return handler(
        "two",
        on(kind, ref),
        user("b"),
        end("heard"),
        flows("two_in > b > heard"),
        interrupting=interrupting,
    )


def test_an_error_of_a_handler_that_runs_beside_is_heard_by_the_one_beside_it():
    text = beside(thrower("error", "e"), listener("error", "e"))
    assert check_process(text) == []
    case = Case(text).hears("news").completes("a")
    assert case.open() == ["b"]
    assert case.completes("b").open() == ["after"]


@pytest.mark.parametrize("interrupting", ["true", "false"])
def test_an_escalation_of_a_handler_that_runs_beside_is_heard_too(interrupting: str):
    text = beside(thrower("escalation", "x"), listener("escalation", "x", interrupting))
    assert check_process(text) == []
    case = Case(text).hears("news").completes("a")
    assert case.open() == (["b"] if interrupting == "true" else ["work", "b"])
    assert case.the(EscalationRaised).caught == "two_in"


def test_a_handler_that_runs_beside_never_hears_itself_but_the_edge_does():
    itself = handler(
        "one",
        on("escalation", "x"),
        user("a"),
        end("thrown", on("escalation", "x")),
        flows("one_in > a > thrown"),
        interrupting="false",
    )
    edge = node(
        "boundaryEvent", "edge", on("escalation", "x"), attachedToRef="part", cancelActivity="false"
    )
    text = around(
        start("in"),
        node("intermediateThrowEvent", "raise", on("escalation", "x")),
        user("work"),
        end("out"),
        flows("in > raise > work > out"),
        itself,
        edges=edge + user("edged") + end("e2"),
        after="edge > edged > e2",
    )
    assert check_process(text) == []
    case = Case(text)
    assert sorted(case.open()) == ["a", "work"]
    case.completes("a")
    assert sorted(case.open()) == ["edged", "work"]
    assert case.the(EscalationRaised).caught == "edge"


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_of_an_interrupting_handler_nobody_beside_it_hears_but_the_edge(kind: str):
    ref = "e" if kind == "error" else "x"
    edge = node("boundaryEvent", "edge", on(kind, ref), attachedToRef="part") + user("edged")
    text = beside(
        thrower(kind, ref, "true"),
        listener(kind, ref),
        edges=edge + end("e2"),
        after="edge > edged > e2",
    )
    case = raw(text).hears("news").completes("a")
    assert case.open() == ["edged"]


def test_the_error_of_a_handler_at_the_top_is_caught_beside_it_or_said_to_be_uncaught():
    def whole(interrupting: str) -> str:
        return bpmn(
            start(),
            user("work"),
            end(),
            flows("start > work > end"),
            thrower("error", "e", interrupting),
            listener("error", "e"),
            shared=SHARED,
        )

    assert check_process(whole("false")) == []
    assert Case(whole("false")).hears("news").completes("a").open() == ["b"]
    assert "bpmn.E054" in {each.id for each in check_process(whole("true"))}
    case = raw(whole("true")).hears("news").completes("a")
    assert case.all(IncidentRaised)


def test_the_code_itself_is_heard_before_any_code():
    any_code = handler("two", on("error"), user("b"), end("eb"), flows("two_in > b > eb"))
    exact = handler("three", on("error", "e"), user("c"), end("ec"), flows("three_in > c > ec"))
    case = Case(
        around(
            start("in"),
            user("work"),
            end("out"),
            flows("in > work > out"),
            thrower("error", "e"),
            any_code,
            exact,
        )
    )
    assert case.hears("news").completes("a").open() == ["c"]


# -- 5. compensation in a handler ------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["", "mend"])
@pytest.mark.parametrize("interrupting", ["true", "false"])
@pytest.mark.parametrize("how", ["once", "one after another", "in a loop"])
def test_a_handler_undoes_what_it_did_itself(wanted: str, interrupting: str, how: str):
    what = f' activityRef="{wanted}"' if wanted else ""
    text = around(
        start("in"),
        user("enter"),
        undone("enter", "unenter"),
        user("work"),
        end("out"),
        flows("in > enter > work > out"),
        handler(
            "help",
            on_message("m"),
            user("mend"),
            undone("mend", "unmend"),
            node("intermediateThrowEvent", "back", f"<bpmn:compensateEventDefinition{what} />"),
            end("seen"),
            flows("help_in > mend > back > seen"),
            interrupting=interrupting,
        ),
        loop=REPEATED[how],
    )
    assert [each for each in check_process(text) if each.severity == "error"] == []
    case = Case(text).completes("enter").hears("news").completes("mend")
    assert case.open(ServiceWanted) == ["unmend"]
    case.answers("unmend")
    assert case.open(ServiceWanted) == ([] if wanted else ["unenter"])


def test_a_compensation_end_of_a_handler_at_the_top_undoes_both():
    text = bpmn(
        start(),
        user("enter"),
        undone("enter", "unenter"),
        user("work"),
        end(),
        flows("start > enter > work > end"),
        handler(
            "help",
            on_message("m"),
            user("mend"),
            undone("mend", "unmend"),
            end("back", "<bpmn:compensateEventDefinition />", outcome="withdrawn"),
            flows("help_in > mend > back"),
        ),
        shared=SHARED,
    )
    case = Case(text).completes("enter").hears("news").completes("mend")
    case.answers("unmend").answers("unenter")
    assert case.outcome == "withdrawn"


def test_a_timer_of_the_scope_is_set_for_each_instance_and_kept_apart():
    listens = handler(
        "when",
        timer("duration", "P1D"),
        user("note"),
        end("noted"),
        flows("when_in > note > noted"),
    )
    case = Case(
        around(
            start("in"),
            user("work"),
            end("out"),
            flows("in > work > out"),
            listens,
            loop=REPEATED["all at once"],
        )
    )
    assert len(case.all(TimerSet)) == 2
    case.rings("when_in")
    assert sorted(case.open()) == ["note", "work"]
    assert len(case.state.waits) == 1
