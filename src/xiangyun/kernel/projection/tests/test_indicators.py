"""Indicators and data sets are read, checked with their places, and said in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import pytest

from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack import read_contents
from xiangyun.kernel.pack.kind import Known
from xiangyun.kernel.pack.kinds import kinds
from xiangyun.kernel.projection import Period, between, period_of, read_indicators, read_period
from xiangyun.kernel.projection.statement import Rows, figures_sql, table_sql

ONE = """
indicators:
  - id: shops
    name: {zh-Hans: 店数, en: Shops}
    unit: {zh-Hans: 家, en: shops}
    over: {cases: all, at: ended}
    measure: count
""".lstrip()
SET = """
code: shops
name: {zh-Hans: 店, en: Shops}
summary: {zh-Hans: 店。, en: Shops.}
department: market-supervision
group: {code: economy, name: {zh-Hans: 经济, en: Economy}}
licence: CC-BY-4.0
catalogue: departmental
catalogue_code: 3060120/00001
sharing: unconditional
open: unconditional
update: monthly
over: {cases: all, at: ended}
disclosure: {threshold: 3}
columns:
  - {name: month, type: date, of: =period, words: {zh-Hans: 月, en: Month}}
  - {name: service, type: text, of: =service, total: true, words: {zh-Hans: 事项, en: Service}}
  - {name: cases, type: integer, measure: count, words: {zh-Hans: 件, en: Cases}}
""".lstrip()


def findings(files: Mapping[str, str]) -> list[Finding]:
    """What is wrong with files, beside each other and nothing else."""
    found = list[Finding]()
    declared = []
    for kind in kinds().values():
        own = {path: text for path, text in files.items() if kind.owns(path)}
        if own and kind.name in ("indicator", "dataset"):
            declared += kind.read(own, "shops/figures", found.append)
    known = Known(declared, whole=True)
    for each in declared:
        found += kinds()[each.kind].fits(each, known)
    return [one for one in found if one.severity == "error"]


def ids(text: str, path: str = "indicators.yaml") -> list[str]:
    return sorted({finding.id for finding in findings({path: text})})


def test_what_is_right_has_no_findings() -> None:
    assert ids(ONE) == []
    assert ids(SET, "datasets/shops.yaml") == []


@pytest.mark.parametrize(
    ("was", "becomes", "id"),
    [
        ("{cases: all, at: ended}", "{}", "projection.E001"),
        ("{cases: all, at: ended}", "{cases: all, at: begun}", "pack.E051"),
        ("{cases: all, at: ended}", "{register: nowhere}", "pack.E050"),
        ("measure: count", "measure: {mean: =days}", "projection.E002"),
        ("measure: count", "measure: {sum: =outcome}", "projection.E011"),
        ("measure: count", "measure: {share: =days}", "projection.E012"),
        ("measure: count", "measure: {sum: =dayz}", "feel.E002"),
        ("measure: count", "when: =days\n    measure: count", "projection.E012"),
        ("id: shops", "id: shops_before", "projection.E004"),
        ("id: shops", "id: Shops-1", "pack.E006"),
        ("measure: count", "measure: count\n    part: nothing", "pack.E051"),
        ("measure: count", "measure: count\n    department: nobody", "pack.E058"),
    ],
)
def test_a_fault_of_an_indicator_is_named(was: str, becomes: str, id: str) -> None:
    assert was in ONE
    assert id in ids(ONE.replace(was, becomes))


def test_an_indicator_is_not_made_of_itself_nor_of_other_lengths() -> None:
    made = "  - id: {id}\n    name: {{zh-Hans: 甲, en: A}}\n    unit: {{zh-Hans: 个, en: a}}\n"
    circle = ONE + made.format(id="one") + "    of: =two\n"
    circle += made.format(id="two") + "    of: =one + 1\n"
    assert "projection.E014" in ids(circle)
    assert ids(ONE + made.format(id="one") + "    of: =100 * shops / shops_before\n") == []
    yearly = ONE + made.format(id="one") + "    of: =shops\n    period: year\n"
    assert ids(yearly) == ["projection.E013"]
    assert "pack.E050" in ids(ONE + made.format(id="one") + "    of: =shopz\n")


@pytest.mark.parametrize(
    ("was", "becomes", "id"),
    [
        ("code: shops", "code: shop", "projection.E010"),
        ("3060120/00001", "4/1", "projection.E005"),
        ("sharing: unconditional", "sharing: none", "projection.E006"),
        ("open: unconditional", "open: conditional", "projection.E007"),
        (", measure: count", "", "projection.E008"),
        (", measure: count", ", of: =days", "projection.E015"),
        ("disclosure: {threshold: 3}\n", "", "projection.E016"),
        ("name: cases,", "name: month,", "projection.E003"),
        ("licence: CC-BY-4.0", "licence: mine", "pack.E006"),
        ("=service,", "=servise,", "feel.E002"),
    ],
)
def test_a_fault_of_a_data_set_is_named(was: str, becomes: str, id: str) -> None:
    assert was in SET
    assert id in ids(SET.replace(was, becomes), "datasets/shops.yaml")


def test_a_folder_with_indicators_alone_is_a_pack() -> None:
    files = {"indicators.yaml": ONE, "CHANGES.md": "# Changes\n\n## 1 (2026-01-01)\n- 首版。\n"}
    read = read_contents(files, "shops/figures")
    assert [(each.kind, each.code) for each in read.declarations] == [("indicator", "shops")]


def test_periods_follow_each_other_and_are_written_and_read() -> None:
    january = period_of(date(2026, 1, 31), "month")
    assert (january.later(-1).code, january.last, january.year_before.code) == (
        "2025-12",
        date(2026, 1, 31),
        "2025-01",
    )
    assert period_of(date(2026, 8, 1), "quarter").code == "2026-Q3"
    assert read_period("2026-Q3", "quarter") == Period(date(2026, 7, 1), "quarter")
    assert read_period("2026-7", "month") is None
    assert [each.code for each in between(january.later(-1), january)] == ["2025-12", "2026-01"]
    assert Period(date(2024, 2, 29), "day").year_before.first == date(2023, 2, 28)


def test_duckdb_computes_the_same_statement_over_a_table() -> None:
    """The statement of an indicator over a million rows is the one of a page."""
    (shops,) = read_indicators(
        ONE.replace("measure: count", "measure: {average: =days}\n    decimals: 1"),
        lambda finding: None,
    )
    rows = """SELECT 220100000000 + (i % 2) * 1000000 AS _division, DATE '2026-01-01' AS _period,
        DATE '2026-01-31' AS "_on", i AS days FROM range(4) t(i)"""
    sql = figures_sql(shops, Rows(rows, {"days": "integer"}), "duckdb")
    found = duckdb.connect().sql(f"SELECT level, place, counted, value FROM ({sql})").fetchall()
    assert sorted((a, b, c, float(d)) for a, b, c, d in found) == [
        (2, 220000000000, 4, 1.5),
        (4, 220100000000, 4, 1.5),
        (6, 220100000000, 2, 1.0),
        (6, 220101000000, 2, 2.0),
    ]


def test_a_field_that_is_called_on_is_meant_and_not_the_last_day() -> None:
    (shops,) = read_indicators(
        ONE.replace("measure: count", 'measure: {share: =on > date("2026-01-20")}'),
        lambda finding: None,
    )
    rows = """SELECT 220100000000 AS _division, DATE '2026-01-01' AS _period,
        DATE '2026-01-31' AS "_on", DATE '2026-01-19' + i::integer AS "on" FROM range(4) t(i)"""
    sql = figures_sql(shops, Rows(rows, {"on": "date"}), "duckdb")
    found = duckdb.connect().sql(f"SELECT value FROM ({sql}) WHERE level = 2").fetchall()
    assert [float(value) for (value,) in found] == [50.0]


def test_a_table_with_totals_has_a_row_for_all_together() -> None:
    files = {"datasets/shops.yaml": SET}
    (one,) = kinds()["dataset"].read(files, "shops/figures", lambda finding: None)
    rows = """SELECT 220100000000 AS _division, DATE '2026-01-01' AS _period,
        DATE '2026-01-31' AS "_on", CASE WHEN i < 3 THEN 'a' ELSE 'b' END AS service
        FROM range(4) t(i)"""
    sql = table_sql(one.value, Rows(rows, {"service": "text"}), "duckdb")
    found = duckdb.connect().sql(f"SELECT service, cases FROM ({sql})").fetchall()
    assert sorted(found) == [("*", 4), ("a", 3), ("b", 1)]
