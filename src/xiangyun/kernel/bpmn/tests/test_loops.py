from __future__ import annotations

from decimal import Decimal

from xiangyun.kernel.bpmn import IncidentResolved, TaskClosed, TaskOpened, TimerCancelled
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    mapping,
    node,
    on,
    script,
    service,
    start,
    timer,
    user,
)
from xiangyun.kernel.bpmn.tests.walking import MORNING, Case


def many(sequential: bool = False, condition: str = "", **more: str) -> str:
    words = "".join(f' {key}="{value}"' for key, value in more.items())
    done = f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:extensionElements><zeebe:loopCharacteristics{words} /></bpmn:extensionElements>"
        f"{done}</bpmn:multiInstanceLoopCharacteristics>"
    )


def asking(*content: str, extra: str = "") -> str:
    return bpmn(
        start(),
        user("ask", *content, groups="reviewer"),
        user("sum"),
        end(),
        extra,
        flows("start > ask > sum > end"),
    )


OPINIONS = many(
    inputCollection="=departments",
    inputElement="department",
    outputCollection="opinions",
    outputElement="={of: department, says: opinion}",
)
DEPARTMENTS = ["消防（虚构）", "卫健（虚构）", "住建（虚构）"]


def ids(case: Case) -> list[str]:
    return [told.id for told in case.told if isinstance(told, TaskOpened)]


def test_all_departments_are_asked_at_once_and_their_opinions_are_collected_in_order():
    case = Case(asking(OPINIONS), departments=DEPARTMENTS)
    opened = case.all(TaskOpened)
    assert [each.inputs["department"] for each in opened] == DEPARTMENTS
    for at, task in reversed(list(enumerate(opened))):
        assert case.open().count("ask") == at + 1
        case.completes_id(task.id, opinion=f"意见{at}")
    assert case.open() == ["sum"]
    assert [each["says"] for each in case.data["opinions"]] == ["意见0", "意见1", "意见2"]
    assert [each["of"] for each in case.data["opinions"]] == DEPARTMENTS
    assert "opinion" not in case.data, "what is collected does not leak"


def test_one_after_another_waits_for_the_one_before():
    loop = many(True, inputCollection="=departments", inputElement="department")
    case = Case(asking(loop), departments=DEPARTMENTS)
    for name in DEPARTMENTS:
        assert case.open() == ["ask"]
        assert case.the(TaskOpened).inputs["department"] == name
        case.completes("ask")
    assert case.open() == ["sum"]


def test_nobody_to_ask_means_going_on_at_once():
    case = Case(asking(OPINIONS), departments=[])
    assert case.open() == ["sum"]
    assert case.data["opinions"] == []


def test_two_agreeing_are_enough_and_the_third_is_no_longer_asked():
    loop = many(
        condition="=numberOfCompletedInstances >= 2 and numberOfActiveInstances &lt; 3",
        inputCollection="=departments",
        inputElement="department",
    )
    case = Case(asking(loop), departments=DEPARTMENTS)
    case.completes("ask").completes("ask")
    assert case.open() == ["sum"]
    assert "interrupted" in [closed.reason for closed in case.all(TaskClosed)]


def test_asking_something_that_is_no_list_waits_for_a_person():
    case = Case(asking(OPINIONS), departments=None)
    assert case.incident.element == "ask"
    assert case.open() == []
    case.data["departments"] = DEPARTMENTS
    case.happens(IncidentResolved(case.incident.id, MORNING))
    assert case.open() == ["ask"] * 3


def test_a_boundary_of_a_loop_interrupts_all_of_it():
    edge = node("boundaryEvent", "late", timer("duration", "P5D"), attachedToRef="ask")
    case = Case(asking(OPINIONS, extra=edge + flows("late > sum")), departments=DEPARTMENTS)
    assert [command.element for command in case.told].count("late") == 1
    case.rings("late")
    assert case.open() == ["sum"]
    assert len(case.all(TaskClosed)) == 3


def test_a_finished_loop_takes_its_boundary_timer_with_it():
    edge = node("boundaryEvent", "late", timer("duration", "P5D"), attachedToRef="ask")
    case = Case(asking(OPINIONS, extra=edge + flows("late > sum")), departments=DEPARTMENTS[:1])
    case.completes("ask", opinion="可")
    assert case.all(TimerCancelled)
    assert case.open() == ["sum"]


def test_a_whole_sub_process_can_be_gone_through_for_each_and_keeps_its_own_values():
    case = Case(
        bpmn(
            start(),
            node(
                "subProcess",
                "visit",
                start("in"),
                script("name", '="访问" + place', "title"),
                user("look", extension=mapping({"what": "=title"}, {"found": "=found"})),
                end("out"),
                flows("in > name > look > out"),
                many(
                    inputCollection="=places",
                    inputElement="place",
                    outputCollection="all",
                    outputElement="=place + found",
                ),
                extension=mapping({"title": "=null", "found": "=null"}),
            ),
            end(),
            flows("start > visit > end"),
        ),
        places=["甲", "乙"],
    )
    first, second = case.all(TaskOpened)
    assert (first.inputs["what"], second.inputs["what"]) == ("访问甲", "访问乙")
    case.completes_id(second.id, found="好").completes_id(first.id, found="坏")
    assert case.outcome == "end"
    assert case.data["all"] == ["甲坏", "乙好"]
    assert "title" not in case.data


def test_a_failure_in_one_of_many_climbs_to_the_boundary_of_all():
    case = Case(
        bpmn(
            start(),
            service("notify", many(inputCollection="=places", inputElement="place")),
            node("boundaryEvent", "down", on("error"), attachedToRef="notify"),
            user("phone"),
            end(),
            flows("start > notify > end", "down > phone > end"),
        ),
        places=["甲", "乙"],
    )
    assert case.fails("notify", "no-answer").open() == ["phone"]


def test_a_standard_loop_repeats_until_its_condition_is_false():
    loop = (
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>=not_yet</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )
    case = Case(asking(loop))
    case.completes("ask", not_yet=True).completes("ask", not_yet=True)
    assert case.open() == ["ask"]
    assert case.the(TaskOpened).inputs["loopCounter"] == Decimal(3)
    assert case.completes("ask", not_yet=False).open() == ["sum"]


def test_a_standard_loop_may_look_before_and_stops_at_its_maximum():
    before = (
        '<bpmn:standardLoopCharacteristics testBefore="true">'
        "<bpmn:loopCondition>=more</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    assert Case(asking(before), more=False).open() == ["sum"]
    twice = '<bpmn:standardLoopCharacteristics loopMaximum="2" />'
    assert Case(asking(twice)).completes("ask").completes("ask").open() == ["sum"]


def test_a_loop_of_many_steps_keeps_only_its_items_in_the_state():
    case = Case(asking(many(True, inputCollection="=n", inputElement="i")), n=list(range(20)))
    for _ in range(19):
        case.completes("ask")
    assert len(case.state.live) == 2
    assert case.completes("ask").open() == ["sum"]
