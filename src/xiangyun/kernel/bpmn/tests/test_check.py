from __future__ import annotations

import re

import pytest

from xiangyun.kernel.bpmn import check_process, read_process
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    message,
    node,
    on,
    on_message,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.findings import Refused


def line_of(drawing: str, ident: str) -> int:
    before = drawing[: re.search(rf'id="{ident}"', drawing).start()]
    return before.count("\n") + 1


def straight(*nodes: str, shared: str = "") -> str:
    """start > the first node > end, the other nodes unconnected beside it."""
    first = re.search(r'id="(\w+)"', nodes[0]).group(1)
    return bpmn(start(), *nodes, end(), flows(f"start > {first} > end"), shared=shared)


ONE_FAULT = {
    "a task of no type": (straight(node("task", "x", name="看看")), "N004", "x"),
    "a complex gateway": (straight(gate("complex", "x")), "E004", "x"),
    "a service without type": (straight(node("serviceTask", "x")), "E030", "x"),
    "a rule without decision": (straight(node("businessRuleTask", "x")), "E031", "x"),
    "a decision that goes nowhere": (
        straight(
            node("businessRuleTask", "x", extension='<zeebe:calledDecision decisionId="d" />')
        ),
        "E031",
        "x",
    ),
    "a user task for nobody": (straight(node("userTask", "x")), "E032", "x"),
    "a nameless message": (
        straight(node("receiveTask", "x", messageRef="m"), shared=message("m", "")),
        "E033",
        "x",
    ),
    "a message event without message": (
        straight(node("intermediateCatchEvent", "x", on("message"))),
        "E033",
        "x",
    ),
    "a timer without time": (
        straight(node("intermediateCatchEvent", "x", timer("duration", "five days"))),
        "E034",
        "x",
    ),
    "a catching event that repeats": (
        straight(node("intermediateCatchEvent", "x", timer("cycle", "R/P1D"))),
        "E034",
        "x",
    ),
    "an error end without code": (
        bpmn(start(), end("x", on("error")), flows("start > x")),
        "E035",
        "x",
    ),
    "a script without formula": (straight(node("scriptTask", "x")), "E036", "x"),
    "a call of nothing": (straight(node("callActivity", "x")), "E037", "x"),
    "many of nothing": (
        straight(user("x", "<bpmn:multiInstanceLoopCharacteristics />")),
        "E038",
        "x",
    ),
    "a loop for ever": (straight(user("x", "<bpmn:standardLoopCharacteristics />")), "E038", "x"),
    "a quantity of tokens": (straight(user("x", startQuantity="2")), "E004", "x"),
    "a number of times besides a collection": (
        straight(
            user(
                "x",
                "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
                '<zeebe:loopCharacteristics inputCollection="=[1]" /></bpmn:extensionElements>'
                "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
                "</bpmn:multiInstanceLoopCharacteristics>",
            )
        ),
        "E038",
        "x",
    ),
    "a listener": (
        straight(
            user(
                "x",
                extension="<zeebe:executionListeners><zeebe:executionListener />"
                "</zeebe:executionListeners>",
            )
        ),
        "E004",
        "x",
    ),
    "an island": (straight(user("a"), user("x")), "E013", "x"),
    "a dead end": (
        bpmn(
            start(),
            user("x"),
            user("a"),
            gate("parallel", "g"),
            end(),
            flows("start > g > x", "g > a > end"),
        ),
        "N012",
        "x",
    ),
    "a deadline that leads nowhere": (
        bpmn(
            start(),
            user("a"),
            node("boundaryEvent", "x", timer("duration", "P1D"), attachedToRef="a"),
            end(),
            flows("start > a > end"),
        ),
        "E012",
        "x",
    ),
    "a gate without a way out": (
        bpmn(
            start(),
            gate("parallel", "s"),
            gate("exclusive", "x"),
            end(),
            flows("start > s > x", "s > end"),
        ),
        "E011",
        "x",
    ),
    "a boundary on nothing": (
        bpmn(
            start(),
            user("a"),
            node("boundaryEvent", "x", timer("duration", "P1D"), attachedToRef="start"),
            end(),
            flows("start > a > end", "x > end"),
        ),
        "E040",
        "x",
    ),
    "an event gate before a task": (
        bpmn(start(), gate("eventBased", "x"), user("a"), end(), flows("start > x > a > end")),
        "E041",
        "x",
    ),
    "an event sub-process that nothing starts": (
        bpmn(
            start(),
            end(),
            node("subProcess", "x", start("i"), end("o"), flows("i > o"), triggeredByEvent="true"),
            flows("start > end"),
        ),
        "E042",
        "x",
    ),
    "a ring of gates": (
        bpmn(
            start(),
            gate("exclusive", "x", default="f_x_end_0"),
            gate("parallel", "g"),
            end(),
            flows("x > end", "start > x > g: =a", "g > x"),
        ),
        "E057",
        "x",
    ),
    "a link without a target": (
        bpmn(
            start(),
            gate("parallel", "g"),
            end(),
            flows("start > g > x", "g > end"),
            node("intermediateThrowEvent", "x", '<bpmn:linkEventDefinition name="p" />'),
        ),
        "E035",
        "x",
    ),
    "an empty name twice": (straight(user("x"), service("x")), "E005", "x"),
}


@pytest.mark.parametrize("what", ONE_FAULT)
def test_every_fault_is_found_by_name_id_and_line(what: str):
    drawing, number, ident = ONE_FAULT[what]
    findings = [found for found in check_process(drawing) if found.id == f"bpmn.{number}"]
    assert findings, check_process(drawing)
    assert ident in findings[0].message.zh
    assert ident in findings[0].message.en
    assert findings[0].hint
    lines = [each.start() for each in re.finditer(rf'id="{ident}"', drawing)]
    assert findings[0].place.line in [drawing[:at].count("\n") + 1 for at in lines]


def test_a_flow_to_nowhere_and_a_missing_condition_name_the_gate_before_them():
    drawing = bpmn(
        start(),
        gate("exclusive", "complete", name="材料齐全？"),
        user("a"),
        user("b"),
        end(),
        flows("start > complete > a > end", "complete > b > end", "a > gone"),
    )
    found = {finding.id: finding for finding in check_process(drawing)}
    assert "材料齐全？" in found["bpmn.E020"].message.zh
    assert "gone" in found["bpmn.E010"].message.en
    assert found["bpmn.E010"].place.line == line_of(drawing, "f_a_gone_2")


def test_a_faulty_formula_is_shown_with_its_line_and_column():
    drawing = bpmn(
        start(),
        gate("exclusive", "g", default="f_g_end_0"),
        user("a"),
        end(),
        flows("g > end", "start > g", "g > a: =amount >> 3", "a > end"),
    )
    (finding,) = check_process(drawing)
    assert finding.id == "bpmn.E021"
    assert finding.place.line == line_of(drawing, "f_g_a_2")
    assert finding.place.column == len("=amount >") + 1


def test_a_condition_that_is_no_feel_is_refused():
    drawing = bpmn(
        start(),
        gate("exclusive", "g", default="f_g_end_0"),
        user("a"),
        end(),
        flows("g > end", "start > g", "g > a: ${approved}", "a > end"),
    )
    assert [finding.id for finding in check_process(drawing)] == ["bpmn.E022"]


def test_all_faults_come_at_once_and_in_the_order_of_the_file():
    drawing = bpmn(
        start(),
        node("serviceTask", "s"),
        node("userTask", "u"),
        node("businessRuleTask", "r"),
        flows("start > s > u > r"),
    )
    findings = check_process(drawing)
    assert [finding.id for finding in findings] == ["bpmn.E030", "bpmn.E032", "bpmn.E031"]
    lines = [finding.place.line for finding in findings]
    assert lines == sorted(lines)
    with pytest.raises(Refused) as refused:
        read_process(drawing)
    assert refused.value.findings == findings


def test_a_process_needs_a_start_and_an_end():
    drawing = bpmn(user("a"), user("b"), flows("a > b", "b > a"))
    found = {finding.id for finding in check_process(drawing)}
    assert {"bpmn.E014", "bpmn.E015"} <= found


def test_an_element_that_bpmn_does_not_know_is_refused_by_its_name():
    drawing = bpmn(start(), '<bpmn:magicTask id="m" name="变" />', end(), flows("start > end"))
    (finding,) = check_process(drawing)
    assert finding.id == "bpmn.E003"
    assert "magicTask" in finding.message.zh


@pytest.mark.parametrize(
    "text",
    [
        "<a",
        "not xml",
        '<!DOCTYPE x [<!ENTITY e "boom">]><x>&e;</x>',
        "<definitions/>",
    ],
)
def test_what_is_no_bpmn_is_refused_without_a_traceback(text: str):
    assert [finding.id for finding in check_process(text)] == ["bpmn.E001"]


def test_a_good_process_has_no_finding():
    drawing = bpmn(
        start(),
        user("a", name="受理"),
        end(),
        node(
            "subProcess",
            "w",
            start("i", on_message("m")),
            end("o"),
            flows("i > o"),
            triggeredByEvent="true",
        ),
        flows("start > a > end"),
        shared=message("m", "withdraw"),
    )
    assert check_process(drawing) == []
