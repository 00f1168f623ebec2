"""What is written into the national tables is read back; what is no table is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from glob import glob

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiangyun.kernel.findings import Refused, Text
from xiangyun.kernel.pack import published_pack
from xiangyun.kernel.pack.tests.shipped import PACKS, files
from xiangyun.kernel.service import nationaltables as tables

CODES = sorted(
    path.removeprefix(PACKS).removesuffix("/service.yaml")
    for path in glob(f"{PACKS}*/*/service.yaml")
)
PLACE = (Text("珲春市", "Hunchun"), "222404")


ACCEPTED: tables.Values = {
    "number": "1", "code": "area/name", "name": "事项", "version": Decimal(7), "due_on": None,
    "applied_on": date(2026, 4, 9), "accepted_on": date(2026, 4, 9), "applicant": "样云",
    "division": "222404000000", "subject": "样云",
}  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_shipped_item_comes_back_as_it_was_written(code: str) -> None:
    item = published_pack(files(code)).service
    for table, rows in (
        (tables.BASIC, [tables.basic_values(item, *PLACE)]),
        (tables.EXTEND, [tables.extend_values(item, PLACE[1])]),
        (tables.MATERIAL, tables.material_values(item, PLACE[1])),
    ):
        if rows:
            text = tables.written(table, rows)
            assert tables.read(table, text) == rows
            assert tables.written(table, tables.read(table, text)) == text


def test_what_a_case_needs_not_say_may_be_empty() -> None:
    assert tables.read(tables.ACCEPT, tables.written(tables.ACCEPT, [ACCEPTED])) == [ACCEPTED]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), st.dates())
def test_any_words_come_back(words: str, day: date) -> None:
    row: tables.Values = dict.fromkeys((column.key for column in tables.ACCEPT.columns), words)
    row = {**row, "version": Decimal(1), "applied_on": day, "accepted_on": day, "due_on": None}
    assert tables.read(tables.ACCEPT, tables.written(tables.ACCEPT, [row])) == [row]


@pytest.mark.parametrize(("text", "id"), [
    ("", "pack.E261"),
    ("project_no\r\n", "pack.E261"),
    (tables.written(tables.ACCEPT, []), "pack.E263"),
    (tables.written(tables.RESULT, []), "pack.E261"),
    (tables.written(tables.ACCEPT, [{**ACCEPTED, "version": None}]), "pack.E262"),
    (tables.written(tables.ACCEPT, [ACCEPTED]).replace(",7,", ",x,"), "pack.E262"),
])  # fmt: skip
def test_what_is_no_table_is_refused(text: str, id: str) -> None:
    with pytest.raises(Refused) as refused:
        tables.read(tables.ACCEPT, text)
    assert {each.id for each in refused.value.findings} == {id}
