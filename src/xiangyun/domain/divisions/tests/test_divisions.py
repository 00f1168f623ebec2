from __future__ import annotations

import re

import pytest

from xiangyun.domain.divisions import queries
from xiangyun.domain.divisions.models import Division, Level

pytestmark = pytest.mark.django_db


def test_jilin_is_loaded_down_to_every_village() -> None:
    low, high = queries.subtree(220000000000)
    inside = Division.objects.filter(code__range=(low, high))
    assert inside.filter(level=Level.TOWN).count() == 1075
    assert inside.filter(level=Level.VILLAGE).count() == 11860
    assert inside.filter(level=Level.COUNTY).count() == 69


def test_the_nine_statistical_zones_of_jilin_are_not_official() -> None:
    zones = Division.objects.filter(official=False)
    assert zones.count() == 9
    assert all(str(zone.code)[4] == "7" for zone in zones)


def test_the_path_of_a_village_leads_from_the_province_down() -> None:
    names = [step.name for step in queries.path(222404001001)]
    assert names == ["吉林省", "延边朝鲜族自治州", "珲春市", "靖和街道", "永新社区"]


@pytest.mark.parametrize(
    ("code", "high"),
    [
        (220000000000, 229999999999),
        (222400000000, 222499999999),
        (222404000000, 222404999999),
        (222404001000, 222404001999),
        (222404001001, 222404001001),
    ],
)
def test_a_subtree_is_one_range_of_codes(code: int, high: int) -> None:
    assert queries.subtree(code) == (code, high)


def test_the_county_of_a_village_is_found_above_it_and_not_below_a_province() -> None:
    county = queries.at_level(222404001001, Level.COUNTY)
    assert county is not None
    assert county.name == "珲春市"
    assert queries.at_level(220000000000, Level.COUNTY) is None


def test_a_place_is_read_in_english() -> None:
    words = queries.path_words(222404001001)
    assert words.zh == "延边朝鲜族自治州 珲春市 靖和街道 永新社区"
    assert words.en == (
        "Yongxin Community, Jinghe Subdistrict, Hunchun City, Yanbian Korean Autonomous Prefecture"
    )


def test_a_province_is_called_by_its_own_name() -> None:
    words = queries.path_words(220000000000)
    assert (words.zh, words.en) == ("吉林省", "Jilin Province")


def test_every_official_county_of_jilin_has_an_english_name() -> None:
    low, high = queries.subtree(220000000000)
    named = Division.objects.filter(code__range=(low, high), level__lte=Level.COUNTY, official=True)
    assert named
    for division in named:
        assert division.words.en.isascii() or "ü" in division.words.en, division.name


def test_every_town_and_village_has_an_english_name() -> None:
    low, high = queries.subtree(220000000000)
    named = Division.objects.filter(code__range=(low, high), level__gt=Level.COUNTY)
    assert [d.name for d in named if re.search("[\u4e00-\u9fff]", d.words.en)] == []


def test_a_village_is_found_by_its_english_name_where_nothing_above_it_is_called_so() -> None:
    assert "靖边村委会" in [found.name for found in queries.find("jingbian village")]


@pytest.mark.parametrize("words", ["Hunchun", "hunchun city", "HUNCHUN"])
def test_a_county_is_found_by_its_english_name(words: str) -> None:
    assert [found.name for found in queries.find(words)] == ["珲春市"]


@pytest.mark.parametrize(("words", "name"), [("luyuan", "绿园区"), ("jian city", "集安市")])
def test_dots_and_apostrophes_may_be_left_out_of_an_english_name(words: str, name: str) -> None:
    assert [found.name for found in queries.find(words)] == [name]


@pytest.mark.parametrize("words", ["靖边村", "’", "·"])
def test_words_without_a_latin_letter_are_no_english_name(words: str) -> None:
    assert all(words in found.name for found in queries.find(words))
