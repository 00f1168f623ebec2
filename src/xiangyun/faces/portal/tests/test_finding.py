"""Finding a service: the first page, the search, every guide."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from .conftest import SERVICE, LogIn

pytestmark = pytest.mark.django_db


def guides(client: Client) -> list[str]:
    return re.findall(r'href="(/services/[^"]+)"', client.get("/search").content.decode())


@pytest.mark.parametrize("words", ["营业执照", "公司", "licence", "limited company"])
def test_the_registration_is_found_by_everyday_words(demonstration: None, words: str) -> None:
    html = Client().get("/search", {"q": words}).content.decode()
    found = html[html.index("<main") :].split("<h2>")[0]
    assert f"/services/{SERVICE}" in found


def test_a_search_without_a_hit_offers_all_services(demonstration: None) -> None:
    html = Client().get("/search?q=qqqqq").content.decode()
    assert "没有找到" in html
    assert f"/services/{SERVICE}" in html


def test_every_published_service_has_a_guide_in_both_languages(demonstration: None) -> None:
    client = Client()
    found = guides(client)
    assert len(found) >= 1
    for language in ("zh-hans", "en"):
        client.post("/language", {"language": language, "next": "/"})
        for address in found:
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert "<svg" in answer.content.decode()


def test_every_page_of_every_service_can_be_opened(log_in: LogIn) -> None:
    client = log_in("wang")
    for guide in guides(client):
        if f'action="{guide}/apply"' not in client.get(guide).content.decode():
            continue  # nobody applies for it: offices, duties or draws open it
        draft = client.post(f"{guide}/apply")["Location"]
        check = client.get(f"{draft}/check")
        assert check.status_code == 200
        pages = set(re.findall(rf'href="({re.escape(draft)}/pages/[^"#]+)', check.content.decode()))
        assert pages
        for address in pages:
            assert client.get(address).status_code == 200, address


def test_running_cases_stand_on_top_of_the_first_page(log_in: LogIn) -> None:
    client = log_in("wang")
    assert "正在办理" not in client.get("/").content.decode()


def test_the_office_named_is_that_of_the_chosen_region(demonstration: None) -> None:
    client = Client()
    for division, office in (("222404000000", "珲春市"), ("220184000000", "公主岭市")):
        client.post("/region", {"division": division})
        html = client.get(f"/services/{SERVICE}").content.decode()
        assert f"{office}市场监督管理局" in html


def test_a_region_is_found_by_name_and_kept(demonstration: None) -> None:
    client = Client()
    html = client.get("/region?q=净月").content.decode()
    code = re.search(r'name="division" value="(\d{12})"', html)
    assert code
    client.post("/region", {"division": code[1], "next": "/verify"})
    assert "净月" in client.get("/verify").content.decode()


def test_a_region_that_does_not_exist_is_not_found(demonstration: None) -> None:
    assert Client().post("/region", {"division": "999999999999"}).status_code == 404
    assert Client().post("/region", {"division": "x"}).status_code == 404
