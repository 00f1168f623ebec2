"""The first page costs the same however many services there are: only what it shows is read."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.faces.look import limits
from xiangyun.faces.portal.views import home
from xiangyun.kernel.service.model import PERSON
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WAYS = (APPLICANT, ANONYMOUS)


@pytest.mark.parametrize("kind", ["person", "company"])
def test_the_first_page_compiles_none_of_the_packs_that_it_shows(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[object] = []
    monkeypatch.setattr(catalogue, "pack", compiled.append)
    page = Client().get("/", {"kind": kind})
    shown = [line for event in page.context["events"] for line in event.services]
    assert ServiceVersion.objects.filter(current=True).count() > len(shown) == 10
    assert not compiled


@pytest.mark.parametrize("address", ["/search", "/search?by=letter", "/search?q=公司"])
def test_no_list_compiles_a_pack(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    monkeypatch.setattr(catalogue, "pack", compiled.append)
    assert "/services/market/company-registration" in Client().get(address).content.decode()
    assert not compiled


def test_what_is_kept_for_lists_is_what_the_pack_says() -> None:
    today = timezone.localdate()
    kept = dict(catalogue.listed())
    for row in catalogue.current_services():
        pack, line = catalogue.pack(row.pk), kept[row.code]
        item, days = pack.service, limits.promised(pack, today)
        assert (line.name.zh, line.about.en) == (item.name.zh, item.summary.en)
        assert limits.listed(line.promised(today), line.counts).zh == days.zh
        assert {each.how for each in item.openings} == line.openings


def test_many_services_are_listed_group_by_group_and_page_by_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Client().get("/search?by=department").content.decode()
    monkeypatch.setattr(home, "_AT_ONCE", 3)
    monkeypatch.setattr(home, "_ON_A_PAGE", 2)
    folded = Client().get("/search?by=department").content.decode()
    main = folded[folded.index("<main") : folded.index("</main")]
    assert "/services/" not in main
    links = [
        link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*group=[^"]+)"', main)
    ]
    assert links
    found: set[str] = set()
    for link in links:
        first = Client().get(f"/search{link}").content.decode()
        turns = re.findall(r'href="(\?[^"]*page=\d+)"', first)
        for turn in [link, *(each.replace("&amp;", "&") for each in turns)]:
            shown = set(
                re.findall(
                    r'href="/services/([^"]+)"', Client().get(f"/search{turn}").content.decode()
                )
            )
            assert len(shown) <= 2
            found |= shown
    assert found == set(re.findall(r'href="/services/([^"]+)"', whole))


@pytest.mark.parametrize("of_persons", [True, False])
def test_the_first_services_are_those_that_the_packs_say(of_persons: bool) -> None:
    def begins(row: ServiceVersion) -> bool:
        item = catalogue.pack(row.pk).service
        return any(item.opening(way) is not None for way in WAYS) and any(
            (one == PERSON) == of_persons for one in item.applicants
        )

    expected = [row.code for row in catalogue.current_services() if begins(row)]
    found = catalogue.first_services([], 10_000, of_persons=of_persons, opened_by=WAYS)
    assert sorted(row.code for row in found) == sorted(expected)
    first = expected[-2:]
    some = catalogue.first_services(first, 5, of_persons=of_persons, opened_by=WAYS)
    assert [row.code for row in some][:2] == first
    assert len({row.code for row in some}) == 5
