"""A person changes inside the case where to be reached; the office reads it there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.cases.tests.situations import actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def logged_in(login: str) -> Client:
    client = Client()
    assert client.post("/login", {"as": login}).status_code == 302
    return client


def test_a_person_changes_it_in_the_case_and_the_office_reads_it_there() -> None:
    made = submitted(actor("wang"), at=timezone.now(), brand="样联页")
    wang, page = logged_in("wang"), f"/contact/{made.pk}/"
    assert page in wang.get(f"/cases/{made.pk}").content.decode()
    assert wang.get(page).status_code == 200
    wrong = wang.post(page, {"telephone": "12", "email": "x", "address": "靖和街<b>1 号"})
    said = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'href="#f-telephone"' in said
    assert 'href="#f-email"' in said
    assert "靖和街&lt;b&gt;1 号" in said  # nothing that was typed is lost
    given = {"telephone": "138 1234 5678", "email": "", "address": "靖和街<b>1 号"}
    assert wang.post(page, given)["Location"] == f"/cases/{made.pk}"
    for reader, address in (
        (wang, f"/cases/{made.pk}"),
        (logged_in("shencha"), f"/office/cases/{made.pk}"),
    ):
        html = reader.get(address).content.decode()
        assert "13812345678" in html
        assert "靖和街&lt;b&gt;1 号" in html
    assert wang.post(page, {}).status_code == 422
    for login in ("li", "shencha"):
        assert logged_in(login).get(page).status_code == 404
