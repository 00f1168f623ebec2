"""Who gives evidence follows from the requirement and the place: one is asked, several are a
choice, none is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import drafts
from xiangyun.domain.cases.models import Case, Draft, Letter, WorkItem
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.cases.tests.waiting import case_now, open_items
from xiangyun.domain.exchange import onceonly, queries
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.kernel.connector.requirement import givers

from .test_provinces import file_elsewhere

pytestmark = pytest.mark.django_db

EVIDENCE = "federation/no-crime-certificate"
PROVINCE, CITY = "11210000MB0FED0011", "11210100MB0FED002Y"


def choosing(case: Case) -> tuple[Client, str, str]:
    """The applicant before the page of the choice: the browser, its address, its words."""
    browser = Client()
    browser.post("/login", {"as": "wang"})
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case.pk, closed_at=None).token
    page = reverse("tasks:task", args=[case.pk, token])
    return browser, page, browser.get(page).content.decode()


def asked(case: Case) -> list[str]:
    with acting_as(SYSTEM):
        return list(Outgoing.objects.filter(case=case.pk).values_list("organisation", flat=True))


def letters(case: Case) -> str:
    with acting_as(SYSTEM):
        return "\n".join(Letter.objects.filter(case=case.pk).values_list("body__zh", flat=True))


def test_one_who_gives_it_is_asked_straight_away(demonstration: None) -> None:
    case = file_elsewhere(EVIDENCE, "02-used")
    assert asked(case) == [PROVINCE]


def test_among_several_the_citizen_chooses_and_that_one_is_asked(demonstration: None) -> None:
    case = file_elsewhere(EVIDENCE, "08-chosen")
    assert (open_items(case), asked(case)) == (["choose_provider"], [])
    browser, page, shown = choosing(case)
    assert "辽宁省公安机关（演示）：无犯罪记录证明" in shown
    assert "沈阳市公安局（演示）：无犯罪记录证明" in shown
    english = browser.get(page, headers={"accept-language": "en"}).content.decode()
    assert "Shenyang police (demonstration): Certificate of no crime" in english
    nobody = browser.post(page, {"action": "choose_provider", "base": "0"})
    assert (nobody.status_code, asked(case)) == (422, []), "a choice is wanted"
    stranger = {"provider": "11220000MB0FED001K/no-crime-certificate"}
    assert (
        browser.post(page, {"action": "choose_provider", "base": "0", **stranger}).status_code
        == 422
    )
    chosen = {"provider": f"{CITY}/no-crime-certificate"}
    assert (
        browser.post(page, {"action": "choose_provider", "base": "0", **chosen}).status_code == 302
    )
    assert asked(case) == [CITY]


def test_whoever_wants_none_of_them_asks_nobody(demonstration: None) -> None:
    case = file_elsewhere(EVIDENCE, "09-no-thanks")
    browser, page, shown = choosing(case)
    assert "不要了，不向任何机构调取" in shown
    sent = browser.post(page, {"action": "choose_provider", "base": "0", "provider": "none"})
    assert sent.status_code == 302
    assert (case_now(case.pk).outcome, asked(case)) == ("evidence_unused", [])


def test_what_nobody_gives_is_named_to_the_citizen(demonstration: None) -> None:
    case = file_elsewhere(EVIDENCE, "10-missing")
    assert (case_now(case.pk).outcome, asked(case)) == ("evidence_missing", [])
    assert "缺的是：无犯罪记录证明" in letters(case)


def test_who_has_no_right_today_is_not_offered(demonstration: None) -> None:
    requirement, today = onceonly.requirement("no-crime"), timezone.localdate()
    (connector,) = [
        each for each in queries.connectors() if each.code == "federation-no-crime-certificate"
    ]
    over = replace(
        connector,
        rights=tuple(
            replace(each, last=today - timedelta(days=1)) if each.organisation == CITY else each
            for each in connector.rights
        ),
    )
    found = givers(requirement, {connector.code: over}, "210102000000", today)
    assert [each["organisation"] for each in found["providers"]] == [PROVINCE]


def test_a_place_of_another_province_is_found_by_its_name_where_the_question_reaches_there(
    demonstration: None,
) -> None:
    browser = Client()
    browser.post("/login", {"as": "wang"})
    there = browser.get("/places", {"q": "沈阳", "reach": "country"}).json()["places"]
    assert there[0] == "沈阳市", "and not the village here that bears the name"
    assert "沈阳市" not in browser.get("/places", {"q": "沈阳"}).json()["places"]
    beijing = browser.get("/places", {"q": "东城区", "reach": "country"}).json()["places"]
    assert "北京市 东城区" in beijing


def test_the_page_of_the_application_takes_a_place_elsewhere_by_its_name(
    demonstration: None,
) -> None:
    with acting_as(wang := actor("wang")):
        draft = drafts.start_draft(EVIDENCE, actor=wang, at=timezone.now())
    browser = Client()
    browser.post("/login", {"as": "wang"})
    page = reverse("portal:apply", args=[draft.id, "where"])
    sent = {"decided_at": "elsewhere", "evidence_place": "沈阳市 和平区"}
    assert browser.post(page, sent).status_code == 302
    with acting_as(wang):
        kept = drafts.answers_of(Draft.objects.get(pk=draft.id))
    assert kept["evidence_place"] == "210102000000"
