"""The administrator's pages: people, mandates, deputies, files; others see nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.accounts.queries import account_id_of, actor_by_login
from xiangyun.domain.staff import mandates, people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HUNCHUN, GONGZHULING = 222404000000, 220184000000
PEOPLE = "/office/people"


@pytest.fixture
def chief() -> Client:
    """The browser of an administrator of all departments of Hunchun."""
    made = people.open_account(
        SYSTEM,
        login="guanli",
        name="管样理",
        division=HUNCHUN,
        office="珲春市政务服务局（演示）",
        fictitious=True,
        at=timezone.now(),
    )
    mandates.give(SYSTEM, made.account, role="administrator", division=HUNCHUN, at=timezone.now())
    return logged_in("guanli")


def logged_in(login: str) -> Client:
    client = Client()
    assert client.post("/login", {"as": login}).status_code == 302
    return client


def account(login: str) -> UUID:
    found = account_id_of(login)
    assert found is not None
    return found


def page(client: Client, path: str = "") -> str:
    answer = client.get(f"{PEOPLE}{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, login: str, what: str, **typed: object) -> str:
    """Press a button on somebody's page; what is read afterwards."""
    answer = client.post(f"{PEOPLE}/{account(login)}{what}", typed, follow=True)
    return answer.content.decode()


def test_the_list_shows_people_of_the_office_and_below_and_finds_them(chief: Client) -> None:
    shown = page(chief)
    assert "朴样查" in shown
    assert "赵样窗" not in shown  # another county
    assert "朴样查" not in page(chief, "?q=jueding")
    assert 'href="/office/people"' in chief.get("/office/").content.decode()


def test_for_everybody_else_the_pages_do_not_exist(chief: Client) -> None:
    other, citizen = logged_in("shencha"), logged_in("wang")
    for client in (other, citizen):
        for path in ("", "/new", "/file", "/people.csv", "/mandates.csv"):
            assert client.get(f"{PEOPLE}{path}").status_code == 404
        assert client.post(f"{PEOPLE}/{account('shouli')}/lock").status_code == 404
    assert "/office/people" not in other.get("/office/").content.decode()
    stranger = f"{PEOPLE}/{account('gongzhuling')}"
    assert chief.get(stranger).status_code == 404
    assert chief.post(f"{stranger}/lock", {"reason": "x"}).status_code == 404
    assert chief.get(f"{PEOPLE}/{account('wang')}").status_code == 404


def test_an_account_is_opened_and_its_password_shown_once(chief: Client) -> None:
    typed = {"login": "clerk", "name": "样员", "office": "某局（虚构）", "division": "222404"}
    made = chief.post(f"{PEOPLE}/new", typed).content.decode()
    found = re.search(r'clerk</th><td class="code">([^<]+)<', made)
    assert found
    client = Client()
    assert client.post("/login", {"login": "clerk", "password": found[1]}).status_code == 302
    again = chief.post(f"{PEOPLE}/new", typed)
    assert again.status_code == 422
    assert "登录名已被使用" in again.content.decode()


def test_a_mandate_is_given_seen_and_ended(chief: Client) -> None:
    given = post(
        chief, "bangban", "/mandates", role="reviewer", department="fire", division="222404"
    )
    assert "消防救援总队" in given
    assert "授予职责：审查" in given
    found = re.search(rf"/office/people/{account('bangban')}/mandates/(\d+)/end", given)
    assert found
    numbers = re.findall(r"/mandates/(\d+)/end", given)
    ended = post(chief, "bangban", f"/mandates/{max(map(int, numbers))}/end")
    assert "终止职责：审查" in ended
    official = actor_by_login("bangban")
    assert official is not None
    assert not official.holds("reviewer:fire", HUNCHUN)


def test_what_cannot_be_given_is_said_at_the_field(chief: Client) -> None:
    beyond = post(chief, "shencha", "/mandates", role="reviewer", division=str(GONGZHULING))
    assert "超出了本单位的地域或部门" in beyond
    assert 'value="220184000000"' in beyond
    assert "日期写成 2026-12-31" in post(
        chief, "shencha", "/mandates", role="reviewer", division="222404", to="tomorrow"
    )
    own = post(chief, "guanli", "/mandates", role="reviewer", division="222404")
    assert "不能给自己" in own
    official = actor_by_login("guanli")
    assert official is not None
    assert not official.holds("reviewer", HUNCHUN)


def test_a_deputy_stands_in_sees_the_work_and_is_ended(chief: Client) -> None:
    last = timezone.localdate() + timedelta(days=3)
    named = post(chief, "jueding", "/deputies", deputy="shouli", to=last.isoformat(), reason="休假")
    assert "由金样理代理" in named
    official = actor_by_login("shouli")
    assert official is not None
    assert official.holds("approver:market_supervision", HUNCHUN)
    assert "代理崔样定" in page(chief).replace("代理 ", "代理")
    found = re.search(r"/deputies/(\d+)/end", named)
    assert found
    post(chief, "jueding", f"/deputies/{found[1]}/end")
    official = actor_by_login("shouli")
    assert official is not None
    assert not official.holds("approver:market_supervision", HUNCHUN)


def test_an_account_is_locked_at_once_and_let_in_again(chief: Client) -> None:
    official = logged_in("shencha")
    assert "已停用" in post(chief, "shencha", "/lock", reason="调离")
    assert official.get("/office/").status_code == 302
    assert "恢复账户" in post(chief, "shencha", "/unlock", reason="调回")
    assert logged_in("shencha").get("/office/").status_code == 200
    assert 'class="code"' in post(chief, "shencha", "/password")


def file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", text.encode("utf-8-sig"), "text/csv")


def test_a_file_is_taken_whole_or_not_at_all_and_each_wrong_line_is_named(chief: Client) -> None:
    head = "login,name,division,office\n"
    wrong = chief.post(
        f"{PEOPLE}/file",
        {"kind": "people", "file": file(f"{head}one,样一,222404,某局\ntwo,样二,220184,某局\n")},
    )
    assert wrong.status_code == 422
    assert "第 3 行：" in wrong.content.decode()
    assert account_id_of("one") is None
    right = chief.post(
        f"{PEOPLE}/file", {"kind": "people", "file": file(f"{head}one,样一,222404,某局\n")}
    )
    assert "one</th>" in right.content.decode()
    given = "login,role,department,division\none,reviewer,fire,222404\n"
    chief.post(f"{PEOPLE}/file", {"kind": "mandates", "file": file(given)})
    out = chief.get(f"{PEOPLE}/mandates.csv").content.decode("utf-8-sig")
    assert "one,reviewer,fire,222404000000,某局,," in out
    assert "one,样一,222404000000,,某局" in chief.get(f"{PEOPLE}/people.csv").content.decode()


def test_without_a_file_or_with_another_encoding_the_page_says_so(chief: Client) -> None:
    for sent in ({}, {"file": SimpleUploadedFile("x.csv", "样".encode("gb18030"), "text/csv")}):
        answer = chief.post(f"{PEOPLE}/file", {"kind": "people", **sent})
        assert answer.status_code == 422
        assert "UTF-8" in answer.content.decode()
