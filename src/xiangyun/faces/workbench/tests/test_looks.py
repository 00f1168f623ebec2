"""Each look of an official at somebody's data is written down, and told to the one it is about."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, as_owner, submitted
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.findings import Refused

LogIn = Callable[[str], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WANG = "222404199203150027"


@pytest.fixture
def log_in(demonstration: None) -> LogIn:
    """A browser in which this fictitious person is logged in."""

    def made(login: str) -> Client:
        client = Client()
        client.post("/login", {"as": login})
        return client

    return made


def looks(verb: str) -> list[Entry]:
    with acting_as(SYSTEM):
        return list(Entry.objects.filter(verb=verb).order_by("pk"))


def test_a_receipt_that_an_official_reads_is_a_look_once_a_day() -> None:
    case, official = submitted(actor("wang")), actor("shencha")
    for reader in (official, official, actor("wang")):
        with acting_as(reader):
            actions.receipt(case.pk, actor=reader, at=MORNING)
    (look,) = looks("receipt.read")
    assert (look.actor, look.owner) == (official.account, actor("wang").account)


def test_a_licence_that_an_official_opens_is_a_look_and_its_holder_sees_it(
    log_in: Callable[[str], Client],
) -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    with acting_as(actor("wang")):
        (licence,) = certificates.certificates_for_case(case.number)
    wang, official = log_in("wang"), log_in("shouli")
    for reader in (wang, official, official):
        assert reader.get(f"/certificates/{licence.pk}").status_code == 200
    (look,) = looks("certificate.read")
    assert (look.actor_name, look.owner) == (actor("shouli").name, actor("wang").account)
    assert "查看了证照" in wang.get(f"/cases/{case.pk}").content.decode()


def test_a_search_by_identity_number_is_written_down_found_or_not(
    log_in: Callable[[str], Client],
) -> None:
    desk = log_in("bangban")
    for number in (WANG, "11010519491231002X"):
        desk.post("/office/file", {"id_number": number})
    hit, miss = looks("person.searched")
    assert (hit.owner, hit.data) == (actor("wang").account, {"found": True})
    assert (miss.owner, miss.data) == (None, {"found": False})
    assert WANG not in str(hit.data) + hit.subject


def test_searches_by_identity_number_are_limited_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "SEARCHES", 3)
    desk = actor("bangban")
    with acting_as(desk):
        for _ in range(3):
            assert accounts.find_person(desk, WANG, MORNING) is not None
        with pytest.raises(Refused, match=r"account\.E003"):
            accounts.find_person(desk, WANG, MORNING)
    with acting_as(actor("shencha")):  # no desk
        assert accounts.find_person(actor("shencha"), WANG, MORNING) is None


def test_a_draft_with_what_registers_know_is_a_look_when_a_desk_opens_it(
    log_in: Callable[[str], Client],
) -> None:
    desk = log_in("bangban")
    page = desk.post("/office/file", {"id_number": WANG}).content.decode()
    start = re.search(r'action="(/office/file/[^"]*company-registration[^"]*)"', page)
    assert start
    desk.post(start[1], {"id_number": WANG}, follow=True)
    (look,) = looks("draft.read")
    assert (look.actor_name, look.owner) == (actor("bangban").name, actor("wang").account)


def test_a_person_finds_every_look_at_the_own_data_and_nobody_elses(log_in: LogIn) -> None:
    case = submitted(actor("wang"))
    log_in("shencha").get(f"/office/cases/{case.pk}")
    log_in("bangban").post("/office/file", {"id_number": WANG})
    page = log_in("wang").get("/account/looks").content.decode()
    for said in ("查看了申请", case.number, actor("shencha").name, "按身份号码查询了本人"):
        assert said in page
    other = log_in("li").get("/account/looks").content.decode()
    assert "还没有人看过" in other
    assert case.number not in other


def test_looks_are_shown_a_page_at_a_time(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiangyun.faces.portal.views.looks._PAGE", 1)
    case = submitted(actor("wang"))
    for official in ("shencha", "jueding"):
        log_in(official).get(f"/office/cases/{case.pk}")
    wang = log_in("wang")
    first = wang.get("/account/looks").content.decode()
    following = re.search(r'href="(/account/looks\?after=\d+)"', first)
    assert following
    second = wang.get(following[1]).content.decode()
    names = [actor(official).name for official in ("jueding", "shencha")]
    assert [name in first for name in names] == [True, False]
    assert [name in second for name in names] == [False, True]
    for forged in ("-1", "x", "9" * 30, "²"):
        assert wang.get("/account/looks", {"after": forged}).status_code == 404


def test_a_supervisor_sees_what_the_last_audit_found(log_in: LogIn) -> None:
    supervisor = log_in("duban")
    assert "还没有审计过" in supervisor.get("/office/audit").content.decode()
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        journal.audit_whole(signer().trusted, timezone.now)
    assert "与记录一致" in supervisor.get("/office/audit").content.decode()
    with acting_as(SYSTEM), as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET outcome = 'issued' WHERE id = %s", [case.pk])
    with acting_as(SYSTEM):
        journal.audit_whole(signer().trusted, timezone.now)
    page = supervisor.get("/office/audit").content.decode()
    assert "audit.E003" in page
    assert case.number in page
    assert log_in("shencha").get("/office/audit").status_code == 404
