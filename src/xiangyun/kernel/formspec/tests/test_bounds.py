"""What comes in is counted before it is read: no answer costs more than its form is worth."""

import json
from collections.abc import Iterator

import pytest

from xiangyun.kernel.formspec import check_form, from_json, read_form
from xiangyun.kernel.formspec.model import MAX_ROWS
from xiangyun.kernel.formspec.reader import MAX_COMPONENTS

CELLS = [
    {"type": "textfield", "key": f"c{n}", "label": f"格{n}", "validate": {"required": True}}
    for n in range(8)
]
FORM = read_form(
    json.dumps(
        {
            "components": [
                {"type": "dynamiclist", "path": "rows", "label": "行", "components": CELLS},
                {"type": "textfield", "key": "name", "label": "名"},
                {"type": "number", "key": "sum", "label": "数"},
                {"type": "filepicker", "key": "files", "label": "件", "multiple": True},
                {
                    "type": "checklist",
                    "key": "some",
                    "label": "选",
                    "values": [{"label": "甲", "value": "a"}],
                },
            ]
        }
    )
)


class Counted(list):
    """A list that counts how many of its items were looked at."""

    looked = 0

    def __getitem__(self, at):
        Counted.looked += 1
        return super().__getitem__(at)

    def __iter__(self) -> Iterator:
        for item in super().__iter__():
            Counted.looked += 1
            yield item


@pytest.mark.parametrize("there", [MAX_ROWS + 1, 100_000])
def test_rows_beyond_the_most_are_refused_before_one_is_read(there):
    Counted.looked = 0
    reading = from_json(FORM, {"rows": Counted([{}] * there)})
    assert {key: fault.id for key, fault in reading.errors.items()} == {"rows": "form.E118"}
    assert Counted.looked == 0


def test_the_rows_that_are_taken_tell_no_more_faults_than_can_be_used():
    Counted.looked = 0
    reading = from_json(FORM, {"rows": Counted([{}] * MAX_ROWS)})
    assert reading.errors["rows"].id == "form.E119"
    assert len(reading.errors) < 220
    assert Counted.looked < 5 * MAX_ROWS


@pytest.mark.parametrize("key", ["files", "some"])
def test_choices_and_files_are_counted_before_one_is_read(key):
    Counted.looked = 0
    reading = from_json(FORM, {key: Counted(["a"] * 100_000)})
    assert reading.errors[key].id in ("form.E105", "form.E117")
    assert Counted.looked == 0


def test_a_file_brings_no_members_of_its_own():
    file = {"name": "a", "size": 1, "reference": "r", "more": [[[[]]]]}
    assert from_json(FORM, {"files": [file]}).answers["files"][0].keys() == {
        "name",
        "size",
        "reference",
    }


def test_unknown_answers_are_told_up_to_a_count():
    reading = from_json(FORM, {f"x{n}": n for n in range(100_000)})
    assert len(reading.errors) == 21
    assert [fault.id for fault in reading.errors.values()][-1] == "form.E119"


def test_a_novel_is_refused_by_its_length():
    assert from_json(FORM, {"name": "字" * 10_000_000}).errors["name"].id == "form.E105"
    assert FORM.read(None, {"name": ["字" * 100_000]}, {}).errors["name"].id == "form.E105"


@pytest.mark.parametrize("number", [10**4000, -(10**30), 1e300, 1e-300])
def test_a_number_of_endless_digits_is_refused_in_few_words(number):
    fault = from_json(FORM, {"sum": number}).errors["sum"]
    assert fault.id == "form.E107"
    assert len(str(fault)) < 300


def test_a_form_of_too_many_components_is_refused_unread():
    one = {"type": "textfield", "key": "a", "label": "甲"}
    text = json.dumps({"components": [one] * (MAX_COMPONENTS + 1)})
    assert [fault.id for fault in check_form(text)] == ["form.E010"]
    nested = {"type": "group", "label": "组", "components": [one] * MAX_COMPONENTS}
    assert "form.E010" in [f.id for f in check_form(json.dumps({"components": [nested, one]}))]
    assert [f.id for f in check_form(" " * 2_000_001)] == ["form.E010"]


def test_no_more_findings_are_told_of_a_form_than_can_be_read():
    one = {"type": "textfield", "key": "a", "label": "甲"}
    found = check_form(json.dumps({"components": [one] * 1000}))
    assert (len(found), found[-1].id) == (201, "form.E012")


def test_a_question_of_too_many_options_is_refused():
    values = [{"label": "甲", "value": str(n)} for n in range(1001)]
    text = json.dumps(
        {"components": [{"type": "radio", "key": "a", "label": "x", "values": values}]}
    )
    assert [f.id for f in check_form(text)] == ["form.E004"]
