"""Each look of an official at somebody's data is written down, and told to the one it is about."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.journal.models import Entry
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
