"""Input and output mappings: their order, where they hold, and what of a loop is kept."""

from __future__ import annotations

import pytest

from xiangyun.kernel.bpmn import MessageSent, ServiceWanted, SignalThrown, TaskOpened
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    mapping,
    message,
    node,
    on,
    on_message,
    script,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.test_compensation import undone
from xiangyun.kernel.bpmn.tests.test_loops import asking, many
from xiangyun.kernel.bpmn.tests.walking import Case, number
from xiangyun.kernel.findings import Refused

IN_ORDER = mapping(outputs={"a": "=1", "b": "=a + 1", "c.d": "=b + 1", "e": "=c.d + 1"})
AFTER = {"a": 1, "b": 2, "c": {"d": 3}, "e": 4}


# -- their order -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "element",
    [
        node("endEvent", "x", extension=IN_ORDER),
        node("intermediateThrowEvent", "x", extension=IN_ORDER),
        node("intermediateThrowEvent", "x", on("signal", "s"), extension=IN_ORDER),
        node("intermediateThrowEvent", "x", on_message("m"), extension=IN_ORDER),
        node("endEvent", "x", on("escalation", "late"), extension=IN_ORDER),
        node("endEvent", "x", "<bpmn:terminateEventDefinition />", extension=IN_ORDER),
        node("endEvent", "x", "<bpmn:compensateEventDefinition />", extension=IN_ORDER),
        node(
            "intermediateThrowEvent", "x", "<bpmn:compensateEventDefinition />", extension=IN_ORDER
        ),
        node("manualTask", "x", extension=IN_ORDER),
        node("task", "x", extension=IN_ORDER),
        node("subProcess", "x", start("i"), end("o"), flows("i > o"), extension=IN_ORDER),
    ],
)
def test_a_later_output_sees_an_earlier_one_wherever_outputs_stand(element: str):
    shared = (
        '<bpmn:signal id="s" name="s" /><bpmn:escalation id="late" escalationCode="late" />'
        + message("m", "news")
    )
    case = Case(bpmn(start(), element, flows("start > x"), shared=shared), a=9, b=9)
    assert case.data == {key: number(value) for key, value in AFTER.items()}
    assert case.outcome == "x"


def test_a_later_input_sees_an_earlier_one_and_nothing_of_it_stays():
    inputs = {"a": "=total", "b": "=a * 2", "c.d": "=b + 1", "e": "=c.d"}
    case = Case(bpmn(start(), user("x", extension=mapping(inputs)), flows("start > x")), total=2)
    assert case.the(TaskOpened).inputs == {"a": 2, "b": 4, "c": {"d": 5}, "e": 5}
    assert case.completes("x").data == {"total": 2}


@pytest.mark.parametrize("tag", ["endEvent", "intermediateThrowEvent"])
def test_inputs_of_an_event_serve_its_outputs_and_what_it_sends(tag: str):
    both = mapping({"draft": "=total + 1"}, {"kept": "=draft"})
    shared = '<bpmn:signal id="s" name="s" />' + message("m", "news")
    for event in ("", on("signal", "s"), on_message("m")):
        case = Case(
            bpmn(start(), node(tag, "x", event, extension=both), flows("start > x"), shared=shared),
            total=1,
        )
        assert case.data == {"total": 1, "kept": 2}
        sent = case.all(SignalThrown) or case.all(MessageSent)
        assert [each.payload for each in sent] == ([{"draft": 2}] if event else [])


def test_a_catch_event_and_a_compensation_event_have_inputs_too():
    drawing = bpmn(
        start(),
        node(
            "intermediateCatchEvent",
            "wait",
            timer("duration", "=limit"),
            extension=mapping({"limit": '=duration("P" + string(days) + "D")'}, {"was": "=limit"}),
        ),
        user("enter"),
        undone("enter", "unenter"),
        node(
            "endEvent",
            "back",
            "<bpmn:compensateEventDefinition />",
            extension=mapping({"why": '="late"'}, {"reason": "=why"}),
        ),
        flows("start > wait > enter > back"),
    )
    case = Case(drawing, days=3).waits(days=3).rings("wait").completes("enter")
    assert case.answers("unenter").outcome == "back"
    assert case.data["reason"] == "late"
    assert "limit" not in case.data


BOTH = mapping({"draft": "=text"}, {"kept": "=draft", "twice": "=kept + kept"})


@pytest.mark.parametrize("where", ["boundary", "event gate", "link out", "link in"])
def test_every_event_has_its_mappings_in_their_order(where: str):
    link = '<bpmn:linkEventDefinition name="p" />'
    drawings = {
        "boundary": [
            user("a"), user("b"), flows("start > a", "x > b"),
            node("boundaryEvent", "x", on_message("m"), attachedToRef="a", extension=BOTH),
        ],
        "event gate": [
            node("eventBasedGateway", "g"), user("b"), flows("start > g > x > b", "g > y > b"),
            node("intermediateCatchEvent", "x", on_message("m"), extension=BOTH),
            node("intermediateCatchEvent", "y", timer("duration", "P1D")),
        ],
        "link out": [
            node("intermediateThrowEvent", "x", link, extension=BOTH),
            node("intermediateCatchEvent", "y", link), user("b"), flows("start > x", "y > b"),
        ],
        "link in": [
            node("intermediateThrowEvent", "x", link), user("b"), flows("start > x", "y > b"),
            node("intermediateCatchEvent", "y", link, extension=BOTH),
        ],
    }  # fmt: skip
    text = bpmn(start(), *drawings[where], shared=message("m", "news"))
    case = Case(text, text="old")
    if where in ("boundary", "event gate"):
        case.hears("news", text="new")
    heard = "new" if where in ("boundary", "event gate") else "old"
    assert case.open() == ["b"]
    assert case.data == {"text": "old", "kept": heard, "twice": heard * 2}


def test_the_start_of_a_sub_process_may_set_variables():
    inner = node("subProcess", "part", start("in", extension=IN_ORDER), user("a"), flows("in > a"))
    assert Case(bpmn(start(), inner, flows("start > part"))).data["e"] == 4


def test_an_escalation_that_takes_the_token_away_leaves_its_outputs_undone():
    inner = node(
        "subProcess",
        "part",
        start("in"),
        node("endEvent", "x", on("escalation", "late"), extension=IN_ORDER),
        flows("in > x"),
    )
    drawing = bpmn(
        start(),
        inner,
        node("boundaryEvent", "edge", on("escalation", "late"), attachedToRef="part"),
        user("b"),
        flows("start > part", "edge > b"),
        shared='<bpmn:escalation id="late" escalationCode="late" />',
    )
    assert Case(drawing).data == {}


# -- loops -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("collects", [True, False])
def test_the_completion_condition_sees_the_outputs_of_the_instance(sequential, collects):
    more = {"outputCollection": "all", "outputElement": "=good"} if collects else {}
    loop = many(sequential, condition="=found", inputCollection="=[1, 2, 3]", **more)
    case = Case(
        asking(loop).replace(
            "</bpmn:extensionElements><bpmn:multi",
            mapping(outputs={"found": "=good"}) + "</bpmn:extensionElements><bpmn:multi",
        )
    )
    case.oldest("ask", good=False)
    assert "sum" not in case.open()
    assert case.oldest("ask", good=True).open() == ["sum"]
    assert case.data["found"] is True


@pytest.mark.parametrize("sequential", [True, False])
def test_the_completion_condition_sees_outputs_of_a_sub_process_and_what_is_collected(sequential):
    drawing = bpmn(
        start(),
        node(
            "subProcess",
            "each",
            start("in"),
            user("ask"),
            end("out"),
            flows("in > ask > out"),
            many(
                sequential,
                condition="=enough and count(all[item != null]) >= 2",
                inputCollection="=[1, 2, 3, 4]",
                inputElement="item",
                outputCollection="all",
                outputElement="=said",
            ),
            extension=mapping(outputs={"enough": "=said > 1"}),
        ),
        user("sum"),
        flows("start > each > sum"),
    )
    case = Case(drawing, said=99)
    case.oldest("ask", said=1)
    assert "sum" not in case.open()
    case.oldest("ask", said=5)
    assert case.open() == ["sum"]
    assert case.data["all"] == [1, 5, None, None]
    assert case.data["said"] == 99, "what an instance says stays within it"


@pytest.mark.parametrize("sequential", [True, False])
@pytest.mark.parametrize("element", ["=said", "=said.text"])
def test_what_an_instance_did_not_set_is_null_and_not_an_outer_variable(sequential, element):
    loop = many(
        sequential, inputCollection="=[1, 2]", outputCollection="all", outputElement=element
    )
    case = Case(asking(loop), said={"text": "outer"})
    case.oldest("ask", said={"text": "mine"}).oldest("ask")
    whole = element == "=said"
    assert case.data["all"] == [{"text": "mine"} if whole else "mine", None]
    inner = node(
        "subProcess", "each", start("in"), user("ask"), end("out"), flows("in > ask > out"), loop
    )
    case = Case(
        bpmn(start(), inner, user("sum"), flows("start > each > sum")), said={"text": "outer"}
    )
    case.oldest("ask").oldest("ask", said={"text": "mine"})
    assert case.data["all"] == [None, {"text": "mine"} if whole else "mine"]
    assert case.data["said"] == {"text": "outer"}


def test_what_is_asked_of_a_machine_gets_no_empty_output_element():
    loop = many(
        inputCollection="=[1]", inputElement="place", outputCollection="keys", outputElement="=key"
    )
    case = Case(bpmn(start(), service("enter", loop), flows("start > enter")))
    assert set(case.the(ServiceWanted).inputs) == {"place", "loopCounter"}
    assert case.answers("enter", key="k1").data == {"keys": ["k1"]}


@pytest.mark.parametrize("sequential", [True, False])
def test_mappings_beside_an_output_collection_are_kept(sequential):
    loop = many(
        sequential,
        inputCollection="=[1, 2]",
        inputElement="item",
        outputCollection="all",
        outputElement="=said",
    )
    outputs = mapping(outputs={"last": "=said", "double": "=last + last", "item": "=0"})
    case = Case(
        bpmn(start(), user("ask", loop, extension=outputs), user("sum"), flows("start > ask > sum"))
    )
    case.oldest("ask", said="a").oldest("ask", said="b")
    assert case.data == {"all": ["a", "b"], "last": "b", "double": "bb"}


def test_an_output_may_fill_the_output_element():
    loop = many(inputCollection="=[1, 2]", outputCollection="all", outputElement="=opinion")
    outputs = mapping(outputs={"opinion": '="[" + said + "]"'})
    case = Case(
        asking(loop).replace(
            "</bpmn:extensionElements><bpmn:multi", outputs + "</bpmn:extensionElements><bpmn:multi"
        )
    )
    case.oldest("ask", said="a").oldest("ask", said="b")
    assert case.data["all"] == ["[a]", "[b]"]
    assert "opinion" not in case.data


def test_a_standard_loop_asks_its_condition_after_its_outputs():
    loop = (
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>=missing > 0</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )
    case = Case(
        bpmn(
            start(),
            user(
                "ask",
                loop,
                extension=mapping(outputs={"came": "=papers", "missing": "=missing - came"}),
            ),
            user("sum"),
            flows("start > ask > sum"),
        ),
        missing=3,
    )
    assert case.oldest("ask", papers=1).open() == ["ask"]
    assert case.oldest("ask", papers=2).open() == ["sum"]


def test_a_loop_in_a_loop_keeps_each_value_where_it_belongs():
    inner = node(
        "subProcess",
        "inner",
        start("i2"),
        script("times", "=a * b", "product"),
        end("o2"),
        flows("i2 > times > o2"),
        many(
            inputCollection="=[1, 2]",
            inputElement="b",
            outputCollection="row",
            outputElement="=product",
        ),
    )
    outer = node(
        "subProcess",
        "outer",
        start("i1"),
        inner,
        end("o1"),
        flows("i1 > inner > o1"),
        many(
            True,
            inputCollection="=[1, 10]",
            inputElement="a",
            outputCollection="table",
            outputElement="=row",
        ),
    )
    case = Case(bpmn(start(), outer, flows("start > outer")))
    assert case.data == {"table": [[1, 2], [10, 20]]}


ENDLESS = "=sum(for i in 1..2000000 return i)"


@pytest.mark.parametrize("where", ["task", "boundary", "handler", "instance"])
def test_a_mapping_that_uses_up_its_budget_leaves_the_event_untaken(where: str):
    costly = mapping(outputs={"n": ENDLESS})
    shared = message("m", "news")
    drawings = {
        "task": bpmn(start(), user("a", extension=costly), flows("start > a")),
        "instance": asking(many(inputCollection="=[1]")).replace(
            "</bpmn:extensionElements><bpmn:multi",
            costly + "</bpmn:extensionElements><bpmn:multi",
        ),
        "boundary": bpmn(
            start(), user("a"), user("b"),
            node("boundaryEvent", "x", on_message("m"), attachedToRef="a", extension=costly),
            flows("start > a", "x > b"), shared=shared,
        ),
        "handler": bpmn(
            start(), user("a"), flows("start > a"),
            node("subProcess", "h", start("i", on_message("m")), user("b"), flows("i > b"),
                 triggeredByEvent="true", extension=mapping({"n": ENDLESS})), shared=shared,
        ),
    }  # fmt: skip
    case = Case(drawings[where])
    state = case.state
    with pytest.raises(Refused) as refused:
        case.completes(case.open()[0]) if where in ("task", "instance") else case.hears("news")
    assert [each.id for each in refused.value.findings] == ["bpmn.E102"]
    assert case.state == state
