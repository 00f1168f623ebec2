"""The office's page of a certificate, and what its holder and a verifier then see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.keys import signer
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import act, actor, submitted
from xiangyun.domain.certificates import queries
from xiangyun.domain.certificates.models import Certificate
from xiangyun.domain.evidence import actions as evidence

from .test_wallet_pages import UNTIL, entered, page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WHY = "核实经营场所（虚构）"


@pytest.fixture
def held() -> Certificate:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    act("jueding", case, "approve")
    with acting_as(actor("wang")):
        (licence,) = queries.certificates_for_case(case.number)
    return licence


def post(client: Client, held: Certificate, what: str, **told: str) -> Any:
    return client.post(f"/office/certificates/{held.identifier}/{what}", told)


def seen(client: Client, held: Certificate) -> str:
    return client.get(f"/office/certificates/{held.identifier}").content.decode()


def verified(held: Certificate) -> str:
    client = Client()
    client.post("/language", {"language": "en", "next": "/"})
    return client.get(f"/verify?id={held.identifier}").content.decode()


def test_an_office_suspends_a_certificate_lets_it_stand_again_and_ends_it(
    held: Certificate,
) -> None:
    office, wang = entered("jueding"), entered("wang")
    for typed in (held.number, held.identifier, held.case_number):
        found = office.get("/office/certificates", {"text": typed}).content.decode()
        assert f"/office/certificates/{held.identifier}" in found, typed
    assert "Nothing found" in office.get("/office/certificates?text=1").content.decode()
    case = office.get(f"/office/find?text={held.case_number}").content.decode()
    address = case.partition('href="/office/cases/')[2].partition('"')[0]
    of_case = office.get(f"/office/cases/{address}").content.decode()
    assert f"/office/certificates/{held.identifier}" in of_case

    refused = post(office, held, "end", description=WHY)
    assert (refused.status_code, "Choose one of the reasons" in refused.content.decode()) == (
        422,
        True,
    )
    assert post(office, held, "end", reason="99").status_code == 422
    assert post(office, held, "end", reason="06", description=WHY).status_code == 302
    told = wang.get("/messages/").content.decode()
    assert "A certificate of yours has changed" in told
    shown = seen(office, held)
    assert ">Suspended</span>" in shown
    assert 'value="06"' not in shown
    in_wallet = page(wang, held)
    assert ">Suspended</span>" in in_wallet
    assert WHY in in_wallet
    assert "Certificate suspended" in in_wallet
    for gone in ("/show", "/copy", "/annual", "/offer", "/file/"):
        assert f"{held.identifier}{gone}" not in in_wallet, gone
    asked = {"purpose": "开户", "until": UNTIL.isoformat()}
    assert wang.post(f"/wallet/{held.identifier}/copy", asked).status_code == 422
    assert wang.post(f"/wallet/{held.identifier}/offer").status_code == 409
    answer = verified(held)
    assert "Suspended since" in answer
    assert WHY not in answer, "what is written to the holder is not for every verifier"

    assert post(office, held, "reinstate").status_code == 422
    assert post(office, held, "reinstate", description="已核实").status_code == 302
    assert "In force" in verified(held)
    assert f"{held.identifier}/copy" in page(wang, held)

    assert post(office, held, "end", reason="01").status_code == 302
    assert "Revoked since" in verified(held)
    assert "/end" not in seen(office, held)
    assert post(office, held, "end", reason="01").status_code == 409


def test_who_may_not_end_it_sees_no_forms_and_other_matters_nothing(held: Certificate) -> None:
    reviewer, elsewhere = entered("shencha"), entered("minzheng")
    shown = seen(reviewer, held)
    assert held.number in shown
    assert "<form method" not in shown.partition("<main")[2]
    assert reviewer.get("/office/certificates").status_code == 404
    for client in (reviewer, elsewhere, entered("wang")):
        assert post(client, held, "end", reason="01").status_code == 404
    assert elsewhere.get(f"/office/certificates/{held.identifier}").status_code == 404


def test_evidence_is_verified_on_the_page_and_a_changed_part_named(held: Certificate) -> None:
    with acting_as(SYSTEM) as platform:
        made = evidence.evidence(
            str(held.case_number), actor=platform, at=timezone.now(), signer=signer()
        )
    at = made.index(b'"number"')
    changed = made[:at] + b"'" + made[at + 1 :]
    for content, tone, said in ((made, "good", "as it was sealed"), (changed, "late", "case.json")):
        client = Client()
        client.post("/language", {"language": "en", "next": "/"})
        sent = SimpleUploadedFile("evidence.zip", content)
        shown = client.post("/verify", {"file": sent}).content.decode()
        assert f'class="answer {tone}"' in shown
        assert said in shown
