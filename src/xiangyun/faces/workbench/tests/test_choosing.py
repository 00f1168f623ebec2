"""Choosing a service among very many: words narrow them down; no page carries all of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import actions as publishing
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.faces.workbench.views import choosing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
SERVICE, OTHER = "market/company-registration", "eldercare/basic-services"


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many services that they are offered as a list no more."""
    monkeypatch.setattr(choosing, "MOST", catalogue.number_of_services() - 1)


def page(login: str, path: str, **given: str) -> str:
    client = Client()
    client.post("/login", {"as": login})
    return client.get(path, given).content.decode()


@pytest.mark.parametrize("path", ["/office/", "/office/find"])
def test_a_list_offers_all_services_while_they_are_few(path: str) -> None:
    html = page("shencha", path)
    assert f'value="{SERVICE}"' in html
    assert f'value="{OTHER}"' in html
    assert 'name="of"' not in html


@pytest.mark.parametrize("path", ["/office/", "/office/find"])
@pytest.mark.usefixtures("many")
def test_of_many_services_words_find_some_and_the_chosen_one_stays(path: str) -> None:
    html = page("shencha", path)
    assert f'value="{SERVICE}"' not in html
    assert 'name="of"' in html
    found = page("shencha", path, of="公司设立登记")
    assert f'value="{SERVICE}"' in found
    assert f'value="{OTHER}"' not in found
    assert "请选一项" in found
    kept = page("shencha", path, service=SERVICE)
    assert f'value="{SERVICE}" selected' in kept
    assert "请选一项" not in kept
    assert "换个词再试" in page("shencha", path, of="没有这样的事项")


@pytest.mark.usefixtures("many")
def test_at_the_desk_words_find_the_service_to_file() -> None:
    client = Client()
    client.post("/login", {"as": "bangban"})
    person = {"id_number": "222404198807210014"}
    asked = client.post("/office/file", person).content.decode()
    assert 'name="of"' in asked
    assert f"/office/file/{SERVICE}" not in asked
    assert "请在上面写要办的事" in asked
    found = client.post("/office/file", {**person, "of": "公司设立登记"}).content.decode()
    assert f"/office/file/{SERVICE}" in found


def test_a_service_that_is_published_anew_is_read_anew_and_the_others_stand() -> None:
    before = {each.code: each for each in catalogue.current_services()}
    files = dict(catalogue.pack_files(OTHER))
    files["service.yaml"] += "# another day\n"
    with acting_as(SYSTEM) as platform:
        publishing.publish(OTHER, files, actor=platform, at=timezone.now())
    after = {each.code: each for each in catalogue.current_services()}
    assert after.keys() == before.keys()
    assert after[OTHER].number == before[OTHER].number + 1
    assert all(after[code] is before[code] for code in before if code != OTHER)
