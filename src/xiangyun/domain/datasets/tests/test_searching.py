"""Facets of the catalogue: counted in memory, and never those of another moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.datasets.facets import Answers
from xiangyun.domain.datasets.listing import put, terms_of
from xiangyun.domain.datasets.models import Listing
from xiangyun.domain.datasets.searching import Asked, search
from xiangyun.kernel.findings import Refused

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
OURS = {"organization": ("made_up_office",)}


def entry(code: str, title: str, tags: list[str], kind: str = "dataset") -> Listing:
    return Listing(
        code=f"made-up-{code}", kind=kind, organization="made_up_office", opening="unconditional",
        formats=["CSV"], tags=tags, title=title, modified=AT, terms=terms_of([title, *tags]),
        told={"title": {"zh": title, "en": title}},
    )  # fmt: skip


def counted(words: str = "", **narrowed: tuple[str, ...]) -> tuple[int, dict[str, int]]:
    asked = Asked(words, {**OURS, **narrowed})
    found = search(asked, ("tags",))
    assert found.count == len(found.entries)
    return found.count, dict(found.facets["tags"])


def test_words_and_facets_narrow_down_together_and_are_counted() -> None:
    with acting_as(SYSTEM):
        put([entry("a", "空气质量", ["空气", "环境"]), entry("b", "空气监测站", ["空气"]),
             entry("c", "道路客运", ["交通", "交通"], "register")])  # fmt: skip
    assert counted() == (3, {"空气": 2, "交通": 1, "环境": 1})
    assert counted("空气") == (2, {"空气": 2, "环境": 1})
    assert counted("空气", tags=("环境",)) == (1, {"环境": 1, "空气": 1})
    assert counted(tags=("空气", "环境"))[0] == 1, "of tags all are asked for"
    assert counted(kind=("dataset", "register"))[0] == 3, "of kinds one of them"
    assert counted("没有这个词啊") == (0, {})
    assert counted(tags=("没有",)) == (0, {})
    with pytest.raises(Refused):
        search(Asked(), ("nothing",))


def test_facets_follow_every_change_and_none_that_was_rolled_back() -> None:
    with acting_as(SYSTEM):
        put([entry("a", "空气质量", ["空气"])])
        assert counted()[0] == 1
        try:
            with transaction.atomic():
                put([entry("b", "水质", ["水"])])
                assert counted()[0] == 2
                raise KeyError  # what was counted in memory meanwhile is not true any more
        except KeyError:
            pass
        assert counted() == (1, {"空气": 1})
        put([entry("c", "水质", ["水"])])
        assert counted() == (2, {"水": 1, "空气": 1})
        Listing.objects.filter(code="made-up-a").delete()
    assert counted() == (1, {"水": 1})


def test_words_that_are_asked_again_are_answered_from_memory_until_something_changed() -> None:
    with acting_as(SYSTEM):
        put([entry("a", "空气质量", ["空气"])])
        assert counted("空气")[0] == 1
        with CaptureQueriesContext(connection) as asked:
            assert counted("空气", tags=("空气",))[0] == 1
        assert not [each for each in asked if "terms" in each["sql"].split("WHERE")[-1]]
        put([entry("b", "空气监测站", ["空气"])])
        assert counted("空气")[0] == 2
        for word in range(Answers.MOST + 10):
            search(Asked(f"word{word}"))
        assert counted("空气")[0] == 2, "long forgotten, and asked for again"
