"""What BPMN or the engine gives no meaning is refused by name; attributes are of their types."""

from __future__ import annotations

import re

import pytest

from xiangyun.kernel.bpmn import check_process, read_process
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
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
from xiangyun.kernel.bpmn.tests.test_handlers import SHARED, handler
from xiangyun.kernel.bpmn.tests.walking import Case
from xiangyun.kernel.findings import Refused

MANY = "<bpmn:multiInstanceLoopCharacteristics{}>{}</bpmn:multiInstanceLoopCharacteristics>"
THREE = "<bpmn:loopCardinality>3</bpmn:loopCardinality>"


def edged(*edges: str, host: str = "") -> str:
    names = re.findall(r'<bpmn:boundaryEvent id="(\w+)"', "".join(edges))
    return bpmn(
        start(),
        host or service("work"),
        *edges,
        user("mend"),
        end(),
        flows("start > work > end", *(f"{name} > mend" for name in names), "mend > end"),
        shared=SHARED,
    )


def at_edge(ident: str, event: str, **more: str) -> str:
    return node("boundaryEvent", ident, event, attachedToRef="work", **more)


def handled(*handlers: str) -> str:
    return bpmn(
        start(), service("work"), end(), flows("start > work > end"), *handlers, shared=SHARED
    )


def helping(ident: str, event: str, *more: str, **attributes: str) -> str:
    return handler(
        ident, event, user(f"{ident}_w"), *more, flows(f"{ident}_in > {ident}_w"), **attributes
    )


SUB = node("subProcess", "work", start("i"), service("w"), flows("i > w"))
CASES = {
    "an error boundary that does not interrupt": (
        edged(at_edge("x", on("error", "e"), cancelActivity="false")), "E044", "x"),
    "one that catches all and does not interrupt": (
        edged(at_edge("x", on("error"), cancelActivity=" 0 ")), "E044", "x"),
    "one on a sub-process": (
        edged(at_edge("x", on("error", "e"), cancelActivity="false"), host=SUB), "E044", "x"),
    "an error handler that does not interrupt": (
        handled(handler("h", on("error", "e"), user("w"), flows("h_in > w"),
                        interrupting="false")), "E044", "h_in"),
    "two boundaries of one code": (
        edged(at_edge("a", on("error", "e")), at_edge("x", on("error", "e"))), "E045", "x"),
    "two that catch all errors": (
        edged(at_edge("a", on("error")), at_edge("x", on("error"))), "E045", "x"),
    "two errors with one code": (
        edged(at_edge("a", on("error", "e")), at_edge("x", on("error", "e3"))).replace(
            '<bpmn:error id="e2"', '<bpmn:error id="e3" errorCode="bad" /><bpmn:error id="e2"'),
        "E045", "x"),
    "two escalations of one code": (
        edged(at_edge("a", on("escalation", "x")), at_edge("b", on("escalation", "x"),
                                                           cancelActivity="false"),
              host=node("subProcess", "work", start("i"), end("o", on("escalation", "x")),
                        flows("i > o"))), "E045", "b"),
    "two handlers of one error": (
        handled(helping("a", on("error", "e")), helping("h", on("error", "e"))), "E045", "h_in"),
    "an error that is not there": (edged(at_edge("x", on("error", "nope"))), "E007", "x"),
    "an error thrown that is not there": (
        bpmn(start(), end("x", on("error", "nope")), flows("start > x")), "E007", "x"),
    "a message that is not there": (
        bpmn(start(), node("intermediateCatchEvent", "x", on_message("nope")),
             flows("start > x")), "E007", "x"),
    "a task for a message that is not there": (
        bpmn(start(), node("receiveTask", "x", messageRef="nope"), flows("start > x")),
        "E007", "x"),
    "a signal that is not there": (handled(helping("h", on("signal", "nope"))), "E007", "h_in"),
    "an escalation that is not there": (
        bpmn(start(), end("x", on("escalation", "nope")), flows("start > x")), "E007", "x"),
    "an error that is a message": (edged(at_edge("x", on("error", "m"))), "E007", "x"),
    "an event definition that is not there": (
        bpmn(start(), end("x", "<bpmn:eventDefinitionRef>nope</bpmn:eventDefinitionRef>"),
             flows("start > x")), "E007", "x"),
    "compensation of what is not there": (
        bpmn(start(), end("x", '<bpmn:compensateEventDefinition activityRef="nope" />'),
             flows("start > x")), "E007", "x"),
    "compensation of a gateway": (
        bpmn(start(), node("parallelGateway", "g"),
             end("x", '<bpmn:compensateEventDefinition activityRef="g" />'),
             flows("start > g > x")), "E007", "x"),
    "compensation out of reach": (
        bpmn(start(), user("enter"), undone("enter", "unenter"),
             node("subProcess", "part", start("i"),
                  end("x", '<bpmn:compensateEventDefinition activityRef="enter" />'),
                  flows("i > x")), flows("start > enter > part")), "E007", "x"),
    "a flow into a start event": (
        bpmn(start("x"), user("a"), end(), flows("x > a > end", "a > x")), "E017", "x"),
    "a flow into the start of a sub-process": (
        bpmn(start(), node("subProcess", "s", start("x"), user("a"), user("b"),
                           flows("x > a > b", "b > x")), flows("start > s")), "E017", "x"),
    "a flow out of an end event": (
        bpmn(start(), end("x"), user("a"), end(), flows("start > x > a > end")), "E017", "x"),
    "a flow into what compensates": (
        bpmn(start(), user("a"), undone("a", "x"), end(), flows("start > a > end", "a > x")),
        "E017", "x"),
    "a flow out of what compensates": (
        bpmn(start(), user("a"), undone("a", "x"), end(), flows("start > a > end", "x > end")),
        "E017", "x"),
    "many event sub-processes": (
        handled(helping("h", on("error", "e"), MANY.format("", THREE))), "E042", "h"),
    "one after another": (
        handled(helping("h", on("error", "e"), MANY.format(' isSequential="true"', THREE))),
        "E042", "h"),
    "a loop of an event sub-process": (
        handled(helping("h", on("error", "e"),
                        '<bpmn:standardLoopCharacteristics loopMaximum="2" />')), "E042", "h"),
    "a boundary event on an event sub-process": (
        handled(helping("h", on("error", "e")),
                node("boundaryEvent", "late", timer("duration", "P1D"), attachedToRef="h"),
                user("z"), flows("late > z")), "E042", "h"),
    "compensation that nobody waits for": (
        bpmn(start(), end("x", '<bpmn:compensateEventDefinition waitForCompletion="false" />'),
             flows("start > x")), "E004", "x"),
    "the same, otherwise written": (
        bpmn(start(), node("intermediateThrowEvent", "x",
                           '<bpmn:compensateEventDefinition waitForCompletion=" 0" />'),
             end(), flows("start > x > end")), "E004", "x"),
    "instances that throw events": (
        bpmn(start(), user("x", MANY.format(' behavior="One"', THREE)), flows("start > x")),
        "E004", "x"),
    "instances that throw none": (
        bpmn(start(), user("x", MANY.format(' behavior="None"', THREE)), flows("start > x")),
        "E004", "x"),
    "a maximum below zero": (
        bpmn(start(), user("x", '<bpmn:standardLoopCharacteristics loopMaximum="-1" />'),
             flows("start > x")), "E038", "x"),
    "a boolean that is none": (
        bpmn(start(), user("x", isForCompensation="yes"), end(), flows("start > x > end")),
        "E006", "x"),
    "a number that is none": (
        bpmn(start(), user("x", '<bpmn:standardLoopCharacteristics loopMaximum="²" />'),
             flows("start > x")), "E006", "standardLoopCharacteristics"),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_has_no_meaning_is_refused_by_name_and_line(what: str):
    text, number, ident = CASES[what]
    findings = [each for each in check_process(text) if each.id == f"bpmn.{number}"]
    assert findings, [str(each) for each in check_process(text)]
    finding = next((each for each in findings if ident in each.message.en), None)
    assert finding is not None, findings
    assert ident in finding.message.zh
    assert finding.severity == "error"
    assert finding.place.line
    assert finding.hint


def test_what_looks_alike_but_has_a_meaning_is_accepted():
    good = [
        edged(at_edge("a", on("error", "e")), at_edge("b", on("error", "e2")),
              at_edge("c", on("error"))),
        edged(at_edge("a", on_message("m"), cancelActivity="false"),
              at_edge("b", on_message("m"), cancelActivity="false")).replace(
                  'targetRef="mend"', 'targetRef="end"'),
        bpmn(start(), user("x", MANY.format(' behavior="All"', THREE)), flows("start > x")),
        bpmn(start(), end("x", '<bpmn:compensateEventDefinition waitForCompletion="1" />'),
             flows("start > x")),
        bpmn(start(), node("subProcess", "s", start("i"), user("a"), undone("a", "b"),
                           flows("i > a")), user("c"),
             end("x", '<bpmn:compensateEventDefinition activityRef="a" />'),
             flows("start > s > c > x")),
    ]  # fmt: skip
    for text in good:
        errors = [each for each in check_process(text) if each.severity == "error"]
        # Without ways into it the task behind the edges is out of reach; that is another fault.
        assert {each.id for each in errors} <= {"bpmn.E013"}, errors


# -- attributes by their types ---------------------------------------------------------------------


@pytest.mark.parametrize("yes", ["true", "1", " true ", "\t1\n"])
@pytest.mark.parametrize("no", ["false", "0", " false", "0 "])
def test_a_boolean_is_read_in_every_way_that_xml_schema_writes_it(yes: str, no: str):
    text = bpmn(
        start(),
        user("a"),
        node(
            "boundaryEvent",
            "late",
            timer("duration", "P1D"),
            attachedToRef=" a ",
            cancelActivity=no,
        ),
        user("b"),
        undone("a", "back").replace('isForCompensation="true"', f'isForCompensation="{yes}"'),
        user(
            "c",
            f'<bpmn:standardLoopCharacteristics testBefore="{yes}" loopMaximum=" +02 ">'
            "<bpmn:loopCondition>=more</bpmn:loopCondition>"
            "</bpmn:standardLoopCharacteristics>",
        ),
        user("d", MANY.format(f' isSequential="{yes}"', THREE), startQuantity=" 01 "),
        node(
            "subProcess",
            "h",
            start("h_in", on_message("m"), isInterrupting=no),
            user("w"),
            flows("h_in > w"),
            triggeredByEvent=yes,
        ),
        flows("start > a > c > d", "late > b"),
        shared=message(" m ", "news"),
    ).replace('isExecutable="true"', f'isExecutable="{yes}"')
    process = read_process(text)
    elements = process.elements
    assert process.executable
    assert not elements["late"].interrupting
    assert elements["late"].attached_to == "a"
    assert elements["back"].for_compensation
    assert (elements["c"].loop.test_before, elements["c"].loop.maximum) == (True, 2)
    assert elements["d"].loop.kind == "sequential"
    assert elements["h"].event_driven
    assert not elements["h_in"].interrupting
    case = Case(process, more=False).hears("news").completes("a")
    assert sorted(case.open()) == ["d", "w"]


def test_names_with_a_prefix_and_blanks_name_the_same_thing():
    text = edged(at_edge("x", on("error", " tns:e "))).replace(
        "<bpmn:definitions ", '<bpmn:definitions xmlns:tns="http://bpmn.io/schema/bpmn" '
    )
    assert [each for each in check_process(text) if each.severity == "error"] == []
    assert Case(text).fails("work", "bad").open() == ["mend"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<definitions><process id="p"/></definitions>', "no namespace"),
        ('<definitions xmlns="http://example.org/x"/>', "http://example.org/x"),
    ],
)
def test_a_file_in_another_namespace_or_none_is_named_as_such(text: str, words: str):
    with pytest.raises(Refused) as refused:
        read_process(text)
    (finding,) = refused.value.findings
    assert (finding.id, words in finding.message.en) == ("bpmn.E001", True)


def test_a_process_or_a_task_in_no_namespace_is_named_as_such():
    text = bpmn(start(), end(), flows("start > end"))
    process = text.replace("bpmn:process", "process")
    found = {each.id: each for each in check_process(process)}
    assert "process" in found["bpmn.E008"].message.en
    task = text.replace("</bpmn:process>", '<userTask id="lost" name="看" /></bpmn:process>')
    (finding,) = check_process(task)
    assert finding.id == "bpmn.E008"
    assert "看" in finding.message.zh
    assert finding.place.line
