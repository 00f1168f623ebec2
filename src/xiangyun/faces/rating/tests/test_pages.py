"""Pages of ratings: the code at the counter, the public figures, and a case that is rated again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.ratings import actions
from xiangyun.domain.ratings.models import Rating
from xiangyun.domain.ratings.tests.test_rating import (
    HUNCHUN,
    MORNING,
    SERVICE,
    do,
    ended,
    follow,
    opened_by,
    rate,
)
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstrated(demonstration: None) -> None:
    pass


def test_a_counter_is_rated_by_the_code_that_hangs_there() -> None:
    client, address = Client(), reverse("rating:counter", args=[HUNCHUN, SERVICE])
    assert client.get(reverse("rating:code", args=[HUNCHUN, SERVICE])).status_code == 200
    assert "珲春市" in client.get(address).content.decode()
    sent = {"stars": "4", "tags": ["quick", "polite"], "words": "好"}
    assert client.post(address, sent)["Location"] == reverse("rating:thanks")
    with acting_as(SYSTEM):
        found = Rating.objects.get()
    assert (found.stars, found.tags, found.channel) == (4, ["quick", "polite"], "counter")


@pytest.mark.parametrize("stars", ["", "6", "0", "٣"])
def test_without_a_grade_what_was_typed_stays(stars: str) -> None:
    answer = Client().post(
        reverse("rating:counter", args=[HUNCHUN, SERVICE]), {"stars": stars, "words": "慢死了"}
    )
    assert answer.status_code == 422
    assert "慢死了" in answer.content.decode()


@pytest.mark.parametrize(("division", "service"), [(1, SERVICE), (HUNCHUN, "no/such")])
def test_a_counter_that_is_not_there_has_no_page(division: int, service: str) -> None:
    for name in ("counter", "code"):
        assert Client().get(reverse(f"rating:{name}", args=[division, service])).status_code == 404


def test_figures_are_shown_to_everybody() -> None:
    for _ in range(5):
        actions.rate_counter(SERVICE, HUNCHUN, 4, "", at=MORNING)
    shown = Client().get(reverse("rating:figures")).content.decode()
    assert shown.count("4.00") == 2
    assert "珲春市 市场监督管理局" in shown


def test_the_page_of_a_case_asks_again_after_rectification() -> None:
    case = ended()
    rate(case, 1)
    wang, address = Client(), reverse("portal:case", args=[case.pk])
    wang.post("/login", {"login": "wang", "password": PASSWORD})
    assert "正在整改" in wang.get(address).content.decode()
    [opened] = opened_by("government/rating-rectification")
    do(opened, "jueding", "report_unfounded", "当天没有开")
    do(opened, "duban", "confirm_rectification")
    follow()
    assert "再评一次" in wang.get(address).content.decode()
    wang.post(reverse("portal:rate", args=[case.pk]), {"stars": "5"})
    shown = wang.get(address).content.decode()
    assert "非常满意" in shown
    assert "再评一次" not in shown
