"""A drawing of any modeller goes into the outline and back; what is changed is changed alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiangyun.kernel.bpmn import draw, read_document
from xiangyun.kernel.bpmn.model import Shape
from xiangyun.kernel.bpmn.outline import Step, changed, lanes_of, outline, without_step
from xiangyun.kernel.bpmn.outlineloops import FIELDS
from xiangyun.kernel.bpmn.outlineparts import AT_THE_EDGE, KINDS, TWO_WAYS, Part, with_part
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared"))
MIWG = sorted((SHARED / "bpmn-miwg").glob("*.bpmn"))
STARTER = (ROOT / "src/xiangyun/starters/service/process.bpmn").read_text("utf-8")
ABSENT = "the folder shared/bpmn-miwg is absent (XIANGYUN_SHARED names another place)"


LOOK = Part("user", "look", "现场看看", "reviewer")


def put(kind: str, id: str, detail: str, to: str = "", flow: str = "filed_to_examine") -> str:
    return with_part(STARTER, flow, Part(kind, id, "x", detail, to))


def as_read(steps: tuple[Step, ...]) -> dict[str, dict[str, str]]:
    """Every value of an outline, to be written back as it was read."""
    edits: dict[str, dict[str, str]] = {}
    for step in steps:
        values = {"name": step.name, "who": step.who, "actions": step.actions, "waits": step.waits,
                  "does": step.does, "headers": step.headers, "inputs": step.inputs,
                  "about": step.about, "key": step.key, "lane": step.lane}  # fmt: skip
        if step.loop is not None:
            values |= {name: getattr(step.loop, name) for name in FIELDS}
        edits[step.id] = {key: value for key, value in values.items() if value is not None}
        for way in step.ways:
            edits[way.id] = {"name": way.name}
            if way.has_condition:
                edits[way.id]["condition"] = way.condition
    return edits


@pytest.mark.skipif(not MIWG, reason=ABSENT)
def test_every_drawing_of_the_working_group_survives_outline_and_back_unchanged() -> None:
    for file in MIWG:
        text = file.read_bytes().decode("utf-8")
        steps = outline(text)
        assert steps, file.name
        named = {lane.id: {"name": lane.name} for lane in lanes_of(text)}
        assert changed(text, {**as_read(steps), **named}) == text, file.name


@pytest.mark.skipif(not MIWG, reason=ABSENT)
def test_a_name_changed_in_the_outline_changes_nothing_else_of_a_foreign_drawing() -> None:
    for file in MIWG:
        text = file.read_bytes().decode("utf-8")
        before = outline(text)
        new = {step.id: {"name": f"{step.name} <&\"'>"} for step in before}
        after = outline(changed(text, new))
        assert [step.name for step in after] == [new[step.id]["name"] for step in before], file.name
        other = [(s.id, s.kind, s.who, s.waits, len(s.ways)) for s in before]
        assert [(s.id, s.kind, s.who, s.waits, len(s.ways)) for s in after] == other, file.name


def test_the_outline_says_who_decides_what_under_which_condition_and_until_when() -> None:
    steps = {step.id: step for step in outline(STARTER)}
    assert steps["decide"].who == "approver"
    assert steps["decide"].actions == "approve,refuse"
    assert steps["overdue"].attached_to == "correct"
    assert "correction_days" in (steps["overdue"].waits or "")
    conditions = {way.target: way.condition for way in steps["gate_acceptance"].ways}
    assert conditions["letter_accepted"] == '=acceptance.action = "accept"'
    assert [way.target for way in steps["gate_acceptance"].ways if way.is_default] == [
        "end_not_accepted"
    ]
    order = list(steps)
    assert order.index("accept") < order.index("gate_acceptance") < order.index("decide")
    assert steps["accept"].depth == steps["examine"].depth + 1


def test_what_is_changed_in_the_outline_runs_in_the_process() -> None:
    new = changed(
        STARTER,
        {
            "decide": {"who": "reviewer"},
            "overdue": {"waits": '=duration("P3D")'},
            "gate_acceptance_to_letter_accepted": {"condition": '=acceptance.action = "agree"'},
        },
    )
    process = read_document(new).processes[0]
    assert process.elements["decide"].groups is not None
    assert process.elements["decide"].groups.text == "reviewer"
    condition = process.flows["gate_acceptance_to_letter_accepted"].condition
    assert condition is not None
    assert condition.text == '=acceptance.action = "agree"'
    lines = [(a, b) for a, b in zip(STARTER.splitlines(), new.splitlines(), strict=True) if a != b]
    assert len(lines) == 3


def test_a_step_is_put_into_a_way_and_taken_out_again() -> None:
    grown = with_part(STARTER, "letter_accepted_to_decide", LOOK)
    process = read_document(grown).processes[0]
    assert process.flows["letter_accepted_to_decide"].target == "look"
    assert process.flows["look_to_decide"].target == "decide"
    assert "look" in {shape.of for shape in process.diagram.shapes}
    assert "现场看看" in draw(process)
    step = next(each for each in outline(grown) if each.id == "look")
    assert (step.who, step.actions, step.removable) == ("reviewer", "done", True)
    back = read_document(without_step(grown, "look")).processes[0]
    first = read_document(STARTER).processes[0]
    assert back.elements.keys() == first.elements.keys()
    assert {f.id: (f.source, f.target) for f in back.flows.values()} == {
        f.id: (f.source, f.target) for f in first.flows.values()
    }
    assert {shape.of for shape in back.diagram.shapes} == {s.of for s in first.diagram.shapes}


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (lambda: changed(STARTER, {"nowhere": {"name": "x"}}), "pack.E581"),
        (lambda: changed(STARTER, {"filed": {"waits": "P1D"}}), "pack.E581"),
        (lambda: with_part(STARTER, "nowhere", LOOK), "pack.E581"),
        (lambda: put("choir", "look", "y"), "pack.E581"),
        (lambda: put("gateway", "look", "=true", to="accept"), "pack.E581"),  # inside another
        (lambda: put("gateway", "look", "=true", to="filed"), "pack.E581"),
        (lambda: put("user", "decide", "y"), "pack.E582"),
        (lambda: put("user", "a b", "y"), "pack.E582"),
        (lambda: put("timer", "look", " "), "pack.E587"),
        (lambda: put("deadline", "look", "P1D"), "pack.E587"),  # the way begins at no task
        (lambda: changed(STARTER, {"letter_accepted": {"headers": "letter"}}), "pack.E586"),
        (lambda: changed(STARTER, {"letter_accepted": {"headers": "a = 1\na = 2"}}), "pack.E586"),
        (lambda: without_step(STARTER, "gate_acceptance"), "pack.E583"),
        (lambda: without_step(STARTER, "filed"), "pack.E583"),
        (lambda: outline("<a"), "pack.E580"),
        (lambda: outline('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "pack.E580"),
    ],
)
def test_what_cannot_be_changed_is_refused_by_name(verb: object, said: str) -> None:
    with pytest.raises(Refused) as refused:
        verb()  # type: ignore[operator]
    assert refused.value.findings[0].id == said


def test_quotes_comments_and_order_of_a_drawing_stay_as_they_were_written() -> None:
    text = (
        "<d:definitions xmlns:d='http://www.omg.org/spec/BPMN/20100524/MODEL'>\n"
        "<!-- a > b --><d:process  id='p' ><d:task name='a&amp;b > c'   id='t'/>\n"
        "<d:task id='u'></d:task></d:process></d:definitions>"
    )
    assert changed(text, {"t": {"name": "a&b > c"}, "u": {"name": ""}}) == text
    assert changed(text, {"t": {"name": "x"}}) == text.replace("'a&amp;b > c'", '"x"')
    assert "<d:task name=\"y\" id='u'>" in changed(text, {"u": {"name": "y"}})


DETAILS = {
    "user": "reviewer",
    "service": "letter.send",
    "decision": "capacity",
    "call": "hearing",
    "subprocess": "",
    "gateway": "=acceptance.note = null",
    "timer": '=duration("P2D")',
    "deadline": '=duration("P9D")',
    "reminder": '=duration("P3D")',
    "message": "bank_answered",
    "error": "no_answer",
}
SHOWN = {"service": "does", "decision": "does", "call": "does", "user": "who", "timer": "waits",
         "deadline": "waits", "reminder": "waits", "message": "about",
         "error": "about"}  # fmt: skip


@pytest.mark.parametrize("to", ["", "end_not_accepted"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_part_is_put_in_read_again_and_drawn(kind: str, to: str) -> None:
    flow = "decide_to_end_decided"
    part = Part(kind, "new", "新的一环", DETAILS[kind], to)
    text = with_part(STARTER, flow, part)
    process = read_document(text).processes[0]
    steps = {step.id: step for step in outline(text)}
    assert steps["new"].name == "新的一环"
    if kind in SHOWN:
        assert getattr(steps["new"], SHOWN[kind]) == DETAILS[kind]
    if kind in AT_THE_EDGE:
        assert steps["new"].attached_to == "decide"
        assert process.flows["decide_to_end_decided"].target == "end_decided"
    else:
        assert process.flows[flow].target == "new"
        assert process.flows["new_to_end_decided"].target == "end_decided"
    if kind in TWO_WAYS:
        second = process.flows["new_otherwise" if kind == "gateway" else "new_over"]
        assert second.target == (to or "new_end")
    if kind == "subprocess":
        assert steps["new_start"].depth == steps["new"].depth + 1
    # Everything is drawn, nothing lies on the new part, and all of it is seen.
    drawn = {shape.of: shape for shape in process.diagram.shapes}
    assert steps.keys() <= drawn.keys()
    assert "新的一环" in draw(process)
    before = {shape.of for shape in read_document(STARTER).processes[0].diagram.shapes}
    if kind not in AT_THE_EDGE:
        assert not [id for id in before if overlap(drawn[id], drawn["new"])
                    and not holds(drawn[id], drawn["new"])]  # fmt: skip
    # What was read is written back as it is, and what was put in comes out again.
    assert changed(text, as_read(outline(text))) == text
    if steps["new"].removable:
        assert outline(without_step(text, "new")) == outline(STARTER)


def overlap(a: Shape, b: Shape) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and (
        a.y < b.y + b.height and b.y < a.y + a.height
    )  # fmt: skip


def holds(a: Shape, b: Shape) -> bool:
    return a.x <= b.x and b.x + b.width <= a.x + a.width


@pytest.mark.skipif(not MIWG, reason=ABSENT)
def test_a_part_goes_into_every_drawing_of_the_working_group_and_out_again() -> None:
    tried = 0
    for file in MIWG:
        text = file.read_bytes().decode("utf-8")
        before = outline(text)
        flow = next((way.id for step in before for way in step.ways), None)
        if flow is None:
            continue
        kind = ("user", "service", "decision", "timer", "message")[tried % 5]
        grown = with_part(text, flow, Part(kind, "put_in", "x", "y"))
        assert changed(grown, as_read(outline(grown))) == grown, file.name
        assert outline(without_step(grown, "put_in")) == before, file.name
        tried += 1
    assert tried > 10


def test_headers_and_inputs_are_lines_and_only_what_differs_is_written() -> None:
    asked = with_part(STARTER, "letter_accepted_to_decide",
                      Part("service", "told", "告知", "letter.send"))  # fmt: skip
    step = {each.id: each for each in outline(asked)}["told"]
    assert (step.headers, step.inputs) == ("", "")
    new = changed(asked, {"told": {
        "headers": 'letter = accepted\nstage = review', "inputs": 'to = ="a" + application.phone',
    }})  # fmt: skip
    step = {each.id: each for each in outline(new)}["told"]
    assert step.headers == "letter = accepted\nstage = review"
    assert step.inputs == 'to = ="a" + application.phone'
    element = read_document(new).processes[0].elements["told"]
    assert element.headers == {"letter": "accepted", "stage": "review"}
    less = changed(new, {"told": {"headers": "letter = refused", "inputs": ""}})
    step = {each.id: each for each in outline(less)}["told"]
    assert (step.headers, step.inputs) == ("letter = refused", "")
