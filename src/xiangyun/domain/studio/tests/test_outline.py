"""A drawing of any modeller goes into the outline and back; what is changed is changed alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xiangyun.kernel.bpmn import draw, read_document
from xiangyun.kernel.bpmn.outline import Step, changed, outline, with_step, without_step
from xiangyun.kernel.findings import Refused

ROOT = Path(__file__).resolve().parents[5]
SHARED = Path(os.environ.get("XIANGYUN_SHARED", ROOT.parent / "shared"))
MIWG = sorted((SHARED / "bpmn-miwg").glob("*.bpmn"))
STARTER = (ROOT / "src/xiangyun/starters/service/process.bpmn").read_text("utf-8")
ABSENT = "the folder shared/bpmn-miwg is absent (XIANGYUN_SHARED names another place)"


def as_read(steps: tuple[Step, ...]) -> dict[str, dict[str, str]]:
    """Every value of an outline, to be written back as it was read."""
    edits: dict[str, dict[str, str]] = {}
    for step in steps:
        values = {"name": step.name, "who": step.who, "actions": step.actions, "waits": step.waits}
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
        assert changed(text, as_read(steps)) == text, file.name


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
    grown = with_step(STARTER, "letter_accepted_to_decide", "look", "现场看看", "reviewer")
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
        (lambda: with_step(STARTER, "nowhere", "look", "x", "y"), "pack.E581"),
        (lambda: with_step(STARTER, "filed_to_examine", "decide", "x", "y"), "pack.E582"),
        (lambda: with_step(STARTER, "filed_to_examine", "a b", "x", "y"), "pack.E582"),
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
