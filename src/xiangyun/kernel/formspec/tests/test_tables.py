"""Lists that come as a file: read by the names of columns, wrong lines named, nothing half kept."""

from __future__ import annotations

import csv
import json

import pytest

from xiangyun.kernel.codes import vin
from xiangyun.kernel.formspec import Form, Reading, from_json, read_form, table_field
from xiangyun.kernel.formspec.model import MAX_TABLE_ROWS
from xiangyun.kernel.formspec.tables import MOST_CHARACTERS

CELLS = [
    {"type": "textfield", "key": "plate", "label": "车牌", "validate": {"required": True}},
    {
        "type": "textfield",
        "key": "vin",
        "label": "车架号",
        "validate": {"required": True},
        "properties": {"format": "vin"},
    },
    {"type": "textfield", "key": "remark", "label": "备注"},
]
FORM = {
    "type": "default",
    "id": "cars",
    "schemaVersion": 17,
    "components": [
        {
            "type": "dynamiclist",
            "path": "vehicles",
            "label": "车辆",
            "validate": {"minLength": 1},
            "properties": {"table": "csv"},
            "components": CELLS,
        }
    ],
}


def form() -> Form:
    return read_form(json.dumps(FORM))


def number(n: int) -> str:
    return vin.make("LXY", "0000A", f"T{n:07}")


def lines(count: int, **wrong: str) -> str:
    rows = [f"吉A{n:05},{number(n)}" for n in range(count)]
    for place, text in wrong.items():
        rows[int(place.removeprefix("line")) - 2] = text
    return "\n".join(["plate,vin", *rows]) + "\n"


def sent(text: str, **before: object) -> Reading:
    made = form()
    field = table_field(made.question("vehicles"))
    return made.read(None, {field: [text]}, {"vehicles": None, **before})


def test_five_thousand_rows_are_read() -> None:
    reading = sent(lines(MAX_TABLE_ROWS))
    assert not reading.errors
    assert len(reading.answers["vehicles"]) == MAX_TABLE_ROWS
    assert reading.answers["vehicles"][4999] == {
        "plate": "吉A04999",
        "vin": number(4999),
        "remark": None,
    }


def test_of_five_thousand_with_three_wrong_the_three_lines_are_named() -> None:
    text = lines(
        5000, line17="吉A00015,LXY0000A6T0O00015", line2031=f",{number(9)}", line4980="吉A04978,LXY"
    )
    reading = sent(text)
    assert reading.answers["vehicles"] is None
    [(field, found)] = reading.errors.items()
    assert (field, found.id) == ("vehicles", "form.E129")
    assert "3 行不对：第 17 行、第 2031 行、第 4980 行" in found.message.zh
    assert "3 wrong lines: line 17, line 2031, line 4980" in found.message.en
    assert found.hint is not None
    assert found.hint.zh.startswith("第 17 行：车架号第 12 位是“O”")


def test_columns_are_found_by_their_words_in_any_order() -> None:
    reading = sent(f"\ufeff备注,车架号,颜色,车牌\n新车,{number(1)},白,吉A00001\n\n")
    assert not reading.errors
    assert reading.answers["vehicles"] == [
        {"plate": "吉A00001", "vin": number(1), "remark": "新车"}
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plate,remark\n吉A1,新\n", "form.E128"),
        ("", "form.E128"),
        ("plate,vin\n", "form.E101"),
        (lines(MAX_TABLE_ROWS) + f"吉A9,{number(1)}\n", "form.E118"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(text: str, found: str) -> None:
    made = form()
    if found == "form.E101":
        required = json.loads(json.dumps(FORM))
        required["components"][0]["validate"]["required"] = True
        made = read_form(json.dumps(required))
    reading = made.read(None, {"vehicles.csv": [text]}, {})
    assert reading.errors["vehicles"].id == found


def test_without_another_file_the_rows_stay() -> None:
    held = sent(lines(3)).answers["vehicles"]
    again = form().read(None, {}, {"vehicles": held})
    assert again.answers["vehicles"] == held
    assert not again.errors


def test_a_program_is_told_rows_instead_of_lines() -> None:
    rows = [{"plate": "吉A1", "vin": number(1)}, {"plate": "吉A2", "vin": "LXY"}]
    reading = from_json(form(), {"vehicles": rows})
    assert "第 2 行" in reading.errors["vehicles"].message.zh
    assert not from_json(form(), {"vehicles": rows[:1]}).errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("plate,vin\n吉A\ufffd,x\n", "编码"),
        ("plate,vin\n\0,x\n", "编码"),
        ("plate,vin\n" + "x" * MOST_CHARACTERS, "太大"),
        ("plate,vin\n" + "x" * 200_000 + ",y\n", "第 2 行"),
    ],
)
def test_what_is_no_table_is_told_and_nothing_of_it_is_kept(text: str, said: str) -> None:
    reading = sent(text, vehicles=[{"plate": "吉A1", "vin": number(1), "remark": None}])
    (error,) = reading.errors.values()
    assert error.id == "form.E130"
    assert said in error.message.zh


def test_a_cell_is_too_long_though_somebody_lets_csv_read_longer_ones() -> None:
    before = csv.field_size_limit(1_000_000)
    try:
        (error,) = sent("plate,vin\n" + "x" * 200_000 + ",y\n").errors.values()
    finally:
        csv.field_size_limit(before)
    assert error.id == "form.E130"
    assert "第 2 行" in error.message.zh


def test_a_cell_may_hold_a_line_break_and_signs_that_only_look_like_one() -> None:
    reading = sent(f'plate,vin,remark\n吉A1,{number(1)},"上\n下\u2028左"\n吉A2,{number(2)},右\n')
    assert not reading.errors
    assert [row["remark"] for row in reading.answers["vehicles"]] == ["上\n下\u2028左", "右"]
