"""The first page costs the same however many services there are: only what it shows is read."""

from __future__ import annotations

import pytest
from django.test import Client

from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.catalogue.models import ServiceVersion
from xiangyun.faces.portal.views import home
from xiangyun.kernel.service.model import PERSON
from xiangyun.kernel.service.openings import ANONYMOUS, APPLICANT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WAYS = (APPLICANT, ANONYMOUS)


@pytest.mark.parametrize("kind", ["person", "company"])
def test_the_first_page_compiles_the_ten_packs_that_it_shows(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = catalogue.pack
    monkeypatch.setattr(home.catalogue, "pack", lambda pk: asked.append(pk) or real(pk))
    page = Client().get("/", {"kind": kind})
    shown = [line for event in page.context["events"] for line in event.services]
    assert ServiceVersion.objects.filter(current=True).count() > len(shown) == 10
    assert len(set(asked)) <= 10


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
