"""A keeper drafts a sheet on the page, another approves it, and the guide shows it."""

from __future__ import annotations

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import sheets
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.faces.cli.story import SERVICE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN = 222404000000
PAGE = f"/office/sheets/{HUNCHUN}/{SERVICE}/"
TEXT = f'item: {SERVICE}\ndivision: "{HUNCHUN}"\nwaived: [articles]\n'


def entered(login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": PASSWORD})
    return client


def test_a_sheet_goes_from_its_page_to_the_guide_through_four_eyes() -> None:
    author, second, citizen = entered("qingdan"), entered("fuhe"), Client()
    citizen.post("/region", {"division": str(HUNCHUN)})
    assert "公司章程" in citizen.get(f"/services/{SERVICE}").content.decode()
    listed = author.get("/office/sheets/").content.decode()
    assert PAGE in listed  # all items, before anything is looked for
    assert PAGE in author.get("/office/sheets/", {"text": "company"}).content.decode()
    assert author.get(PAGE).status_code == 200
    assert author.post(PAGE + "save/", {"text": TEXT, "revision": "0"}).status_code == 302
    assert author.post(PAGE + "submit/", {"revision": "1"}).status_code == 302
    own = author.post(PAGE + "approve/", {"revision": "2"})
    assert (own.status_code, b"does not approve it" in own.content) == (409, True)
    assert second.post(PAGE + "approve/", {"revision": "2"}).status_code == 302
    assert "公司章程</th>" not in citizen.get(f"/services/{SERVICE}").content.decode()
    with acting_as(SYSTEM):
        assert [row.state for row in sheets.sheets_of(SERVICE, HUNCHUN)] == [sheets.APPROVED]


def test_what_is_worse_stands_on_the_page_with_what_was_typed() -> None:
    author = entered("qingdan")
    answer = author.post(PAGE + "save/", {"text": TEXT + "visits: 9\n", "revision": "0"})
    assert answer.status_code == 422
    assert "visits: 9" in answer.content.decode()
    late = author.post(PAGE + "save/", {"text": TEXT, "revision": "7"})
    assert late.status_code == 409


def test_a_keeper_of_elsewhere_finds_no_page() -> None:
    assert entered("qingdan").get(f"/office/sheets/220184000000/{SERVICE}/").status_code == 404
    assert entered("shencha").get("/office/sheets/").status_code == 404
