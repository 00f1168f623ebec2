"""A law is cited in English where the service says its English name."""

from __future__ import annotations

import pytest

from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.tests.shipped import pack
from xiangyun.kernel.packfile.citation import article_words, cited

LAWS = [
    Text.given("中华人民共和国公司法（2023年修订）", "Company Law of the PRC (2023)"),
    Text.given("企业名称登记管理规定（国务院令第734号）", "Provisions on Names"),
]


@pytest.mark.parametrize(
    ("basis", "english"),
    [
        (
            "《企业名称登记管理规定》(国务院令第734号, 2021-03-01 施行)第六条",
            "Provisions on Names, Article 6",
        ),
        ("《公司法》第二十九条、第三十条", "Company Law of the PRC (2023), Article 29, Article 30"),
        ("《公司法》第一百零五条第二款", "Company Law of the PRC (2023), Article 105, paragraph 2"),
        (
            "《公司法》第十条；《企业名称登记管理规定》第二十条",
            "Company Law of the PRC (2023), Article 10; Provisions on Names, Article 20",
        ),
        (
            "《公司法》第四十六条至第四十八条",
            "Company Law of the PRC (2023), Article 46 to Article 48",
        ),
        ("《公司法》", "Company Law of the PRC (2023)"),
        ("《民法典》第十七条、第十八条第一款", "Civil Code, Article 17, Article 18, paragraph 1"),
        (
            "《公司法》第十九条（情形复杂，经负责人批准）；提示线由登记机关自定",
            "Company Law of the PRC (2023), Article 19 (情形复杂，经负责人批准); "
            "提示线由登记机关自定",
        ),
        ("《公司法》第六条及地方规定", "Company Law of the PRC (2023), Article 6; 地方规定"),
        (
            "《公司法》第六条；《别的办法》",
            "Company Law of the PRC (2023), Article 6; 《别的办法》",
        ),
    ],
)
def test_a_law_that_is_known_is_cited_in_english(basis: str, english: str) -> None:
    assert cited(basis, LAWS) == Text(basis, english)


@pytest.mark.parametrize(
    ("articles", "english"),
    [
        ("第三十条、第四十二条", "Article 30, Article 42"),
        ("第六条至第十二条、第十七条", "Article 6 to Article 12, Article 17"),
        ("第一条、第（五）项至第（九）项", "Article 1, item 5 to item 9"),
        ("附件 国家基本养老服务清单", "附件 国家基本养老服务清单"),
        ("", ""),
    ],
)
def test_the_articles_of_a_law_are_named_in_english(articles: str, english: str) -> None:
    assert article_words(articles) == Text.given(articles, english)


@pytest.mark.parametrize(
    "basis",
    [
        "",
        "《别的办法》第六条",
        "《别的办法》第六条（别的情形）",
        "按惯例",
    ],
)
def test_what_is_not_known_stays_as_it_is_written(basis: str) -> None:
    assert cited(basis, LAWS).en == basis


def test_the_shipped_rules_are_cited_in_english_where_the_law_is_known() -> None:
    law = pack().law("《企业名称登记管理规定》(国务院令第734号, 2021-03-01 施行)第六条")
    assert law.en == "Provisions on the Registration of Enterprise Names, Article 6"
    assert law.zh.startswith("《企业名称登记管理规定》")
