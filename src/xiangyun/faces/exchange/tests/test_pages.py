"""Pages of operators: what got stuck is seen and sent again; nobody else finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.exchange import partners, queries, usage
from xiangyun.domain.exchange.models import Incoming, Outgoing, State, Taken
from xiangyun.domain.exchange.tests import laboratory as other
from xiangyun.domain.exchange.tests.laboratory import ORGANISATION, filed, messages
from xiangyun.faces.cli import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def operator() -> Client:
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login="yunwei", password=demonstration.PASSWORD, name="运样维", kind="official"
        )
        accounts.give_mandate(
            account, role="exchange_operator", division=demonstration.HUNCHUN, desk="运维（演示）"
        )
    return logged_in("yunwei")


def logged_in(login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": demonstration.PASSWORD})
    return client


def test_an_operator_sees_what_is_stuck_and_sends_it_again(operator: Client) -> None:
    other.publish()
    case, now = filed(), timezone.now()
    [row] = messages(case)
    problem = {"id": "exchange.E033", "zh": "没有答复。", "en": "No answer came."}
    with acting_as(SYSTEM):
        Outgoing.objects.filter(pk=row.pk).update(state=State.DEAD, problem=problem)
        Incoming.objects.create(
            organisation=ORGANISATION,
            message_id="f1",
            connector="laboratory",
            message="finding",
            key_id="k",
            digest="0",
            body="{}",
            came_at=now,
            state=Taken.FAILED,
            problem=problem,
        )
    shown = operator.get("/exchange/")
    assert shown.status_code == 200
    assert shown.text.index("Laboratory") < shown.text.index("Without any messages")
    assert shown.text.count("Laboratory") == 1
    assert "2" in shown.text
    stuck = operator.get("/exchange/stuck").text
    assert "Test" in stuck
    assert "No answer came." in stuck
    assert case.number in stuck
    assert "水" not in stuck, "what a message says stays with its case"
    assert operator.get(f"/exchange/messages/{row.pk}").status_code == 200
    assert operator.post(f"/exchange/messages/{row.pk}/resend").status_code == 302
    assert messages(case)[0].state == State.WAITING
    assert operator.post(f"/exchange/messages/{row.pk}/drop").status_code in (302, 409)
    assert messages(case)[0].state == State.WAITING, "what is not stuck is not given up"


def test_rights_are_shown_with_their_use_their_days_and_those_of_keys(operator: Client) -> None:
    other.publish()
    now = timezone.now()
    partners.enter_partner(ORGANISATION, name="水质实验室（虚构）", actor=SYSTEM, at=now)
    pem = other.new_signer().public_key_pem
    partners.enter_key(ORGANISATION, pem, last=now + timedelta(days=12), actor=SYSTEM, at=now)
    filed()
    shown = operator.get("/exchange/interfaces")
    assert shown.status_code == 200
    assert "水质实验室（虚构）" in shown.text
    row = shown.text.partition("水质实验室（虚构）")[2].partition("</tr>")[0]
    assert "12 days left" in row or "11 days left" in row
    found = [each for each in usage.accesses(MORNING) if each.organisation == ORGANISATION]
    assert sum(each.sent for each in found) == 1
    assert all(each.right.basis for each in found)


def test_a_citizen_sees_which_offices_gave_or_got_the_data_and_why(operator: Client) -> None:
    other.publish()
    case = filed()
    row = other.send(case)
    mine = logged_in("wang").get("/exchange/mine").text
    assert case.number in mine
    assert "demonstration: an example answered" in mine
    connector = queries.connector(row.connector)
    assert connector is not None
    assert connector.rights[0].basis in mine
    assert case.number not in logged_in("li").get("/exchange/mine").text


def test_everybody_sees_who_gives_evidence_and_what_nobody_gives() -> None:
    client = Client(headers={"accept-language": "en"})
    shown = client.get("/exchange/once-only").text
    assert "Liaoning police" in shown
    assert "you choose" in shown, "several providers are a choice"
    liaoning = client.get("/exchange/once-only?place=21").text
    assert "Liaoning police" in liaoning
    assert "Jilin police" not in liaoning
    nobody = client.get("/exchange/once-only?place=11").text
    assert "Certificate of no crime" in nobody
    assert "please bring it yourself" in nobody
    nowhere = client.get("/exchange/once-only?place=99").text
    assert "Jilin police" in nowhere, "a province that there is not is none"


def test_nobody_else_finds_the_pages() -> None:
    for client in (Client(), logged_in("shencha"), logged_in("wang")):
        for path in ("/exchange/", "/exchange/stuck", "/exchange/interfaces"):
            assert client.get(path).status_code in (302, 404)
