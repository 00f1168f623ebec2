"""Records are found by code, part, pinyin and variant form, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor, as_owner
from xiangyun.domain.registers import actions, names, queries
from xiangyun.domain.registers.declarations import used
from xiangyun.kernel.findings import Refused

from .declared import AT, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
NAMES = {
    "A1": "珲春市样祥云贸易有限公司",
    "A2": "長白样云木業有限公司",
    "A3": "ＡＢＣ样贸（吉林）有限公司",
    "22E4567": "样样样商店",
}


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()
    for code, name in NAMES.items():
        put(firm(code, name, status="closed" if code == "A2" else "open", capital=str(len(name))))


def put(data: dict, on: date = date(2026, 1, 1)) -> None:
    actions.record("firms", data["code"], data, valid_from=on, source="test", at=AT)


def found(text: str, **more: object) -> list[str]:
    with acting_as(SYSTEM):
        return [state.key for state in queries.search("firms", text, **more).states]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("22e4567", ["22E4567"]),
        ("２２Ｅ４５６７", ["22E4567"]),
        ("祥云", ["A1"]),
        ("样云木业", ["A2"]),
        ("樣雲木業", ["A2"]),
        ("长白", ["A2"]),
        ("changbai", ["A2"]),
        ("Hún Chūn", ["A1"]),
        ("xym", ["A1"]),
        ("abc样贸 (吉林)", ["A3"]),
        ("abc", ["A3"]),
        ("yangyangyang", ["22E4567"]),
        ("商店", ["22E4567"]),
        ("祥雲公司", []),
        ("%", []),
        ("'; DROP", []),
    ],
)
def test_a_name_is_found_by_whatever_of_it_is_typed(text: str, keys: list[str]) -> None:
    assert found(text) == keys


def test_a_record_is_listed_once_however_often_it_answers() -> None:
    assert sorted(found("样")) == sorted(NAMES)
    pages, after = [], None
    with acting_as(SYSTEM):
        while True:
            page = queries.search("firms", "样", after=after, limit=2)
            pages += [state.key for state in page.states]
            if (after := page.after) is None:
                break
    assert sorted(pages) == sorted(NAMES)


def test_filters_narrow_a_search_and_lead_one() -> None:
    assert found("有限公司", filters={"status": "closed"}) == ["A2"]
    assert found("", filters={"status": "open", "capital": (None, "6")}) == ["22E4567"]
    assert found("样", within=220102000000) == []
    assert sorted(found("", within=222400000000)) == sorted(NAMES)


def test_a_former_name_is_found_for_the_days_on_which_it_was_one() -> None:
    put(firm("A1", "新样厂", status="open"), date(2026, 3, 1))
    assert (found("祥云"), found("新样厂")) == ([], ["A1"])
    assert found("祥云", as_of=date(2026, 2, 1)) == ["A1"]
    assert found("新样厂", as_of=date(2026, 2, 1)) == []
    assert found("新样厂", known_on=AT.date() - timedelta(days=2)) == []


def test_a_page_costs_the_same_statements_however_long_it_is() -> None:
    counts = []
    for more in range(2):
        for number in range(more * 20):
            put(firm(f"Z{number}", f"样厂{number}号"))
        with (
            acting_as(actor("shencha")),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            assert queries.search("firms", "样").states
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 4


def test_a_search_under_row_level_security_reads_its_index() -> None:
    with acting_as(actor("shencha")), CaptureQueriesContext(connection) as captured:
        queries.search("firms", "样云")
        [sql] = [each["sql"] for each in captured if "registers_term" in each["sql"]]
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("EXPLAIN " + sql)
            plan = "\n".join(line for (line,) in cursor.fetchall())
    # The condition on the text is one of the index, not a filter behind the policy.
    conditions = [line for line in plan.split("\n") if "Index Cond: ((lane = " in line]
    assert any("text >= " in line for line in conditions), plan
    assert not [line for line in plan.split("\n") if "Filter" in line and "text" in line], plan


def test_a_name_is_taken_apart_into_suffixes_with_their_pinyin() -> None:
    assert [tuple(part) for part in names.parts("长春Ａ厂")] == [
        ("长春a厂", "changchunachang", "ccac"),
        ("春a厂", "chunachang", "cac"),
        ("a厂", "achang", "ac"),
        ("厂", "chang", "c"),
    ]
    assert names.readings("单雄", of_a_person=True)[0] == "shan"
    assert names.readings("重庆长白镇赉") == ["chong", "qing", "chang", "bai", "zhen", "lai"]


def test_a_term_of_another_register_is_not_read() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registers_term WHERE record_id IS NULL")
        assert cursor.fetchone() == (0,)
    assert used("firms").numbers.keys() == {
        "code", "name", "capital", "founded", "status", "phone",
    }  # fmt: skip


@pytest.mark.parametrize(
    "after",
    ["zzz", "W10", "WzksIngiLCAxXQ", "WzAsIDUsIDFd", "WzAsICJ4IiwgMTAwMDAwMDAwMDAwMDAwMDAwMDAwMF0"],
)
def test_a_mark_that_no_page_has_given_out_is_refused(after: str) -> None:
    with pytest.raises(Refused, match=r"register\.E013"):
        found("样", after=after)


def test_what_no_database_can_hold_finds_nothing_and_breaks_nothing() -> None:
    assert sorted(found("\0样\0")) == sorted(NAMES)
    assert found("样", within=10**30) == found("样", within=-1) == []
    assert found("样", known_on=date.max) == found("样")
    with acting_as(SYSTEM):
        assert queries.state("firms", "A\0") is None
