"""Figures are computed by period, division and part, and lead back to the rows behind them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.datasets import figures, queries
from xiangyun.domain.datasets.models import Computed, Figure
from xiangyun.domain.registers import actions as registers
from xiangyun.kernel.projection import Period

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
ON = date(2026, 3, 5)
HUNCHUN, YANJI, JILIN = 222404000000, 222401000000, 220000000000

REGISTER = """
code: shop
name: {zh-Hans: 店, en: Shops}
department: market-supervision
class: ordinary
subject: none
key: code
place: division
laws:
  - {law: {zh-Hans: 《条例》, en: The regulation}, article: 第三条, verified: false}
fields:
  - {name: code, type: text, required: true, words: {zh-Hans: 代码, en: Code}}
  - {name: division, type: text, format: division, words: {zh-Hans: 区划, en: Division}}
  - {name: kind, type: text, words: {zh-Hans: 种类, en: Kind}}
  - {name: opened, type: date, words: {zh-Hans: 开业, en: Opened}}
  - {name: turnover, type: number, scale: 2, words: {zh-Hans: 营业额, en: Turnover}}
readers: [shops/figures]
writers: [shops/figures]
prefill: []
examples:
  - {data: {code: A1, division: "222404000000"}}
"""
INDICATORS = """
indicators:
  - id: shops
    name: {zh-Hans: 店数, en: Shops}
    unit: {zh-Hans: 家, en: shops}
    over: {register: shop}
    measure: count
    part: kind
  - id: shops_opened
    name: {zh-Hans: 新开, en: Opened}
    unit: {zh-Hans: 家, en: shops}
    over: {register: shop, at: opened}
    when: =kind != "100% closed"
    measure: count
  - id: turnover
    name: {zh-Hans: 营业额, en: Turnover}
    unit: {zh-Hans: 元, en: yuan}
    over: {register: shop}
    measure: {sum: =turnover}
    decimals: 2
  - id: turnover_median
    name: {zh-Hans: 中位营业额, en: Median}
    unit: {zh-Hans: 元, en: yuan}
    over: {register: shop}
    measure: {median: =turnover}
    decimals: 1
  - id: turnover_each
    name: {zh-Hans: 每家营业额, en: Turnover of each}
    unit: {zh-Hans: 元, en: yuan}
    of: =turnover / shops
    decimals: 2
  - id: shops_more
    name: {zh-Hans: 增加, en: More}
    unit: {zh-Hans: 家, en: shops}
    of: =shops - shops_before
"""
CHANGES = "# Changes\n\n## 1 (2026-01-01)\n- First version.\n- 首版。\n"


@pytest.fixture(autouse=True)
def _shops(demonstration: None) -> None:
    files = {
        "registers/shop.yaml": REGISTER.lstrip(),
        "indicators.yaml": INDICATORS.lstrip(),
        "CHANGES.md": CHANGES,
    }
    with acting_as(SYSTEM) as actor:
        catalogue.publish("shops/figures", files, actor=actor, at=AT)
    for number, (place, kind, opened, turnover) in enumerate(
        [
            (HUNCHUN, "food", "2026-01-10", "100.50"),
            (HUNCHUN, "food", "2026-02-10", "200.25"),
            (YANJI, "cloth", "2026-02-28", "50.00"),
        ]
    ):
        with acting_as(SYSTEM):
            registers.enter_record(
                register="shop",
                key=f"A{number}",
                division=place,
                data={
                    "code": f"A{number}",
                    "division": f"{place:012}",
                    "kind": kind,
                    "opened": opened,
                    "turnover": Decimal(turnover),
                },
                source="试验",
                on=date.fromisoformat(opened),
            )


def value(id_: str, place: int, month: int, part: str = "", level: int = 6) -> Decimal | None:
    with acting_as(SYSTEM):
        found = Figure.objects.filter(
            indicator=id_, period=date(2026, month, 1), place=place, part=part, level=level
        )
        return found.values_list("value", flat=True).first()


def test_what_stands_is_counted_for_each_period_by_place_and_part() -> None:
    ran = {each.id: each for each in figures.compute(ON, at=AT)}
    assert {id_: one.problem for id_, one in ran.items() if one.problem} == {}
    assert [value("shops", HUNCHUN, month) for month in (1, 2, 3)] == [1, 2, 2]
    assert value("shops", JILIN, 2, level=2) == 3
    assert value("shops", JILIN, 2, "food", level=2) == 2
    assert value("shops", YANJI, 1) is None


def test_what_has_a_date_is_counted_in_the_period_that_it_lies_in() -> None:
    figures.compute(ON, at=AT)
    assert [value("shops_opened", JILIN, month, level=2) for month in (1, 2, 3)] == [1, 2, None]


def test_figures_are_summed_up_halved_and_made_of_each_other() -> None:
    figures.compute(ON, at=AT)
    assert value("turnover", HUNCHUN, 2) == Decimal("300.75")
    assert value("turnover_median", HUNCHUN, 2) == Decimal("150.4")
    assert value("turnover_each", HUNCHUN, 2) == Decimal("150.38")
    assert value("shops_more", HUNCHUN, 2) == 1
    assert value("shops_more", HUNCHUN, 3) == 0


def test_a_second_run_computes_only_what_may_have_changed() -> None:
    figures.compute(ON, at=AT)
    again = {each.id: each for each in figures.compute(ON, at=AT)}
    assert again["shops"].periods == 1
    later = {each.id: each for each in figures.compute(date(2026, 5, 1), at=AT)}
    assert later["shops"].periods == 3
    assert value("shops", HUNCHUN, 4) == 2


def test_a_figure_that_cannot_be_computed_is_told_and_the_others_go_on() -> None:
    with acting_as(SYSTEM):
        registers.enter_record(
            register="shop",
            key="wrong",
            division=HUNCHUN,
            data={"code": "wrong", "division": f"{HUNCHUN:012}", "kind": "food"},
            source="试验",
            on=date(2026, 1, 1),
        )
    ran = {each.id: each for each in figures.compute(ON, at=AT, only="turnover_each")}
    assert sorted(ran) == ["shops", "turnover", "turnover_each"]
    assert value("turnover_each", HUNCHUN, 2) == Decimal("100.25")
    with acting_as(SYSTEM):
        assert Computed.objects.get(pk="turnover").problem == ""


def test_a_board_shows_a_place_those_below_it_and_time() -> None:
    figures.compute(ON, at=AT)
    (shops,) = queries.board(222400000000, ON, only=["shops"]).figures
    assert shops.period == Period(date(2026, 2, 1), "month")
    assert (shops.value, shops.change) == (3, 2)
    assert {p.division: p.value for p in shops.places if p.value is not None} == {
        HUNCHUN: 2,
        YANJI: 1,
    }
    assert [part.zh for part, _ in shops.parts] == ["cloth", "food"]


def test_a_figure_leads_to_other_figures_and_to_rows() -> None:
    figures.compute(ON, at=AT)
    month = Period(date(2026, 2, 1), "month")
    made = queries.trace(SYSTEM, "turnover_each", HUNCHUN, month)
    assert made is not None
    assert {one.id: value for one, _, value in made.inputs} == {
        "shops": 2,
        "turnover": Decimal("300.75"),
    }
    rows = queries.trace(SYSTEM, "shops", HUNCHUN, month)
    assert rows is not None
    assert [row[0] for row in rows.rows] == ["A0", "A1"]
