"""Two provinces: filed in one, decided in the other; each side proves it by its own journal alone.

Both provinces are this instance, which is its own partner: whatever leaves comes in again by the
signed request and its signed answer. Two instances are in the demonstration.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.adapters import exchange as http
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts, foreign
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, add_file
from xiangyun.domain.cases.tests.waiting import case_now, open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.certificates import queries as certificates
from xiangyun.domain.certificates.queries import Certificate
from xiangyun.domain.certificates.verification import Standing
from xiangyun.domain.exchange import enclosures, partners, proving, sending
from xiangyun.domain.exchange.models import Enclosure, Outgoing, State
from xiangyun.domain.exchange.ports import Unreachable
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.faces.exchange.views import inbound
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import from_json

from .laboratory import new_signer
from .neighbour import carry, meets_itself, tell

pytestmark = pytest.mark.django_db

LIAONING = "11210000MB0FED0011"
JILIN = "11220000MB0FED001K"
MEDICAL = "federation/medical-record-filing"


@pytest.fixture
def provinces(demonstration: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other province is entered, with its key, and is reached at this very instance."""
    meets_itself(LIAONING, monkeypatch)


def file_elsewhere(service: str, example: str, file: str = "") -> Case:
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(service, actor=wang, at=MORNING)
        pack = catalogue.pack(draft.version_id)
        answers = next(e.answers for e in pack.examples if example in e.place.file)
        plain = {key: value for key, value in answers.items() if key != file}
        reading = from_json(pack.form, answers)
        given = {key: value for key, value in reading.answers.items() if key in plain}
        drafts.keep_answers(draft.id, given, actor=wang, at=MORNING)
        if file:
            add_file(draft.id, file, wang, MORNING)
        return actions.submit_case(draft.id, actor=wang, at=MORNING)


def the_other(case: Case) -> Case:
    """The case that the other province has opened."""
    with acting_as(SYSTEM):
        return Case.objects.exclude(pk=case.pk).get(version__code=case.version.code)


@pytest.fixture
def handed(provinces: None) -> tuple[Case, Case]:
    """A case of this province, and that of the other one that it was handed over to."""
    case = file_elsewhere(MEDICAL, "02-decided-there", "residence_proof")
    act("yishou", case, "take_in_for_elsewhere")
    (message,) = carry()
    assert message.state == State.SENT, message.problem
    return case, the_other(case)


def test_materials_clock_and_responsibility_pass_in_the_message(
    handed: tuple[Case, Case],
) -> None:
    case, there = handed
    with acting_as(SYSTEM):
        material = drafts.materials_of(case.pk)[0]
    found = from_stored(case_now(there.pk).variables)["application"]
    assert found["number_there"] == case.number
    assert found["materials_there"] == f"{material.name}  {material.digest}"
    assert found["due_there"] > timezone.localdate(MORNING)
    assert open_items(there) == ["weigh"]


def test_whatever_happens_on_the_way_a_message_is_done_once(
    provinces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_elsewhere(MEDICAL, "02-decided-there", "residence_proof")
    act("yishou", case, "take_in_for_elsewhere")
    straight, faults = http._asked, ["cut", "altered", "unanswered", "twice"]

    def asked(url: str, headers: dict[str, str], said: bytes, message: Any) -> Any:
        fault = faults.pop(0)
        if fault == "cut":
            raise Unreachable(Text.given(fault, fault))
        if fault == "twice":
            straight(url, headers, said, message)
        body = said.replace(b"{", b"{ ", 1) if fault == "altered" else said
        answer = straight(url, headers, body, message)
        if fault == "unanswered":
            raise Unreachable(Text.given(fault, fault))
        return answer

    monkeypatch.setattr(http, "_asked", asked)
    for _ in range(4):
        with acting_as(SYSTEM):
            row = Outgoing.objects.get(case=case.pk)
        assert row.state == State.WAITING, row.problem
        sending.send(row.pk, at=max(row.due_at, timezone.now()))
    with acting_as(SYSTEM):
        row = Outgoing.objects.get(case=case.pk)
        entries = journal.history(f"partner/{LIAONING}")
        said = [(each.verb, each.data.get("problem")) for each in entries]
    assert (row.state, row.attempts, faults) == (State.SENT, 4, [])
    assert the_other(case).number, "one case, and no second one"
    assert said.count(("exchange.received", None)) == 1
    assert ("exchange.refused", "exchange.E008") in said


def verbs_of(subject: str) -> list[str]:
    with acting_as(SYSTEM):
        return [each.verb for each in journal.history(subject)]


def fetch_all() -> list[Enclosure]:
    with acting_as(SYSTEM):
        waiting = list(Enclosure.objects.filter(state=State.WAITING))
    for each in waiting:
        enclosures.fetch(each.pk, at=timezone.now())
    with acting_as(SYSTEM):
        return list(Enclosure.objects.order_by("pk"))


def test_the_contents_of_materials_follow_their_digests_in_pieces(
    handed: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, there = handed
    monkeypatch.setattr(enclosures, "PIECE", 7)
    (file,) = fetch_all()
    assert file.state == State.DONE, file.problem
    with acting_as(SYSTEM):
        (ours,), (theirs,) = drafts.materials_of(case.pk), drafts.materials_of(there.pk)
    assert (theirs.name, theirs.digest, theirs.size) == (ours.name, ours.digest, ours.size)
    assert file.digest == file.found == ours.digest
    assert fetch_all() == [file], "fetched once"
    assert "exchange.file_given" in verbs_of(f"exchange/{file.message_id}")
    assert "exchange.file_came" in verbs_of(there.number)


def test_a_file_goes_to_nobody_but_whom_its_message_went_to(handed: tuple[Case, Case]) -> None:
    third, now = new_signer(), timezone.now()
    partners.enter_partner(JILIN, name="外省（演示）", actor=SYSTEM, at=now)
    partners.enter_key(JILIN, third.public_key_pem, first=MORNING, actor=SYSTEM, at=now)
    with acting_as(SYSTEM):
        (file,) = Enclosure.objects.all()
    asked = {"message": file.message_id, "sha256": file.digest, "from": 0}
    refused = tell("files", "piece", asked, third)
    assert "exchange.E070" in refused.content.decode()
    assert tell("files", "piece", asked).status_code == 200
    assert tell("files", "piece", {"message": 1}).status_code == 422


def test_a_content_that_is_another_is_not_laid_into_the_case(
    handed: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, there = handed
    right = foreign.file_of
    altered = lambda case, digest: replace(right(case, digest), content=b"another")  # noqa: E731
    monkeypatch.setattr(foreign, "file_of", altered)
    partners.enter_partner(LIAONING, signs_answers=False, actor=SYSTEM, at=timezone.now())
    (file,) = fetch_all()
    assert "exchange.E072" in str(file.problem)
    with acting_as(SYSTEM):
        assert drafts.materials_of(there.pk) == []


def test_a_certificate_of_the_other_province_is_valid_here_while_it_stands_there(
    provinces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_elsewhere(MEDICAL, "01-decided-here", "residence_proof")
    act("yijue", case, "grant_across", at=timezone.now())
    with acting_as(SYSTEM):
        issued = Certificate.objects.get(case_number=case.number)
    document = certificates.bare_document(issued)
    assert certificates.verdict(document).answer == "valid"
    monkeypatch.setattr(certificates, "signer", new_signer)  # another platform looks at it
    assert certificates.verdict(document).answer == "unknown"
    partners.enter_partner(LIAONING, certifies=True, actor=SYSTEM, at=timezone.now())
    found = certificates.verdict(document)
    assert found.answer == "valid", found.headline
    assert "exchange.standing_given" in verbs_of(f"partner/{LIAONING}")
    gone = Standing(True, False, Text.given("已注销", "revoked"))
    monkeypatch.setattr(inbound.certificates, "standing", lambda identifier: gone)
    assert certificates.verdict(document).answer == "revoked"


def test_the_decision_and_the_certificate_come_back(handed: tuple[Case, Case]) -> None:
    case, there = handed
    act("yijue", there, "grant_across", at=timezone.now())
    assert [message.state for message in carry()] == [State.DONE, State.DONE]
    assert (case_now(case.pk).outcome, case_now(there.pk).outcome) == (
        "granted_there",
        "granted_across",
    )
    came, issued = (from_stored(case_now(each.pk).variables) for each in (case, there))
    assert came["there"]["document"]["identifier"] == issued["document"]["identifier"]
    assert all(file.state == State.DONE for file in fetch_all())
    with acting_as(SYSTEM):
        page = Certificate.objects.get(case_number=there.number).page.encode()
    (laid,) = [m for m in materials(case) if m.digest == hashlib.sha256(page).hexdigest()]
    assert laid.name == f"{issued['document']['identifier']}.html"
    handed_over = foreign.file_of(case.pk, laid.digest)
    assert handed_over is not None
    assert certificates.verdict(handed_over.content).answer == "valid"


def materials(case: Case) -> list[drafts.Material]:
    with acting_as(SYSTEM):
        return list(drafts.materials_of(case.pk))


def test_corrections_go_there_and_back(handed: tuple[Case, Case]) -> None:
    case, there = handed
    act("yijue", there, "ask_to_mend", note="看不清", at=timezone.now())
    carry()
    assert (open_items(case), open_items(there)) == (["mend"], [])
    act("wang", case, "send_mended", at=timezone.now())
    carry()
    assert open_items(there) == ["weigh_again"]
    act("yijue", there, "deny_across", note="仍看不清", at=timezone.now())
    carry()
    assert case_now(case.pk).outcome == "denied_there"


def test_corrections_of_another_partner_are_not_those_that_are_waited_for(
    handed: tuple[Case, Case],
) -> None:
    _, there = handed
    act("yijue", there, "ask_to_mend", note="看不清", at=timezone.now())
    carry()
    third, now = new_signer(), timezone.now()
    partners.enter_partner(JILIN, name="外省（演示）", actor=SYSTEM, at=now)
    partners.enter_key(JILIN, third.public_key_pem, first=MORNING, actor=SYSTEM, at=now)
    mended = {"number": "1", "number_there": there.number, "facts": {}, "materials": []}
    connector = MEDICAL.replace("/", "-")
    answer = tell(connector, "mended", mended, third)
    assert "exchange.E057" in answer.content.decode()
    assert open_items(there) == []
    assert tell(connector, "mended", mended).status_code == 200
    assert open_items(there) == ["weigh_again"]


def test_an_item_that_is_unknown_here_is_refused_by_its_basic_code(
    provinces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = file_elsewhere(MEDICAL, "02-decided-there", "residence_proof")
    act("yishou", case, "take_in_for_elsewhere")
    monkeypatch.setattr(catalogue, "packs_opened_by", lambda how: [])
    (message,) = carry()
    assert "exchange.E064" in str(message.problem)


def proofs(message: Outgoing) -> tuple[dict[str, Any], dict[str, str]]:
    return proving.prove(str(message.pk), timezone.now()), {
        signer().key_id: signer().public_key_pem
    }


def test_each_side_proves_a_message_by_its_own_journal(handed: tuple[Case, Case]) -> None:
    with acting_as(SYSTEM):
        message = Outgoing.objects.get()
    document, keys = proofs(message)
    found = {each.verb: each for each in proving.check(document, keys, keys)}
    assert set(found) == {"exchange.sent", "exchange.delivered", "exchange.received"}
    assert all(each.in_journal for each in found.values())
    assert {each.sha256 for each in found.values()} == {message.digest}
    assert found["exchange.sent"].rule == found["exchange.received"].rule != ""
    sent, came = found["exchange.received"].their_leaf, found["exchange.delivered"].their_leaf
    assert sent == message.leaf != came, "each leaf names that of the other journal"
    assert found["exchange.delivered"].by_them
    assert found["exchange.received"].by_them


@pytest.mark.parametrize("key", ["base", "their_leaf", "sha256"])
def test_a_proof_that_was_altered_proves_nothing(handed: tuple[Case, Case], key: str) -> None:
    with acting_as(SYSTEM):
        message = Outgoing.objects.get()
    document, keys = proofs(message)
    for receipt in document["receipts"]:
        for entry in receipt["entries"]:
            entry["leaf"] = entry["leaf"].replace(f'"{key}":"', f'"{key}":"0')
    altered = [each for each in proving.check(document, keys, keys) if each.by_them is not None]
    assert altered
    assert not any(each.in_journal for each in altered)


EVIDENCE = "federation/no-crime-certificate"


def press(login: str, case: Case, action: str) -> None:
    """The applicant does a task without a form on its page, which shows the buttons alone."""
    browser = Client()
    browser.post("/login", {"as": login})
    own = browser.get(reverse("portal:case", args=[case.pk])).content.decode()
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case.pk, closed_at=None).token
    page = reverse("tasks:task", args=[case.pk, token])
    assert f'href="{page}"' in own
    assert f'name="action" value="{action}"' in browser.get(page).content.decode()
    assert browser.post(page, {"action": action, "base": "0"}).status_code == 302


@pytest.mark.parametrize(
    ("action", "sent", "outcome"),
    [
        ("send_evidence", "granted_across", "granted_there"),
        ("keep_evidence", "evidence_unused", "evidence_unused"),
    ],
)
def test_the_person_sees_the_evidence_before_it_is_sent_and_may_refuse(
    provinces: None, action: str, sent: str, outcome: str
) -> None:
    case = file_elsewhere(EVIDENCE, "02-used")
    carry()
    there = the_other(case)
    act("gongan", there, "grant_across", at=timezone.now())
    assert open_items(there) == ["see_evidence"]
    assert len(carry()) == 1, "nothing but the request was sent"
    press("wang", there, action)
    carry()
    assert (case_now(there.pk).outcome, case_now(case.pk).outcome) == (sent, outcome)
    if action == "keep_evidence":
        came = from_stored(case_now(case.pk).variables)["there"]
        assert came.get("document") is None, "nothing of the evidence was sent"
