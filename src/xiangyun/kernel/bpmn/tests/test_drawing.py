from __future__ import annotations

import re

import pytest
from lxml import etree

from xiangyun.kernel.bpmn import draw, read_process
from xiangyun.kernel.bpmn.drawing.layout import lay_out
from xiangyun.kernel.bpmn.drawing.lettering import width, wrap
from xiangyun.kernel.bpmn.tests.drawn import (
    bpmn,
    end,
    flows,
    gate,
    message,
    node,
    on_message,
    start,
    timer,
    user,
)
from xiangyun.kernel.language import ENGLISH

SVG = "{http://www.w3.org/2000/svg}"
CASE = bpmn(
    start(name="收到申请"),
    user("accept", name="受理：核对材料是否齐全"),
    node("boundaryEvent", "late", timer("duration", "P5D"), attachedToRef="accept", name="满五日"),
    gate("exclusive", "complete", name="材料齐全？", default="f_complete_correct_0"),
    user("correct", name="补正 <材料>", groups="applicant"),
    end(name="办结"),
    node(
        "subProcess",
        "withdrawal",
        start("withdraw", on_message("m")),
        user("note", name="记录撤回"),
        end("withdrawn"),
        flows("withdraw > note > withdrawn"),
        triggeredByEvent="true",
        name="撤回",
    ),
    flows(
        "complete > correct > accept",
        "start > accept > complete",
        "complete > end: =true",
        "late > end",
    ),
    shared=message("m", "withdraw"),
)


def drawing(**more) -> etree._Element:
    return etree.fromstring(draw(read_process(CASE), **more))


def words(svg: etree._Element) -> str:
    return "".join("".join(text.itertext()) for text in svg.iter(f"{SVG}text"))


def test_every_element_and_flow_is_drawn_with_its_words_as_text():
    svg = drawing()
    process = read_process(CASE)
    assert {group.get("data-element") for group in svg.iter() if group.get("data-element")} == set(
        process.elements
    )
    assert {group.get("data-flow") for group in svg.iter() if group.get("data-flow")} == set(
        process.flows
    )
    for element in process.elements.values():
        assert element.name in words(svg)


def test_marks_are_told_in_words_and_in_shape_and_not_by_colour_alone():
    svg = drawing(
        marks={"start": "done", "accept": "here", "complete": "ahead", "correct": "failed"}
    )
    told = svg.findtext(f"{SVG}desc")
    assert "受理：核对材料是否齐全 — 正在办理" in told
    assert "收到申请 — 已完成" in told
    groups = {each.get("data-element"): each for each in svg.iter() if each.get("data-element")}
    assert "x-done" in groups["start"].get("class")
    assert groups["start"].find(f"{SVG}circle[@class='x-badge']") is not None
    assert groups["correct"].find(f"{SVG}circle[@class='x-badge']") is not None
    assert "现在" in "".join(groups["accept"].itertext())
    assert "x-ahead" in groups["complete"].get("class")


def test_the_drawing_speaks_the_readers_language():
    svg = drawing(language=ENGLISH, labels={"accept": "Acceptance"}, marks={"accept": "here"})
    assert svg.get("lang") == "en"
    assert "Acceptance — happening now" in svg.findtext(f"{SVG}desc")
    assert "Acceptance" in words(svg)
    assert "受理" not in words(svg)


def test_no_colour_is_written_on_an_element():
    svg = draw(read_process(CASE), {"accept": "here"})
    body = svg.split("</style>")[1]
    assert not re.search(r'(fill|stroke|style)="', body)
    assert svg.startswith("<svg ")
    assert 'role="img"' in svg


def test_a_laid_out_drawing_has_no_box_upon_another():
    process = read_process(CASE)
    shapes = [
        shape
        for shape in lay_out(process).shapes
        if process.elements[shape.of].kind != "boundaryEvent"
    ]
    for one in shapes:
        for other in shapes:
            inside = process.elements[one.of].parent == other.of
            around = process.elements[other.of].parent == one.of
            if one is other or inside or around:
                continue
            apart = (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )
            assert apart, (one, other)


def test_named_flows_defaults_and_conditions_are_told_apart():
    named = CASE.replace('id="f_complete_correct_0"', 'id="f_complete_correct_0" name="不齐"')
    named = named.replace('id="f_start_accept_1"', 'id="f_start_accept_1" name="网上提交"')
    svg = etree.fromstring(draw(read_process(named)))
    assert "不齐" in words(svg)
    assert "网上提交" in words(svg)
    edges = {each.get("data-flow"): each for each in svg.iter() if each.get("data-flow")}
    slashed = edges["f_complete_correct_0"].findall(f"{SVG}path[@class='x-flow']")
    assert len(slashed) == 2, "the default flow has its slash"
    assert len(edges["f_start_accept_1"].findall(f"{SVG}path[@class='x-flow']")) == 1


def test_a_condition_on_a_task_is_drawn_as_a_diamond():
    drawing = bpmn(
        start(),
        user("a", default="f_a_end_0"),
        user("b"),
        end(),
        flows("a > end", "start > a", "a > b: =x", "b > end"),
    )
    svg = etree.fromstring(draw(read_process(drawing)))
    edges = {each.get("data-flow"): each for each in svg.iter() if each.get("data-flow")}
    assert edges["f_a_b_2"].find(f"{SVG}path[@class='x-arrow x-open']") is not None


def test_everything_lies_within_the_view_box():
    svg = drawing()
    left, top, wide, high = map(float, svg.get("viewBox").split())
    for text in svg.iter(f"{SVG}tspan"):
        assert left < float(text.get("x")) < left + wide
        assert top < float(text.get("y")) < top + high


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("受理", 8, ["受理"]),
        ("制发电子营业执照", 7, ["制发电子", "营业执照"]),
        ("核对材料，然后受理", 5, ["核对材料，", "然后受理"]),
        ("Issue the certificate", 7, ["Issue the", "certificate"]),
    ],
)
def test_labels_break_evenly_and_no_line_begins_with_a_comma(text, room, lines):
    assert wrap(text, room, 4) == lines


def test_a_label_too_long_for_its_box_says_that_it_goes_on():
    lines = wrap("一二三四五六七八九十" * 3, 5, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line) <= 5 for line in lines)
