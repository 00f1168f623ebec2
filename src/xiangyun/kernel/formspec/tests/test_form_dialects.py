"""Forms of other editors are rewritten as far as that is plain, and what is left is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import check_form, kinds
from xiangyun.kernel.formspec.dialects import terms, translate_form
from xiangyun.kernel.packfile.change import Change


def rewritten(form: dict[str, Any]) -> tuple[dict[str, Any], list[Change]]:
    text, changes = translate_form(json.dumps(form, ensure_ascii=False))
    return json.loads(text), changes


def left(changes: list[Change]) -> list[str]:
    return [change.what.en for change in changes if not change.done]


FLOWABLE = {
    "key": "leave",
    "name": "请假",
    "outcomes": [{"id": "ok", "name": "同意"}],
    "fields": [
        {
            "id": "full-name",
            "name": "姓名",
            "type": "text",
            "required": True,
            "params": {"maxLength": "30", "regexPattern": "^[a-z]+$"},
        },
        {"id": "days", "name": "天数", "type": "integer", "params": {"minValue": 1}},
        {
            "id": "kind",
            "name": "种类",
            "type": "dropdown",
            "hasEmptyValue": True,
            "options": [
                {"id": "empty", "name": "请选择"},
                {"id": "a", "name": "年假"},
                {"name": "病假"},
            ],
        },
        {"type": "container", "fields": {"1": [{"id": "on", "name": "从", "type": "date"}]}},
    ],
}


def test_the_fields_of_flowable_become_components_that_pass_the_check() -> None:
    form, changes = rewritten(FLOWABLE)
    assert form["components"][:3] == [
        {
            "type": "textfield",
            "key": "full_name",
            "label": "姓名",
            "validate": {"required": True, "maxLength": "30", "pattern": "^[a-z]+$"},
        },
        {
            "type": "number",
            "decimalDigits": 0,
            "key": "days",
            "label": "天数",
            "validate": {"min": 1},
        },
        {
            "type": "select",
            "key": "kind",
            "label": "种类",
            "values": [{"label": "年假", "value": "a"}, {"label": "病假", "value": "病假"}],
        },
    ]
    assert [one["key"] for one in form["components"][3]["components"]] == ["on"]
    assert left(changes) == ["outcomes: the buttons of the form: actions of the task"]
    assert not [f for f in check_form(json.dumps(form)) if f.severity == "error"]


def test_a_form_within_a_representation_is_found() -> None:
    form, _ = rewritten({"formRepresentation": {"formDefinition": FLOWABLE}})
    assert len(form["components"]) == 4


def test_a_field_that_has_no_like_stays_and_is_left_with_its_line() -> None:
    text = (
        '{"fields": [\n{"id": "a", "name": "甲", "type": "text"},\n{"id": "b", "type": "people"}]}'
    )
    made, changes = translate_form(text)
    assert json.loads(made)["components"][1]["type"] == "people"
    assert [(c.line, "people" in c.what.en) for c in changes if not c.done] == [(3, True)]


FORM_IO = {
    "display": "form",
    "components": [
        {
            "type": "panel",
            "title": "人",
            "input": False,
            "components": [
                {"type": "email", "input": True, "key": "mail", "label": "邮箱", "tableView": True},
                {
                    "type": "columns",
                    "input": False,
                    "columns": [
                        {
                            "components": [
                                {
                                    "type": "select",
                                    "input": True,
                                    "key": "s",
                                    "label": "选",
                                    "data": {"values": [{"label": "甲", "value": "a"}]},
                                }
                            ]
                        }
                    ],
                },
            ],
        },
        {"type": "button", "input": True, "key": "submit", "label": "提交"},
    ],
}


def test_components_of_form_io_become_those_of_form_js() -> None:
    form, changes = rewritten(FORM_IO)
    assert form["components"][0] == {
        "type": "group",
        "label": "人",
        "components": [
            {
                "type": "textfield",
                "properties": {"format": "email"},
                "key": "mail",
                "label": "邮箱",
            },
            {
                "type": "select",
                "key": "s",
                "label": "选",
                "values": [{"label": "甲", "value": "a"}],
            },
        ],
    }
    assert left(changes) == []


def test_what_form_js_says_by_a_constant_expression_is_written_plainly() -> None:
    form, changes = rewritten(
        {
            "components": [
                {"type": "html", "content": "<p>请&nbsp;填写</p>"},
                {
                    "type": "textfield",
                    "key": "person.name",
                    "label": "姓名",
                    "validate": {"minLength": "=1 + 1"},
                },
                {
                    "type": "select",
                    "key": "kind",
                    "label": "种类",
                    "valuesExpression": '=[{label: "甲", value: "a"}]',
                    "conditional": {"hide": '=person.name = "x"'},
                },
                {
                    "type": "group",
                    "label": "组",
                    "path": "g",
                    "components": [
                        {
                            "type": "radio",
                            "key": "ok",
                            "label": "可以",
                            "values": [{"label": "是", "value": True}, {"value": "no"}],
                        }
                    ],
                },
            ]
        }
    )
    text, name, kind, group = form["components"]
    assert text == {"type": "text", "text": "请\u00a0填写"}
    assert (name["key"], name["validate"]["minLength"]) == ("person_name", 2)
    assert kind["values"] == [{"label": "甲", "value": "a"}]
    assert kind["conditional"]["hide"] == '=person_name = "x"'
    assert "path" not in group
    assert group["components"][0]["values"] == [
        {"label": "是", "value": "true"},
        {"label": "no", "value": "no"},
    ]
    assert left(changes) == []
    assert not [f for f in check_form(json.dumps(form)) if f.severity == "error"]


def test_options_that_depend_on_variables_are_left() -> None:
    form, changes = rewritten(
        {"components": [{"type": "select", "key": "a", "label": "甲", "valuesExpression": "=all"}]}
    )
    assert form["components"][0]["valuesExpression"] == "=all"
    assert any("valuesExpression" in words for words in left(changes))


def test_two_names_that_become_alike_are_kept_apart() -> None:
    field = {"type": "text", "name": "甲"}
    form, _ = rewritten({"fields": [{**field, "id": "a-b"}, {**field, "id": "a.b"}]})
    first, second = (one["key"] for one in form["components"])
    assert first != second


def test_a_form_that_is_in_order_is_not_changed() -> None:
    text = '{"components": [{"type": "textfield", "key": "name", "label": "姓名"}]}'
    assert translate_form(text) == (text, [])


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Refused):
        translate_form("<form>")


def test_whatever_a_foreign_type_becomes_is_known_here() -> None:
    other = {"text", "html", "group", "button", "separator", "spacer"}
    for known in (*terms.FIELDS.values(), *terms.FORM_IO.values()):
        assert known["type"] in {*kinds(), *other}
