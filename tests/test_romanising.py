"""What towns and villages are called in English follows one rule."""

from __future__ import annotations

import csv
import lzma

import pytest
from romanising import DATA, in_english, rows


@pytest.mark.parametrize(
    ("name", "above", "english"),
    [
        ("靖边村委会", (), "Jingbian Village"),
        ("英安镇", (), "Ying'an Town"),
        ("绿园街道", (), "Lüyuan Subdistrict"),
        ("长山镇", (), "Changshan Town"),
        ("土城子满族朝鲜族乡", (), "Tuchengzi Manchu and Korean Township"),
        ("合隆居委会（合隆经济开发区）（省级）", (), "Helong Community"),
        (
            "四平市铁东区叶赫满族镇白木匠村村民委员会",
            ("四平市", "铁东区", "叶赫满族镇"),
            "Baimujiang Village",
        ),
        ("珲春林业局", (), "Hunchun Forestry Bureau"),
        ("园艺场", (), "Yuanyichang"),
    ],
)
def test_the_own_name_is_pinyin_and_the_kind_is_translated(
    name: str, above: tuple[str, ...], english: str
) -> None:
    assert in_english(name, above) == english


def test_the_data_are_what_the_rule_makes() -> None:
    packed = lzma.decompress((DATA / "lower.csv.xz").read_bytes()).decode("utf-8")
    found = [tuple(row) for row in csv.reader(packed.splitlines())][1:]
    assert found == list(rows()), "run python tests/romanising.py"
