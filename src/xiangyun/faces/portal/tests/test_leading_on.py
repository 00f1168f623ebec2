"""Wherever a person comes from, a page leads on: after a login, a reload, a mistake."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from .conftest import SERVICE, LogIn, fill_in, send

pytestmark = pytest.mark.django_db
CASE = "00000000-0000-0000-0000-000000000001"


def test_after_a_login_from_a_guide_the_application_begins(demonstration: None) -> None:
    client = Client()
    pressed = client.post(f"/services/{SERVICE}/apply")
    assert pressed["Location"].startswith("/login?next=")
    entered = client.post(pressed["Location"], {"as": "wang"}, follow=True)
    assert entered.status_code == 200
    assert entered.request["PATH_INFO"].startswith("/apply/")


def test_after_a_login_from_a_guide_an_official_is_led_back_to_it(demonstration: None) -> None:
    entered = Client().post(
        f"/login?next=/services/{SERVICE}/apply", {"as": "shencha"}, follow=True
    )
    assert entered.request["PATH_INFO"] == f"/services/{SERVICE}"


def test_the_login_page_says_what_each_account_does(demonstration: None) -> None:
    client = Client()
    html = client.get("/login").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    assert len(rows) >= 10
    assert all(re.search(r"<td>\s*[^<\s]+。", row) for row in rows)
    assert "作出决定" in next(row for row in rows if 'value="jueding"' in row)
    client.post("/language", {"language": "en", "next": "/"})
    assert "Decides, and approves" in client.get("/login").content.decode()


def addresses() -> list[str]:
    """Every address of the pages, with something in the place of what varies."""
    made: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for pattern in patterns:
            here = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, here)
            else:
                filled = re.sub(r"<uuid:\w+>", CASE, here.replace("<path:code>", SERVICE))
                made.append("/" + re.sub(r"<\w+:\w+>", "x", filled))

    walk(get_resolver().url_patterns, "")
    return [address for address in made if not address.startswith("/api/")]


def test_no_address_opened_by_get_is_an_empty_405(log_in: LogIn) -> None:
    for client in (Client(), log_in("wang"), log_in("shencha"), log_in("bangban")):
        for address in addresses():
            answer = client.get(address)
            problem = answer.get("Content-Type") == "application/problem+json"
            # A code of one minute that is over, and addresses that programs post to.
            over = answer.status_code == 410 and address.startswith("/shown/")
            program = answer.status_code == 405 and problem
            assert answer.status_code in (200, 302, 404) or over or program, address
            assert answer.content or answer.status_code == 302, address


def test_an_address_of_an_action_opened_by_get_leads_to_its_case(log_in: LogIn) -> None:
    client, case = log_in("wang"), f"/cases/{uuid4()}"
    for action in ("withdraw", "rate"):
        assert client.get(f"{case}/{action}")["Location"] == case
    official = log_in("shencha")
    for action in ("tasks/review", "tasks/a/b~1", "tasks/review/extension"):
        assert official.get(f"/office{case}/{action}")["Location"] == f"/office{case}"
    assert log_in("bangban").get(f"/office/file/{SERVICE}")["Location"] == "/office/file"


def test_the_language_may_change_after_a_press_was_refused(log_in: LogIn) -> None:
    wang = log_in("wang")
    case = send(wang, fill_in(wang))
    official = log_in("shencha")
    form = re.search(
        r'action="(/office/cases/[^"]+/tasks/[^"]+)"',
        official.get(f"/office{case}").content.decode(),
    )
    assert form
    refused = official.post(form[1], {"action": "disagree"})
    assert refused.status_code == 422
    changed = official.post("/language", {"language": "en", "next": form[1]}, follow=True)
    assert changed.status_code == 200
    assert changed.request["PATH_INFO"] == f"/office{case}"


def in_english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [(403, "页面已经过期", "expired"), (405, "不能这样打开", "cannot be opened so")],
)
def test_a_refused_request_gets_a_page_of_ours_in_both_languages(
    demonstration: None, status: int, zh: str, en: str
) -> None:
    def asked(client: Client) -> HttpResponse:
        if status == 403:
            return client.post("/login", {"as": "wang"})
        return client.delete("/cases")

    chinese = asked(Client(enforce_csrf_checks=status == 403))
    english = asked(in_english(Client(enforce_csrf_checks=status == 403)))
    for answer, said in ((chinese, zh), (english, en)):
        assert answer.status_code == status
        assert said in answer.content.decode()
        assert 'class="masthead"' in answer.content.decode()


def test_a_request_nobody_can_read_gets_a_page_of_ours(demonstration: None) -> None:
    for client, said in ((Client(), "没有看懂"), (in_english(Client()), "could not be read")):
        answer = client.get("/", headers={"host": "elsewhere.example"})
        assert answer.status_code == 400
        assert said in answer.content.decode()
