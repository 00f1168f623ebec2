"""Two provinces: filed in one, decided in the other; each side proves it by its own journal alone.

Both provinces are this instance, which is its own partner: whatever leaves comes in again by the
signed request and its signed answer. Two instances are in the demonstration.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, add_file
from xiangyun.domain.cases.tests.waiting import case_now, open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.exchange import partners, proving
from xiangyun.domain.exchange.models import Outgoing, State
from xiangyun.domain.journal.ports import signer
from xiangyun.kernel.feel import from_stored
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


def test_the_evidence_is_seen_before_it_is_used(provinces: None) -> None:
    case = file_elsewhere("federation/no-crime-certificate", "02-used")
    carry()
    act("gongan", the_other(case), "grant_across", at=timezone.now())
    carry()
    assert open_items(case) == ["see_evidence"]
    act("wang", case, "refuse_this_evidence", at=timezone.now())
    assert case_now(case.pk).outcome == "evidence_unused"
