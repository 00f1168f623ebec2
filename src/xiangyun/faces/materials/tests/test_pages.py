"""Pages of what stands instead of papers: chosen in the form, handed in later, checked."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.actions import submit_case, withdraw_case
from xiangyun.domain.cases.tests.situations import actor, written_draft
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


def test_a_paper_is_left_for_later_and_handed_in_from_the_case() -> None:
    wang, who, now = logged_in("wang"), actor("wang"), timezone.now()
    draft = written_draft(who, at=now, proof=False, brand="样页缺")
    asking = f"/apply/{draft}/pages/premises"
    found = re.search(r'name="instead" value="premises_proof"', page(wang, asking))
    assert found
    answer = wang.post(asking, {"instead": "premises_proof"})
    choosing = f"/materials/{draft}/premises_proof/"
    assert answer["Location"] == choosing
    assert "我承诺" in page(wang, choosing)
    assert wang.post(f"{choosing}take/", {"take": "certificate:x"}).status_code == 422
    taken = wang.post(f"{choosing}take/", {"take": "later:"})
    assert taken["Location"].startswith(asking)
    assert "容缺后补" in page(wang, asking)
    with acting_as(who):
        submit_case(draft, actor=who, at=now)
    case = page(wang, f"/cases/{draft}")
    link = re.search(r'href="(/materials/later/[^"]+)"', case)
    assert link
    for told in (case, page(wang, f"/cases/{draft}/sent")):
        assert "<dd>补交住所" in "".join(told.split())
        assert "现在不用做什么" not in told
    assert wang.post(link[1]).status_code == 422
    assert logged_in("li").get(link[1]).status_code == 404
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    assert wang.post(link[1], {"file": file}).status_code == 302
    done = page(wang, f"/cases/{draft}")
    assert "”已经补交。" in done
    assert "已补交" in done
    assert "现在不用做什么" in done


def test_an_official_checks_a_promise_of_an_ended_case() -> None:
    wang, who, now = logged_in("wang"), actor("wang"), timezone.now()
    draft = written_draft(who, at=now, proof=False, brand="样页诺")
    assert wang.post(f"/materials/{draft}/premises_proof/take/", {"take": "promise:"}).status_code
    with acting_as(who):
        made = submit_case(draft, actor=who, at=now)
    withdraw_case(made.pk, actor=who, at=now)
    shencha = logged_in("shencha")
    waiting = page(shencha, "/office/materials/")
    assert "样页诺" in waiting
    assert "代替材料的" in page(shencha, f"/office/cases/{made.pk}")
    form = re.search(r'action="(/office/materials/[^"]+/)"', waiting)
    assert form
    assert shencha.post(form[1], {"do": "broken", "note": ""}).status_code == 422
    assert shencha.post(form[1], {"do": "kept", "note": "看过现场。"}).status_code == 302
    assert "没有等您核查的承诺" in page(shencha, "/office/materials/")
    assert "核查属实" in page(wang, f"/cases/{made.pk}")


def test_the_guide_says_what_else_does() -> None:
    guide = page(Client(), "/services/market/company-registration")
    assert "告知承诺、容缺后补" in re.sub(r"\s+", "", guide)
