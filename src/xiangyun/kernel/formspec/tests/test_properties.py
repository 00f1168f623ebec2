"""Every property that limits an answer limits it, whichever way the answer comes in."""

import json
from datetime import date
from decimal import Decimal

import pytest

from xiangyun.kernel.codes import department
from xiangyun.kernel.codes.department import Department
from xiangyun.kernel.feel import DateTime, Time, from_stored, to_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import FORMATS, check, check_form, from_json, read_form, submitted
from xiangyun.kernel.formspec.kinds import kind_of

ON = date(2026, 4, 9)
VALUES = [{"label": f"选项{n}", "value": n} for n in "abc"]


def asking(type_: str, **members):
    key = "path" if type_ == "dynamiclist" else "key"
    component = {"type": type_, key: "q", "label": "问题", **members}
    return read_form(json.dumps({"components": [component]}))


def typed(form, *texts: str) -> object:
    reading = form.read(None, {"q": list(texts)}, {}, on=ON)
    return reading.errors["q"].id if reading.errors else reading.answers["q"]


def given(form, value: object) -> object:
    reading = from_json(form, {"q": value}, on=ON)
    return reading.errors["q"].id if "q" in reading.errors else reading.answers["q"]


@pytest.mark.parametrize(
    ("step", "number", "fits"),
    [
        (5, "15", True),
        (5, "16", False),
        (0.1, "0.3", True),
        ("0.25", "-0.75", True),
        ("0.25", "0.7", False),
        (100, "0", True),
    ],
)
def test_a_number_is_a_multiple_of_its_increment(step, number, fits):
    form = asking("number", increment=step)
    assert typed(form, number) == (Decimal(number) if fits else "form.E125")
    assert given(form, float(number)) == (Decimal(number) if fits else "form.E125")


def test_the_nearest_multiples_are_named():
    (fault,) = asking("number", increment=50).read(None, {"q": ["1234"]}, {}).errors.values()
    assert "1,200 和 1,250" in fault.message.zh


def test_a_department_is_kept_by_its_key_however_it_is_written():
    form = asking("textfield", properties={"format": "department"})
    known = [Department(7, "civil_affairs", Text("民政", "Civil affairs"), fictitious=False)]
    read = department._DEPARTMENTS._read
    department.set_departments(lambda: known)
    try:
        for words in ("civil_affairs", "civil-affairs", " 民政", "Civil affairs"):
            assert typed(form, words) == "civil_affairs"
        assert typed(form, "文旅") == "form.E240"
        assert FORMATS["department"].words("civil_affairs").en == "Civil affairs"
    finally:
        department.set_departments(read)


@pytest.mark.parametrize("limit", [2, "2"])
def test_limits_may_be_written_as_text_as_the_modeler_does(limit):
    assert typed(asking("textfield", validate={"maxLength": limit}), "三个字") == "form.E105"
    assert typed(asking("textarea", validate={"minLength": limit}), "一") == "form.E104"
    assert typed(asking("number", validate={"max": limit}), "3") == "form.E109"
    assert typed(asking("number", decimalDigits=limit), "1.234") == "form.E110"


def test_an_emptied_limit_is_none():
    empty = {"minLength": "", "maxLength": "", "pattern": "", "validationType": ""}
    assert typed(asking("textfield", validate=empty), "字") == "字"
    assert check_form(json.dumps({"components": []})) != []


@pytest.mark.parametrize("type_", ["checklist", "taglist"])
def test_a_checklist_holds_each_option_once_and_as_many_as_its_limits_allow(type_):
    form = asking(type_, values=VALUES, validate={"minLength": 2, "maxLength": 2})
    assert given(form, ["a", "b"]) == ["a", "b"]
    assert given(form, ["a"]) == "form.E104"
    assert given(form, ["a", "b", "c"]) == "form.E105"
    assert given(form, ["a", "a"]) == "form.E124"
    assert given(form, ["a", "x"]) == "form.E113"
    assert typed(form, "a", "a", "b") == ["a", "b"]
    assert [o.zh for o in kind_of(form.questions[0]).words(form.questions[0], ["b"])] == ["选项b"]


def rows(form, *names: str):
    raw = {f"q.{n}.name": [name] for n, name in enumerate(names)}
    reading = form.read(None, raw, {})
    return [fault.id for fault in reading.errors.values()] or reading.answers["q"]


def test_rows_that_cannot_be_added_or_removed_are_as_many_as_at_first():
    inner = [{"type": "textfield", "key": "name", "label": "名称"}]
    form = asking("dynamiclist", components=inner, allowAddRemove=False, defaultRepetitions=2)
    assert rows(form, "甲", "") == [{"name": "甲"}, {"name": None}]
    assert given(form, [{"name": "甲"}]) == "form.E127"
    assert given(form, [{"name": "甲"}] * 3) == "form.E127"
    assert given(form, [{"name": "甲"}] * 2) == [{"name": "甲"}] * 2


def test_a_list_of_rows_has_its_own_limits():
    inner = [{"type": "textfield", "key": "name", "label": "名称"}]
    limits = {"minLength": 2, "maxLength": 3}
    form = asking("dynamiclist", components=inner, validate=limits)
    assert rows(form, "甲") == ["form.E104"]
    assert rows(form, "甲", "乙") == [{"name": "甲"}, {"name": "乙"}]
    assert rows(form, *"甲乙丙丁") == ["form.E118"]
    assert given(form, [{}] * 4) == "form.E118"


def test_a_row_with_a_wrong_cell_keeps_its_other_cells():
    inner = [
        {"type": "textfield", "key": "name", "label": "名称"},
        {"type": "number", "key": "share", "label": "比例"},
    ]
    form = asking("dynamiclist", components=inner)
    reading = form.read(None, {"q.0.name": ["甲"], "q.0.share": ["很多"]}, {})
    assert list(reading.errors) == ["q.0.share"]
    assert reading.answers["q"] == [{"name": "甲", "share": None}]


@pytest.mark.parametrize(
    ("subtype", "text", "value"),
    [
        ("time", "14:30", Time(14, 30, 0)),
        ("time", "下午2：30", Time(14, 30, 0)),
        ("time", "上午12点", Time(0, 0, 0)),
        ("time", "12:05 pm", Time(12, 5, 0)),
        ("time", "8时15分", Time(8, 15, 0)),
        ("time", "24:00", "form.E111"),
        ("time", "8:60", "form.E111"),
        ("datetime", "2026-04-09 14:30", DateTime(ON, Time(14, 30, 0))),
        ("datetime", "2026-04-09T14:30:05", DateTime(ON, Time(14, 30, 5))),
        ("datetime", "2026年4月9日 下午2:30", DateTime(ON, Time(14, 30, 0))),
        ("datetime", "2026-04-09", "form.E111"),
        ("datetime", "2026-04-09T14:30:00+08:00", "form.E111"),
    ],
)
def test_times_are_read_as_people_write_them_and_bear_no_zone(subtype, text, value):
    form = asking("datetime", subtype=subtype)
    assert typed(form, text) == value
    assert given(form, text) == value
    if not isinstance(value, str):
        kind = kind_of(form.questions[0])
        assert typed(form, kind.retyped(value)) == value
        assert from_stored(to_stored(value)) == value
        assert given(form, value) == value


def test_times_go_by_their_interval():
    form = asking("datetime", subtype="time", timeInterval=15)
    assert typed(form, "14:45") == Time(14, 45, 0)
    assert typed(form, "14:50") == "form.E126"
    assert typed(form, "14:45:30") == "form.E126"


def test_a_date_and_time_is_not_before_today_either():
    form = asking("datetime", subtype="datetime", disallowPassedDates=True)
    assert typed(form, "2026-04-08 23:59") == "form.E112"
    assert typed(form, "2026-04-09 00:00") == DateTime(ON, Time(0, 0, 0))


def test_a_default_fills_the_field_and_is_no_answer_until_it_is_sent():
    form = asking("textfield", defaultValue="吉林")
    assert form.questions[0].rules.default == "吉林"
    assert submitted(form, {}) == {"q": None}
    assert asking("number", defaultValue="1.5").questions[0].rules.default == Decimal("1.5")
    assert asking("datetime", defaultValue="2026-04-09").questions[0].rules.default == ON
    assert asking("checkbox", defaultValue=False).questions[0].rules.default is False


@pytest.mark.parametrize(
    ("type_", "members"),
    [
        ("select", {"values": VALUES, "defaultValue": "x"}),
        ("checklist", {"values": VALUES, "defaultValue": ["a", "x"]}),
        ("number", {"defaultValue": 3, "validate": {"max": 2}}),
        ("datetime", {"defaultValue": "2026-02-30"}),
    ],
)
def test_a_default_that_would_be_refused_is_a_fault_of_the_form(type_, members):
    component = {"type": type_, "key": "q", "label": "问题", **members}
    (fault,) = check_form(json.dumps({"components": [component]}))
    assert fault.id == "form.E009"


def test_files_are_counted_by_their_limits():
    file = {"name": "a.pdf", "size": 1, "reference": "r"}
    form = asking("filepicker", multiple=True, validate={"minLength": 2, "maxLength": 3})
    assert given(form, [file]) == "form.E104"
    assert given(form, [file] * 4) == "form.E117"
    assert len(given(form, [file] * 2)) == 2


def test_a_text_between_questions_stands_above_the_one_after_it():
    text = {"type": "text", "text": "# 请先看\n**这里**"}
    question = {"type": "textfield", "key": "q", "label": "问题"}
    form = read_form(json.dumps({"components": [text, question]}), texts={})
    assert [words.zh for words in form.questions[0].before] == ["请先看\n这里"]
    assert "form.q.before.1" in form.wording()


def test_pages_of_a_multipage_form_are_pages():
    def page(key: str) -> dict:
        inner = [{"type": "textfield", "key": key, "label": key}]
        return {"type": "page", "id": f"p{key}", "label": f"第{key}页", "components": inner}

    multi = {"type": "multipage", "id": "m", "components": [page("a"), page("b")]}
    form = read_form(json.dumps({"components": [multi]}))
    assert [p.title.zh for p in form.pages] == ["第a页", "第b页"]
    assert check(form, {}) == {}
