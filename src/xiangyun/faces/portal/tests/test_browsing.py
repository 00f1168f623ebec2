"""Find without knowing the word: by use, by event, department and letter, and while one types."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.queries import usage as used
from xiangyun.domain.cases.tests.situations import actor, as_owner, submitted
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted(demonstration: None):
    used.forget()
    yield
    used.forget()


def page(address: str, **more: str) -> str:
    return Client().get(address, headers={"accept-language": "zh-CN"}, **more).content.decode()


def guides(html: str) -> list[str]:
    return re.findall(r'href="/services/([^"]+)"', html)


def test_what_is_used_most_stands_first() -> None:
    assert guides(page("/?kind=company"))[0] != "market/company-registration"
    submitted(actor("wang"), at=timezone.now())
    used.forget()
    assert guides(page("/?kind=company"))[0] == "market/company-registration"


@pytest.mark.parametrize("by", ["event", "topic", "department", "letter"])
def test_all_services_are_browsed_in_groups_and_none_is_missing(by: str) -> None:
    every = set(guides(page("/search")))
    shown = page(f"/search?by={by}")
    assert every
    assert set(guides(shown)) == every
    heading = {"event": "其他", "topic": "社会保障", "department": "民政厅", "letter": "G"}[by]
    assert f"<h2>{heading}</h2>" in shown


def test_services_of_no_life_event_stand_after_those_of_one() -> None:
    headings = re.findall(r"<h2>([^<]+)</h2>", page("/search?by=event"))
    assert len(headings) > 1
    assert headings.index("其他") == len(headings) - 1


def test_names_are_suggested_by_sound_and_only_names_of_services() -> None:
    answer = Client().get("/suggest?q=gongsi", headers={"accept-language": "zh-CN"})
    assert "公司设立登记" in json.loads(answer.content)["services"]
    assert json.loads(Client().get("/suggest?q=").content) == {"services": []}


def test_a_guide_says_what_it_really_took_once_enough_have_ended() -> None:
    wang, now = actor("wang"), timezone.now()
    address = "/services/market/company-registration"
    cases = [submitted(wang, at=now, brand=f"样{n}") for n in "甲乙丙丁戊己庚辛壬癸"]
    with as_owner():
        for days, case in enumerate(cases):
            begun = now - timedelta(days=days)
            Case.objects.filter(pk=case.pk).update(submitted_at=begun, ended_at=now)
    used.forget()
    assert "一半在 4 天以内，九成在 8 天以内" in page(address)
    with as_owner():
        Case.objects.filter(pk=cases[0].pk).update(ended_at=None)
    used.forget()
    assert "一半在" not in page(address)


def test_large_print_is_chosen_and_left_again() -> None:
    client = Client()
    assert "elder/elder" not in client.get("/").content.decode()
    assert client.post("/elder", {"elder": "1", "next": "/search"})["Location"] == "/search"
    shown = client.get("/search").content.decode()
    assert "elder/elder" in shown
    assert "read-aloud" in shown
    assert 'name="next" value="/search"' in shown.partition('class="elder"')[2]
    client.post("/elder", {"elder": "0"})
    assert "elder/elder" not in client.get("/").content.decode()


def test_the_interface_is_documented_without_foreign_hosts() -> None:
    shown = page("/api/docs")
    described = json.loads(Client().get("/api/openapi.json").content)
    for path in described["paths"]:
        assert path in shown
    assert not re.findall(r'(?:src|href)="https?://', shown)
    assert "<script" not in shown
    assert shown.count("<details") == sum(len(each) for each in described["paths"].values())


def test_whoever_is_logged_in_stays_so_on_the_documentation_of_the_interface() -> None:
    client = Client()
    assert 'href="/login' in client.get("/api/docs").content.decode()
    client.post("/login", {"login": "wang", "password": PASSWORD})
    shown = client.get("/api/docs").content.decode()
    assert 'action="/logout"' in shown
    assert 'href="/login' not in shown
    asked = client.get("/api/cases")
    assert asked.status_code == 401, "programs come with a token, never with a session"


@pytest.mark.parametrize(
    ("words", "service"),
    [
        ("注册公司", "market/company-registration"),
        ("开店", "market/company-registration"),
        ("个体户", "market/company-registration"),
        ("盖房子", "construction/project-approval"),
        ("kaigongsi", "market/company-registration"),
    ],
)
def test_what_people_say_finds_its_service_first(words: str, service: str) -> None:
    found = page(f"/search?q={words}")
    assert guides(found[found.index("<main") :])[0] == service


def test_of_names_that_begin_as_asked_the_shorter_stands_first_also_in_english() -> None:
    found = guides(page("/search?q=company"))
    longer = "federation/company-from-elsewhere"
    assert found.index("market/company-registration") < found.index(longer)


def test_a_word_for_many_things_does_not_find_everything() -> None:
    every = set(guides(page("/search")))
    assert 0 < len(set(guides(page("/search?q=company")))) < len(every) / 2


def test_a_list_is_narrowed_by_who_applies_by_department_and_by_topic() -> None:
    every = set(guides(page("/search")))
    for asked in ("kind=company", "department=market_supervision", "topic=社会保障"):
        shown = page(f"/search?by=letter&{asked}")
        assert 0 < len(set(guides(shown))) < len(every), asked
        assert " selected" in shown
    both = guides(page("/search?kind=company&department=market_supervision"))
    assert set(both) <= set(guides(page("/search?kind=company"))) & every
    assert set(guides(page("/search?topic=nothing"))) == every, "an old address hides nothing"


def test_what_is_narrowed_away_from_an_answer_is_said() -> None:
    shown = page("/search?q=公司&topic=设立变更")
    assert "被筛去" in shown


def test_the_foot_is_short_and_leads_to_everything_else() -> None:
    foot = page("/").partition("<footer")[2]
    links = re.findall(r'<a href="([^"]+)"', foot)
    assert len(links) <= 9
    assert "/more" in links
    shown = page("/more")
    for address in ("/data/", "/draws/", "/report", "/ratings/", "/bookings/", "/api/docs"):
        assert f'href="{address}"' in shown, address


@pytest.mark.parametrize("address", ["/using", "/accessibility", "/privacy", "/more"])
def test_the_site_explains_itself_in_both_languages(address: str) -> None:
    chinese = page(address)
    english = Client().get(address, headers={"accept-language": "en"}).content.decode()
    for shown in (chinese, english):
        assert re.search(r"<h1>[^<]+</h1>", shown)
    main = english[english.index("<main") : english.index("</main")]
    assert not re.search(r"[\u4e00-\u9fff]", main)
