"""Pages of registers: list, search, one record with its history, and the subject's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.registers import actions, queries
from xiangyun.domain.registers.tests.declared import AT, FIRMS, declare, firm

LogIn = Callable[[str], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HERE = "/office/registers/firms"


@pytest.fixture
def log_in(demonstration: None) -> LogIn:
    """A browser in which this fictitious person is logged in."""

    def made(login: str) -> Client:
        client = Client()
        client.post("/login", {"as": login})
        return client

    return made


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()
    for number in range(60):
        data = firm(f"A{number:02}", f"样祥{number}厂", status="open", phone="13900000000")
        actions.record(
            "firms",
            data["code"],
            data,
            valid_from=date(2026, 1, 1),
            source="登记机关",
            at=AT,
            holder=actor("wang").account if number == 1 else None,
        )
    actions.correct(
        "firms", "A01", {"status": "closed"}, why="核对", source="登记机关", at=AT,
        valid_from=date(2026, 2, 1),
    )  # fmt: skip


def test_an_official_finds_a_record_and_turns_the_page(log_in: LogIn) -> None:
    client = log_in("shencha")
    assert "测试法人库" in client.get("/office/registers").content.decode()
    first = client.get(HERE, {"text": "样祥"}).content.decode()
    [following] = re.findall(r'href="([^"]*after=[^"]*)"', first)
    second = client.get(following.replace("&amp;", "&")).content.decode()
    listed = re.findall(r"registers/firms/(A\d\d)", first + second)
    assert sorted(listed) == [f"A{number:02}" for number in range(60)]
    narrowed = client.get(HERE, {"text": "yangxiang", "status": "closed"}).content.decode()
    assert re.findall(r"registers/firms/(A\d\d)", narrowed) == ["A01"]


def test_a_record_shows_its_history_and_opens_secrets_only_for_a_reason(log_in: LogIn) -> None:
    client = log_in("shencha")
    page = client.get(f"{HERE}/A01").content.decode()
    assert "核对" in page
    assert "13900000000" not in page
    assert "13900000000" not in client.post(f"{HERE}/A01", {"why": " "}).content.decode()
    assert "13900000000" in client.post(f"{HERE}/A01", {"why": "联系企业"}).content.decode()
    with acting_as(SYSTEM):
        [look] = Entry.objects.filter(verb="record.unmasked")
    assert look.private["why"] == "联系企业"


def upload(client: Client, text: str, do: str, **more: str) -> tuple[int, str]:
    file = SimpleUploadedFile("firms.csv", text.encode("utf-8-sig"), content_type="text/csv")
    said = {"file": file, "from": "2026-05-01", "do": do, **more}
    answer = client.post("/office/register-files/firms", said)
    return answer.status_code, answer.content.decode()


def names_of(*keys: str) -> list[str | None]:
    with acting_as(SYSTEM):
        found = [queries.state("firms", key) for key in keys]
    return [one.data["name"] if one and one.data else None for one in found]


def test_a_table_is_tried_then_taken_whole_by_an_official_who_may_write(log_in: LogIn) -> None:
    client = log_in("jueding")
    head, good = (
        "代码,名称,区划,资本\n",
        "B1,样新一厂,222404000000,12.5\nB2,样新二厂,222404000000,\n",
    )
    status, page = upload(client, head + good, "try")
    assert (status, names_of("B1", "B2")) == (200, [None, None])
    assert "什么都没有登记" in page
    status, page = upload(client, head + good + "B3,样新三厂,222404000000,x\n", "take")
    assert (status, names_of("B1")) == (422, [None])
    assert "第 4 行" in page
    status, page = upload(client, head + good, "take")
    assert (status, names_of("B1", "B2")) == (200, ["样新一厂", "样新二厂"])
    assert "没有变化 2" in upload(client, head + good, "take")[1]
    changed = head + "B1,样改一厂,222404000000,12.5\n"
    assert "写明理由" in upload(client, changed, "take")[1]
    assert upload(client, changed, "take", why="更名")[0] == 200
    assert names_of("B1") == ["样改一厂"]


def test_nobody_enters_a_table_elsewhere_or_without_the_role(log_in: LogIn) -> None:
    elsewhere = "代码,名称,区划\nC1,样外厂,222401000000\n"
    status, page = upload(log_in("jueding"), elsewhere, "take")
    assert (status, names_of("C1")) == (422, [None])
    assert "没有允许" in page
    for login in ("shencha", "li"):
        assert upload(log_in(login), elsewhere, "take")[0] in (302, 403, 404)
    assert upload(log_in("jueding"), "x,y\n1,2\n", "take")[0] == 422
    assert log_in("jueding").get("/office/register-files/none").status_code == 404


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("li", HERE, 404),
        ("duban", HERE, 404),
        ("duban", f"{HERE}/A01", 404),
        ("shencha", f"{HERE}/none", 404),
        ("shencha", "/office/registers/none", 404),
        ("shencha", f"{HERE}?after=zzz", 200),
        ("shencha", f"{HERE}?founded=soon", 200),
    ],
)
def test_an_address_that_is_not_ones_own_does_not_exist(
    log_in: LogIn, login: str, address: str, status: int
) -> None:
    assert log_in(login).get(address).status_code == status


def test_the_subject_sees_own_records_whole_and_nobody_elses(log_in: LogIn) -> None:
    client = log_in("wang")
    page = client.get("/account/records").content.decode()
    assert "样祥1厂" in page
    assert "13900000000" in page
    assert "样祥2厂" not in page
    [record] = re.findall(r'href="(/account/records/firms/\d+)"', page)
    assert "登记机关" in client.get(record).content.decode()
    assert log_in("li").get(record).status_code == 404


def test_a_look_at_a_persons_record_is_noted_and_told(log_in: LogIn) -> None:
    declare(FIRMS.replace("code: firms", "code: people").replace("organisation", "person"))
    actions.record(
        "people", "P1", firm("P1", "王样"), valid_from=date(2026, 1, 1), source="t", at=AT,
        holder=actor("wang").account,
    )  # fmt: skip
    for _ in range(2):
        assert log_in("shencha").get("/office/registers/people/P1").status_code == 200
    with acting_as(SYSTEM):
        assert Entry.objects.filter(verb="record.looked").count() == 1
    assert "朴样查" in log_in("wang").get("/account/looks").text
    assert "朴样查" not in log_in("li").get("/account/looks").text
