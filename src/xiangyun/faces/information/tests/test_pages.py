"""News, policies and common questions: published by four eyes, found by the search of services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import replaying
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.catalogue import drafts
from xiangyun.domain.information import queries
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.pack import check_pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def page(address: str, status: int = 200) -> str:
    answer = Client().get(address, headers={"accept-language": "zh-CN"})
    assert answer.status_code == status, address
    return answer.content.decode()


def test_articles_are_listed_by_sort_and_lead_to_their_services() -> None:
    assert "企业开办当天领照" in page("/information/")
    assert "证明事项告知承诺制" in page("/information/?sort=policy")
    shown = page("/information/promise-instead-of-proof/")
    assert "未核对" in shown
    assert 'href="/services/market/company-registration"' in shown
    page("/information/nothing/", 404)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("容缺受理", "what-if-a-paper-is-missing"),
        ("chengnuo", "promise-instead-of-proof"),
        ("当天领照", "one-day-licence"),
        ("ask the office", "how-to-ask-the-office"),
    ],
)
def test_the_search_of_services_finds_them_by_words_and_sound(words: str, code: str) -> None:
    assert f'href="/information/{code}/"' in page(f"/search?q={words}")


def test_a_guide_names_what_is_about_its_service() -> None:
    assert "/information/how-to-ask-the-office/" in page("/services/market/company-registration")


def test_what_has_not_begun_or_is_over_is_not_shown() -> None:
    today = timezone.localdate()
    one = queries.article("one-day-licence", today)
    assert one is not None
    assert not one.is_shown(one.from_day - timedelta(days=1))
    assert queries.article("one-day-licence", one.from_day - timedelta(days=1)) is None


ARTICLE = """sort: news
title: {zh-Hans: 样样新消息（演示）, en: Fresh news (demonstration)}
department: market_supervision
from: 2026-04-01
body: {zh-Hans: 虚构的一句话。, en: A made-up sentence.}
"""


def test_an_article_is_published_by_somebody_else_than_its_author() -> None:
    author, publisher, now = actor("bianxie"), actor("fabu"), timezone.now()
    with acting_as(author):
        made = drafts.begin("government/information", actor=author, at=now)
        files = {"articles/fresh-news.yaml": ARTICLE}
        made = drafts.write(made.pk, files, revision=made.revision, actor=author, at=now)
        made, said = drafts.check(made.pk, revision=made.revision, actor=author, at=now)
        assert made.state == drafts.CHECKED, said
        made = replaying.replay_draft(made.pk, revision=made.revision, actor=author, at=now)
        with pytest.raises(Refused):
            drafts.agree(
                made.pk,
                revision=made.revision,
                from_on=timezone.localdate(),
                actor=author,
                at=now,
            )
    page("/information/fresh-news/", 404)
    with acting_as(publisher):
        drafts.agree(
            made.pk, revision=made.revision, from_on=timezone.localdate(), actor=publisher, at=now
        )
    assert "样样新消息" in page("/information/fresh-news/")
    assert "/information/fresh-news/" in page("/search?q=样样新消息")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sort: news", "sort: gossip", "pack.E006"),
        ("from: 2026-04-01", "from: 2026-04-01\nuntil: 2026-03-01", "pack.E668"),
        ("market_supervision", "market_supervison", "pack.E058"),
    ],
)
def test_what_is_wrong_with_an_article_is_said(old: str, new: str, said: str) -> None:
    assert old in ARTICLE
    found = check_pack({"articles/a.yaml": ARTICLE.replace(old, new)}, "area/articles")
    assert said in {each.id for each in found}, [(f.id, f.message.en) for f in found]
