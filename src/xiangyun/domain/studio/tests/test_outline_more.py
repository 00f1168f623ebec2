"""Messages, errors, loops and lanes in the outline: read, changed alone, drawn where they go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiangyun.kernel.bpmn import draw, read_document
from xiangyun.kernel.bpmn.model import Process
from xiangyun.kernel.bpmn.outline import Step, changed, lanes_of, outline, without_step
from xiangyun.kernel.bpmn.outlineparts import Part, with_part
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared"))
MIWG = sorted((SHARED / "bpmn-miwg").glob("*.bpmn"))
STARTER = (ROOT / "src/xiangyun/starters/service/process.bpmn").read_text("utf-8")
FLOW = "decide_to_end_decided"
ABSENT = "the folder shared/bpmn-miwg is absent (XIANGYUN_SHARED names another place)"


def steps(text: str) -> dict[str, Step]:
    return {step.id: step for step in outline(text)}


def process(text: str) -> Process:
    return read_document(text).processes[0]


def waiting() -> str:
    return with_part(STARTER, FLOW, Part("message", "hear", "等银行回话", "bank_answered"))


def test_a_message_is_renamed_keyed_and_shared_by_its_name() -> None:
    text = waiting()
    step = steps(text)["hear"]
    assert (step.event, step.about, step.key) == ("message", "bank_answered", "")
    keyed = changed(text, {"hear": {"about": "bank_said", "key": "=application.number"}})
    trigger = process(keyed).elements["hear"].trigger
    assert trigger is not None
    assert (trigger.name, trigger.formula and trigger.formula.text) == (
        "bank_said",
        "=application.number",
    )
    again = changed(keyed, {"hear": {"key": "=application.phone"}})
    assert steps(again)["hear"].key == "=application.phone"
    both = with_part(again, "hear_to_end_decided", Part("message", "hear_2", "再等", "bank_said"))
    assert both.count('name="bank_said"') == 1
    assert [steps(both)[id].key for id in ("hear", "hear_2")] == ["=application.phone", None]
    # One of two that share a message gets another: the other keeps its own.
    apart = steps(changed(both, {"hear_2": {"about": "court_said"}}))
    assert (apart["hear"].about, apart["hear_2"].about) == ("bank_said", "court_said")
    joined = changed(changed(both, {"hear_2": {"about": "court_said"}}),
                     {"hear_2": {"about": "bank_said"}})  # fmt: skip
    assert steps(joined)["hear_2"].about == "bank_said"


def test_a_step_that_fails_goes_another_way_by_the_code_of_its_error() -> None:
    text = with_part(STARTER, FLOW, Part("error", "failed", "没有办成", "no_answer"))
    element = process(text).elements["failed"]
    assert element.trigger is not None
    assert (element.trigger.kind, element.trigger.name) == ("error", "no_answer")
    new = changed(text, {"failed": {"about": "refused"}})
    found = process(new).elements["failed"].trigger
    assert found is not None
    assert found.name == "refused"
    assert "没有办成" in draw(process(new))


def test_a_step_is_done_for_each_of_a_list_and_once_again() -> None:
    loop = steps(STARTER)["examine"].loop
    assert loop is not None
    assert not loop.is_there
    values = {"each": "=application.shareholders", "item": "holder", "order": "true",
              "until": "=refused > 0"}  # fmt: skip
    text = changed(STARTER, {"examine": values})
    read = process(text).elements["examine"].loop
    assert read is not None
    assert (read.kind, read.item, read.collection and read.collection.text) == (
        "sequential",
        "holder",
        "=application.shareholders",
    )
    assert read.condition is not None
    assert read.condition.text == "=refused > 0"
    other = changed(text, {"examine": {**values, "item": "one", "order": "false"}})
    read = process(other).elements["examine"].loop
    assert read is not None
    assert (read.kind, read.item) == ("parallel", "one")
    assert changed(text, {"examine": values}) == text
    once = changed(text, {"examine": {**values, "each": ""}})
    assert process(once).elements["examine"].loop is None
    with pytest.raises(Refused) as refused:
        changed(STARTER, {"filed": {"each": "=x"}})
    assert refused.value.findings[0].id == "pack.E581"


@pytest.mark.parametrize("fields", [{"about": "x"}, {"key": "=x"}, {"lane": "x"}])
def test_what_a_step_has_not_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        changed(STARTER, {"decide": fields})
    assert refused.value.findings[0].id == "pack.E581"


def test_two_places_that_say_different_things_of_one_message_are_refused() -> None:
    text = with_part(waiting(), "hear_to_end_decided", Part("message", "b", "x", "bank_answered"))
    text = changed(text, {"hear": {"key": "=application.number"}})
    with pytest.raises(Refused) as refused:
        changed(text, {"hear": {"key": "=one"}, "b": {"key": "=two"}})
    assert refused.value.findings[0].id == "pack.E588"


@pytest.mark.skipif(not MIWG, reason=ABSENT)
def test_a_step_goes_into_another_lane_in_words_and_in_the_drawing() -> None:
    tried = 0
    for file in MIWG:
        text = file.read_bytes().decode("utf-8")
        lanes = lanes_of(text)
        for step in outline(text):
            own = [lane.id for lane in lanes if lane.id in in_one_process(text, step)]
            if not step.lane or len(own) < 2:
                continue
            other = next(id for id in own if id != step.lane)
            moved = changed(text, {step.id: {"lane": other}})
            assert steps(moved)[step.id].lane == other, (file.name, step.id)
            before, after = steps(text), steps(moved)
            assert {id: s.lane for id, s in after.items() if id != step.id} == {
                id: s.lane for id, s in before.items() if id != step.id
            }
            back = changed(moved, {step.id: {"lane": step.lane}})
            assert steps(back)[step.id].lane == step.lane, (file.name, step.id)
            assert steps(back)[step.id].lane == step.lane, (file.name, step.id)
            assert centre_in(moved, step.id, other), (file.name, step.id)
            tried += 1
            break
    assert tried > 2


@pytest.mark.skipif(not MIWG, reason=ABSENT)
def test_a_new_step_lies_in_the_lane_of_its_way_and_leaves_nothing_behind() -> None:
    tried = 0
    for file in MIWG:
        text = file.read_bytes().decode("utf-8")
        found = [(way.id, step.lane) for step in outline(text) if step.lane for way in step.ways]
        if not found:
            continue
        flow, lane = found[0]
        grown = with_part(text, flow, Part("user", "put_in", "x", "reviewer"))
        assert steps(grown)["put_in"].lane == lane, file.name
        assert "put_in" not in without_step(grown, "put_in"), file.name
        tried += 1
    assert tried > 2


def in_one_process(text: str, step: Step) -> set[str]:
    """The lanes of a step's process that hold no others, and are drawn."""
    for each in read_document(text).processes:
        if step.id in each.elements:
            drawn = {shape.of for shape in each.diagram.shapes}
            inner = {id for id, thing in each.drawn.items() if thing.kind == "lane"}
            return inner & drawn & leaves(text)
    return set()


def leaves(text: str) -> set[str]:
    lanes = lanes_of(text)
    return {
        lane.id
        for number, lane in enumerate(lanes)
        if number + 1 == len(lanes) or lanes[number + 1].depth <= lane.depth
    }


def centre_in(text: str, step: str, lane: str) -> bool:
    for each in read_document(text).processes:
        shapes = {shape.of: shape for shape in each.diagram.shapes}
        if step in shapes and lane in shapes:
            one, other = shapes[step], shapes[lane]
            middle = (one.x + one.width / 2, one.y + one.height / 2)
            return (
                other.x <= middle[0] <= other.x + other.width
                and other.y <= middle[1] <= other.y + other.height
            )
    return False
