"""Finding cases on a page and by a program."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.accounts.actions import issue_token
from xiangyun.domain.cases.tests.situations import actor, submitted
from xiangyun.domain.following import actions as following
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def browser(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def followed() -> None:
    while journal.seal(timezone.now(), signer()):
        pass
    following.follow_all()


def test_a_name_typed_in_pinyin_finds_the_case_on_the_page() -> None:
    case = submitted(actor("wang"), brand="样找一")
    followed()
    html = browser("shencha").get("/office/find", {"text": "wangyangyun"}).content.decode()
    assert f"/office/cases/{case.pk}" in html
    assert case.number in html
    nobody = browser("shencha").get("/office/find", {"text": "不存在的名字"}).content.decode()
    assert "没有找到" in nobody


def test_a_day_that_is_none_is_said_and_the_rest_is_still_found() -> None:
    case = submitted(actor("wang"), brand="样找二")
    followed()
    given = {"text": case.number, "since": "2026-13-01"}
    html = browser("shencha").get("/office/find", given).content.decode()
    assert "日期写法不对" in html
    assert f"/office/cases/{case.pk}" in html
    assert browser("shencha").get("/office/find", {"after": "x"}).status_code == 404


def test_a_filter_is_kept_used_and_removed_on_the_page() -> None:
    client = browser("shencha")
    kept = client.post("/office/find/save", {"name": "王的件", "text": "王"}, follow=True)
    assert "筛选已保存" in kept.content.decode()
    assert "王的件" in client.get("/office/find").content.decode()
    gone = client.post("/office/find/drop", {"name": "王的件"}, follow=True)
    assert "王的件" not in gone.content.decode().replace("筛选已删去", "")


def test_citizens_have_no_such_page_and_programs_of_officials_find_the_same() -> None:
    case = submitted(actor("wang"), brand="样找三")
    followed()
    assert browser("wang").get("/office/find").status_code == 404
    with acting_as(actor("shencha")) as shencha:
        token = issue_token(shencha, label="样", at=timezone.now())
    bearer = {"Authorization": f"Bearer {token}"}
    found = Client().get("/api/find", {"text": "wyy"}, headers=bearer).json()
    assert [row["number"] for row in found["rows"]] == [case.number]
    assert found["counts"] == {"open": 1, "ended": 0}
    done = browser("shencha").get("/office/find/done").content.decode()
    assert "我办过的" in done
