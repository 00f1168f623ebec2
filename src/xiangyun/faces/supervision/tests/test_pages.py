"""The pages of supervision: from a number to its cases, to a word, to its answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.tests.situations import actor, submitted
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def logged_in(login: str) -> Client:
    client = Client()
    client.post("/login", {"login": login, "password": PASSWORD})
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def link_to_say(html: str) -> str:
    found = re.search(r'href="(/office/supervision/say/\?[^"]+)"', html)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_number_leads_to_its_cases_a_word_to_its_office_and_its_answer_back() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样监甲")
    duban = logged_in("duban")
    board = page(duban, "/office/supervision/")
    assert "珲春市" in board
    listed = page(duban, "/office/supervision/cases/?place=222400000000&state=open")
    assert made.number in listed
    form = link_to_say(listed)
    assert made.number in page(duban, form)
    hidden = dict(re.findall(r'name="(case|task)" value="([^"]+)"', page(duban, form)))
    due = (timezone.localdate() + timedelta(days=3)).isoformat()
    said = {**hidden, "why": "请尽快审查并说明。", "do": "order"}
    refused = duban.post("/office/supervision/say/now/", said)
    assert refused.status_code == 422
    assert "请尽快审查并说明。" in refused.content.decode()  # nothing typed is lost
    assert duban.post("/office/supervision/say/now/", {**said, "due": due}).status_code == 302
    assert "已督办" in page(duban, "/office/supervision/cases/?state=open")
    shencha = logged_in("shencha")
    waiting = page(shencha, "/office/supervision/orders/")
    answer = re.search(r'action="(/office/supervision/orders/[^"]+/answer/)"', waiting)
    assert answer
    assert shencha.post(answer[1], {"answer": "今天审完。"}).status_code == 302
    assert "没有等您答复的督办" in page(shencha, "/office/supervision/orders/")
    assert "今天审完。" in page(duban, "/office/supervision/orders/")


@pytest.mark.parametrize(
    "address",
    [
        "/office/supervision/?place=110000000000",
        "/office/supervision/cases/?state=odd",
        "/office/supervision/cases/?after=nothing",
        "/office/supervision/cases/?department=x",
        "/office/supervision/say/?case=x&task=y",
    ],
)
def test_what_is_not_there_or_not_ones_own_is_not_found(address: str) -> None:
    assert logged_in("duban").get(address).status_code == 404


def test_an_official_who_oversees_nothing_counts_and_says_nothing() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样监乙")
    shencha = logged_in("shencha")
    listed = page(shencha, "/office/supervision/cases/?state=open")
    assert made.number in listed
    assert "/office/supervision/say/" not in listed


def test_what_ended_this_month_opens_its_list() -> None:
    wang, now = actor("wang"), timezone.now()
    made = submitted(wang, at=now, brand="样撤甲")
    with acting_as(wang):
        actions.withdraw_case(made.pk, actor=wang, at=now)
    duban = logged_in("duban")
    board = page(duban, "/office/supervision/")
    link = re.search(r'href="(/office/supervision/ended/[^"]*meaning=taken_back[^"]*)"', board)
    assert link, "the number of those withdrawn leads to them"
    assert made.number in page(duban, link[1].replace("&amp;", "&"))
    assert made.number not in page(duban, "/office/supervision/ended/?meaning=granted")
    assert made.number not in page(duban, "/office/supervision/ended/?meaning=other")
    for wrong in (
        "meaning=x",
        "meaning=",
        "meaning=granted&skip=x",
        "meaning=granted&department=x",
    ):
        assert duban.get(f"/office/supervision/ended/?{wrong}").status_code == 404


def test_the_overseer_gives_a_task_to_somebody_else_on_the_page_where_he_would_urge() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样监丙")
    account = accounts.open_account(
        login="shencha2", password=PASSWORD, name="朴样同", kind="official", division=222404000000
    )
    accounts.give_mandate(
        account, role="reviewer:market_supervision", division=222404000000, desk="登记科（演示）"
    )
    duban = logged_in("duban")
    form = page(duban, link_to_say(page(duban, "/office/supervision/cases/?state=open")))
    hidden = dict(re.findall(r'name="(case|task)" value="([^"]+)"', form))
    assert f'value="{account.pk}"' in form
    asked = {**hidden, "to": str(account.pk), "because": ""}
    assert duban.post("/office/supervision/reassign/", asked).status_code == 422
    asked |= {"because": "原承办人休假。"}
    assert duban.post("/office/supervision/reassign/", asked).status_code == 302
    assert "朴样同" in page(duban, f"/office/cases/{made.pk}")
