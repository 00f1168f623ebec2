"""Pages of questions: a person asks on one, an official answers on another."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

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


def test_a_person_asks_in_the_case_and_reads_the_answer_there() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样页问")
    wang, shouli = logged_in("wang"), logged_in("shouli")
    case = f"/cases/{made.pk}"
    asking = f"/enquiries/{made.pk}/"
    assert asking in page(wang, case)
    assert "一个工作日" in page(wang, asking) or "1 个工作日" in page(wang, asking)
    assert wang.post(f"{asking}ask/", {"question": " "}).status_code == 422
    assert wang.post(f"{asking}ask/", {"question": "要不要<b>公证</b>？"}).status_code == 302
    assert "要不要&lt;b&gt;公证" in page(wang, case)
    assert "要不要&lt;b&gt;公证" in page(shouli, f"/office/cases/{made.pk}")
    waiting = page(shouli, "/office/enquiries/")
    found = re.search(r'action="(/office/enquiries/[^"]+/)"', waiting)
    assert found
    assert shouli.post(found[1], {"answer": " "}).status_code == 422
    assert shouli.post(found[1], {"answer": "不用公证。"}).status_code == 302
    assert "没有等您答复的提问" in page(shouli, "/office/enquiries/")
    assert "不用公证。" in page(wang, case)
    assert logged_in("li").get(asking).status_code == 404
    assert shouli.get(asking).status_code == 404
