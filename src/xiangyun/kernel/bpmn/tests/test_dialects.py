"""Drawings of other engines: named in one finding, and rewritten where that is plain."""

import pytest

from xiangyun.kernel.bpmn import check_process, read_document, write_document
from xiangyun.kernel.bpmn.dialects import translated
from xiangyun.kernel.bpmn.markup import serialise
from xiangyun.kernel.bpmn.tests import foreign


def converted(source):
    translation = translated(read_document(source).page)
    return serialise(translation.page), {each.word for each in translation.left}


@pytest.mark.parametrize(
    ("source", "engine", "words"),
    [
        (foreign.CAMUNDA_7, "Camunda 7", ("assignee", "candidateGroups", "topic", "inputOutput")),
        (foreign.ACTIVITI, "Activiti", ("formProperty", "potentialOwner", "delegateExpression")),
        (foreign.FLOWABLE, "Flowable", ("collection", "script groovy", "timeDuration")),
    ],
)
def test_one_finding_names_the_engine_and_each_of_its_words(source, engine, words):
    (finding,) = check_process(source)
    assert finding.id == "bpmn.E009"
    assert engine in finding.message.zh
    assert engine in finding.message.en
    for word in words:
        assert f"{word} (line " in finding.message.en
        assert f"{word}（第 " in finding.message.zh


def test_what_is_plain_is_written_and_what_is_not_is_left_in_the_file():
    text, left = converted(foreign.CAMUNDA_7)
    assert left == {"assignee", "taskListener", "formKey"}
    (process,) = read_document(text).processes
    review, enter = process.elements["review"], process.elements["enter"]
    assert review.groups.text == "reviewer"
    assert review.due.text == "=dueDate"
    assert review.properties == {"area": "hr"}
    assert enter.type.text == "register.enter"
    assert [(each.source.text, each.target) for each in enter.inputs] == [
        ("=days * 8", "amount"),
        ('="leave"', "kind"),
    ]
    assert process.flows["yes"].condition.text == "=approved = true and days <= 20"
    assert 'camunda:assignee="demo"' in text


def test_what_was_rewritten_whole_is_an_ordinary_drawing():
    source = foreign.CAMUNDA_7
    for by_hand in (
        ' camunda:assignee="demo"',
        ' camunda:formKey="embedded:app:forms/leave.html"',
        '<camunda:taskListener delegateExpression="${mailer}" event="create" />',
    ):
        assert by_hand in source
        source = source.replace(by_hand, "")
    text, left = converted(source)
    assert left == set()
    assert [each.id for each in check_process(text)] == []


def test_an_assignee_who_began_the_case_is_the_applicant():
    source = foreign.CAMUNDA_7.replace('assignee="demo"', 'assignee="${starter}"').replace(
        ' camunda:candidateGroups="reviewer"', ""
    )
    text, left = converted(source)
    assert "assignee" not in left
    assert read_document(text).processes[0].elements["review"].groups.text == "applicant"


def test_loops_calls_and_timers_are_rewritten():
    text, left = converted(foreign.FLOWABLE)
    elements = read_document(text).processes[0].elements
    sign, sub, late = elements["sign"], elements["sub"], elements["late"]
    assert sign.loop.collection.text == "=signers"
    assert sign.loop.condition.text == "=numberOfCompletedInstances >= 2"
    assert sub.called.text == "archive"
    assert [each.target for each in (*sub.inputs, *sub.outputs)] == ["sum", "archiveNumber"]
    assert late.trigger.formula.text == "=limit"
    assert left == {"assignee", "script groovy"}


SAYS = {
    "an expression of a method": (
        '<userTask id="u" camunda:candidateGroups="${svc.groups(x)}"/>', "write it anew in FEEL"),
    "a call of everything": (
        '<callActivity id="u" calledElement="sub"><extensionElements><camunda:in variables="all"/>'
        "</extensionElements></callActivity>", "sees all variables"),
    "a result of code": (
        '<serviceTask id="u" camunda:expression="${a}" camunda:resultVariable="b"/>',
        "an output of zeebe:ioMapping"),
    "a map": (
        '<serviceTask id="u" camunda:topic="t"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="m"><camunda:map/></camunda:inputParameter>'
        "</camunda:inputOutput></extensionElements></serviceTask>", "write a zeebe:ioMapping"),
    "a timer of text and expression": (
        '<intermediateCatchEvent id="u"><timerEventDefinition><timeDuration>PT${h}H'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>", "timeDuration PT${h}H"),
    "a named owner": (
        '<userTask id="u"><potentialOwner><resourceAssignmentExpression><formalExpression>'
        "user(kermit)</formalExpression></resourceAssignmentExpression></potentialOwner>"
        "</userTask>", "not to named people"),
    "a script": (
        '<scriptTask id="u" scriptFormat="javascript" camunda:resultVariable="r"><script>1'
        "</script></scriptTask>", "script javascript"),
}  # fmt: skip


@pytest.mark.parametrize(("task", "words"), SAYS.values(), ids=SAYS.keys())
def test_each_word_says_what_becomes_of_it_also_after_the_rewriting(task, words):
    source = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="p" isExecutable="true">
    <startEvent id="s"/>{task}<endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="u"/>
    <sequenceFlow id="h" sourceRef="u" targetRef="e"/></process></definitions>"""
    (finding,) = check_process(source)
    assert finding.id == "bpmn.E009"
    assert words in finding.message.en
    text, left = converted(source)
    again = {each.id for each in check_process(text)}
    assert (again == {"bpmn.E009"}) is bool(left)


def test_a_file_of_another_engine_is_written_back_as_it_came():
    document = read_document(foreign.ACTIVITI)
    assert "activiti:delegateExpression" in write_document(document)


def test_a_file_that_is_only_drawn_is_said_to_be_so_first():
    first, *_ = check_process(foreign.SIGNAVIO)
    assert (first.id, first.severity) == ("bpmn.N010", "note")


def test_a_condition_in_another_language_is_shown_as_it_would_be_in_feel():
    source = foreign.SIGNAVIO.replace(
        'sourceRef="sid-4" targetRef="sid-5" />',
        'sourceRef="sid-4" targetRef="sid-5"><conditionExpression>${a == 1}</conditionExpression>'
        "</sequenceFlow>",
    )
    (wrong,) = [each for each in check_process(source) if each.id == "bpmn.E022"]
    assert "=a = 1" in wrong.hint.en


def test_more_elements_than_anybody_draws_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr("xiangyun.kernel.bpmn.read._Reader", None)
    many = "".join(f'<task id="t{at % 10}"/>' for at in range(20_000))
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{space}"><process id="p">{many}</process></definitions>'
    found = check_process(text)
    assert [each.id for each in found] == ["bpmn.E018"]
