"""The wallet of a holder: what one holds, shown for a minute, copies made out and taken back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlparse

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.certificates import actions
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.certificates.tests.conftest import APPROVER, licence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
UNTIL = timezone.localdate() + timedelta(days=30)


def entered(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    client.post("/language", {"language": "en", "next": "/"})
    return client


@pytest.fixture
def held() -> Certificate:
    with acting_as(SYSTEM):
        return actions.issue(
            licence(),
            owner=actor("wang").subject,
            case_number="",
            actor=APPROVER,
            at=timezone.now(),
            signer=signer(),
        )


def page(client: Client, held: Certificate) -> str:
    return client.get(f"/wallet/{held.identifier}").content.decode()


def test_a_copy_is_made_out_for_a_purpose_taken_back_and_stands_in_the_history(
    held: Certificate,
) -> None:
    wang = entered("wang")
    assert held.identifier in wang.get("/wallet").content.decode()
    assert "There is no copy yet." in page(wang, held)
    asked = {"purpose": "租房（虚构）", "until": UNTIL.isoformat()}
    made = wang.post(f"/wallet/{held.identifier}/copy", asked)
    assert made.status_code == 200
    assert "attachment" in made["Content-Disposition"]
    assert "租房（虚构）" in made.content.decode()
    shown = page(wang, held)
    assert shown.count("A copy was made out") == 1
    assert "租房（虚构）" in shown
    withdraw = shown.partition('action="/wallet/copies/')[2].partition('"')[0]
    assert wang.post(f"/wallet/copies/{withdraw}").status_code == 302
    after = page(wang, held)
    assert "Withdrawn" in after
    assert after.count("A copy was withdrawn") == 1
    refused = wang.post(f"/wallet/{held.identifier}/copy", {**asked, "until": "2020-01-01"})
    assert refused.status_code == 422


def test_a_code_on_the_screen_leads_whoever_scans_it_to_the_answer(held: Certificate) -> None:
    wang = entered("wang")
    shown = wang.post(f"/wallet/{held.identifier}/show").content.decode()
    assert "It ends after one minute." in shown
    assert "data:image/svg" in shown
    assert page(wang, held).count("A code was shown for one minute") == 1
    assert Client().get("/shown/made-up").status_code == 410


def test_an_offer_for_a_wallet_names_the_address_that_gives_it(held: Certificate) -> None:
    offered = entered("wang").post(f"/wallet/{held.identifier}/offer").content.decode()
    assert "openid-credential-offer://" in offered
    assert "An offer for a wallet app was made" in offered
    assert "· OpenID4VCI" not in offered
    metadata = Client().get("/.well-known/openid-credential-issuer").json()
    assert urlparse(metadata["credential_endpoint"]).path == "/openid4vci/credential"


def test_a_copy_for_the_year_is_told_in_the_language_of_the_page(held: Certificate) -> None:
    wang, year = entered("wang"), timezone.localdate().year
    assert wang.post(f"/wallet/{held.identifier}/annual").status_code == 200
    shown = page(wang, held)
    assert shown.count(f"Copy for {year}") == 2
    assert "年度副本" not in shown.partition("<main")[2]


def test_a_code_that_is_none_is_told_as_a_code() -> None:
    client = Client()
    client.post("/language", {"language": "en", "next": "/"})
    for typed in ("ABCDE-FGHJK", "91222404MA0XY0029L"):
        shown = client.post("/verify", {"identifier": typed}).content.decode()
        assert "there is no such short code" in shown, typed


def test_the_wallet_of_another_is_not_there(held: Certificate) -> None:
    other = entered("li")
    assert held.identifier not in other.get("/wallet").content.decode()
    for address in ("", "/show", "/copy", "/annual", "/offer"):
        asked = f"/wallet/{held.identifier}{address}"
        answer = other.post(asked) if address else other.get(asked)
        assert answer.status_code == 404, address
    assert Client().get("/wallet").status_code == 302
