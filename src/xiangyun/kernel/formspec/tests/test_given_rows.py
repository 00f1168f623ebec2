"""Rows that a task gives: each is answered once, whoever answers and by whatever way it comes."""

import json

import pytest

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import from_json, read_form

LIST = {
    "type": "dynamiclist",
    "path": "checks",
    "label": "检查表",
    "isRepeating": True,
    "properties": {"given": "point"},
    "conditional": {"hide": '=seen = "no"'},
    "components": [
        {"type": "textfield", "key": "point", "label": "要点", "validate": {"required": True}},
        {"type": "textfield", "key": "found", "label": "结论", "validate": {"required": True}},
    ],
}
SEEN = {"type": "textfield", "key": "seen", "label": "看了吗"}
POINTS = {"checks": [{"point": "证照"}, {"point": "设备"}, {"point": "证照"}]}


def read(list_=LIST):
    written = {"type": "default", "components": [SEEN, list_]}
    return read_form(json.dumps(written, ensure_ascii=False))


def refused(list_):
    with pytest.raises(Refused) as found:
        read(list_)
    return [each.id for each in found.value.findings if each.severity == "error"]


def answered(*rows):
    return {"checks": [{"point": point, "found": found} for point, found in rows]}


def faults(answers, inputs=POINTS):
    found = from_json(read().given(inputs), answers).errors
    return {name: each.id for name, each in found.items()}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        (answered(("证照", "是"), ("设备", "否")), {}),
        (answered(("设备", "否"), ("证照", "是")), {}),  # in any order
        (answered(("证照", "是")), {"checks": "form.E151"}),
        ({"checks": []}, {"checks": "form.E151"}),
        ({}, {"checks": "form.E151"}),
        (answered(("证照", "是"), ("设备", "否"), ("门窗", "是")), {"checks": "form.E150"}),
        (answered(("证照", "是"), ("门窗", "是")), {"checks": "form.E150"}),
        (answered(("证照", "是"), ("设备", "否"), ("设备", "是")), {"checks": "form.E152"}),
        ({**answered(("门窗", "是")), "seen": "no"}, {}),  # hidden: not asked
    ],
)
def test_each_row_that_the_task_gave_is_answered_once(answers, wrong):
    assert faults(answers) == wrong


def test_a_cell_without_an_answer_is_told_at_its_row():
    answers = {"checks": [{"point": "证照", "found": "是"}, {"point": "设备", "found": None}]}
    assert faults(answers) == {"checks.1.found": "form.E101"}


def test_a_task_that_gives_no_rows_takes_none():
    assert faults(answered(("证照", "是")), {}) == {"checks": "form.E150"}
    assert faults({"checks": []}, {"checks": None}) == {}


def sent(*rows):
    cells = {}
    for number, (point, found) in enumerate(rows):
        cells[f"checks.{number}.point"], cells[f"checks.{number}.found"] = [point], [found]
    return cells


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (sent(("证照", "是"), ("设备", "否")), {}),
        (sent(("证照", "是"), ("门窗", "是")), {"checks": "form.E150"}),
        (sent(("证照", "是"), ("设备", "否"), ("门窗", "是")), {"checks": "form.E150"}),
        (sent(("证照", "是"), ("设备", "")), {"checks.1.found": "form.E101"}),
    ],
)
def test_a_page_is_held_to_the_same_rows(raw, wrong):
    read_page = read().given(POINTS).read(None, raw, {})
    assert {name: each.id for name, each in read_page.errors.items()} == wrong


@pytest.mark.parametrize("cell", ["", "points", "checks"])
def test_a_list_whose_rows_are_named_by_no_question_of_theirs_is_refused(cell):
    assert refused({**LIST, "properties": {"given": cell}}) == ["form.E004"]


def test_a_choice_names_no_rows():
    rows = [{"type": "radio", "key": "point", "label": "要点",
             "values": [{"label": "是", "value": "yes"}]}]  # fmt: skip
    assert refused({**LIST, "components": rows}) == ["form.E004"]
