"""Departments are files: each with a number that stays and a key of its own."""

from __future__ import annotations

import pytest

from xiangyun.kernel.codes.department import DEPARTMENTS, department, key_of
from xiangyun.kernel.pack import Known, check_pack, read_contents
from xiangyun.kernel.pack.tests.shipped import errors, files

SHIPPED = "government/departments"
ONE = "departments: [{number: 142, key: parks, name: {zh-Hans: 公园局, en: Parks}}]\n"


def found(text: str, known: Known | None = None) -> list[str]:
    checked = check_pack({"departments.yaml": text}, "own/departments", known or Known())
    return [each.id for each in errors(checked)]


def test_the_shipped_file_is_where_departments_come_from() -> None:
    (declared,) = read_contents(files(SHIPPED), SHIPPED).declarations
    assert {each.key: each for each in declared.value} == dict(DEPARTMENTS)
    assert len(DEPARTMENTS) == 141
    assert all(("虚构" in d.name.zh) is d.fictitious for d in DEPARTMENTS.values())
    assert key_of(DEPARTMENTS["fire"].number) == "fire"
    assert department("market-supervision") == DEPARTMENTS["market_supervision"]


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("142", "0", "pack.E100"),
        ("142", "1.5", "pack.E100"),
        ("142", "10000", "pack.E100"),
        ("parks,", "Parks,", "pack.E101"),
        ("}}]", "}}, {number: 142, key: lakes, name: {zh-Hans: 湖泊局, en: Lakes}}]", "pack.E102"),
    ],
)
def test_what_is_wrong_with_a_department_is_told(old: str, new: str, id: str) -> None:
    assert found(ONE) == []
    assert found(ONE.replace(old, new)) == [id]


def test_no_pack_gives_a_number_that_another_has_given() -> None:
    known = Known(read_contents(files(SHIPPED), SHIPPED).declarations)
    assert found(ONE, known) == []
    assert found(ONE.replace("142", "141"), known) == ["pack.E102"]
    assert found(ONE.replace("parks", "fire"), known) == ["pack.E102"]
