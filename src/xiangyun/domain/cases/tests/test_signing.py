"""Signatures by passkey: of what exactly, by whom, refused by name, and proved by the receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.authentication import actions as authentication
from xiangyun.domain.authentication import queries as factors
from xiangyun.domain.authentication.tests.device import Device
from xiangyun.domain.cases import actions, comparison, drafts, signing, taskforms
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.pastcases import record_of
from xiangyun.domain.cases.ports import Site
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Refused

from . import signed, visits
from .signed import HERE, by, device
from .situations import MORNING, actor, submitted
from .visits import PHOTO, filed, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
LATER = MORNING + timedelta(hours=1)
HELP: dict[str, Value] = {"result": "needs_help", "people": Decimal(6)}


@pytest.fixture
def published(demonstration: None) -> None:
    signed.publish()


def send(
    case: Case,
    answers: Mapping[str, Value],
    who: Actor,
    given: signing.Signing | None = None,
    at: datetime = LATER,
) -> Case:
    with acting_as(who):
        token = cases.open_tasks(who, case)[0].id
        return taskforms.answer_task(
            case.pk, token, answers, action="done", actor=who, at=at, signature=given
        )


def ask(
    case: Case, answers: Mapping[str, Value], who: Actor, site: Site = HERE, at: datetime = LATER
) -> signing.Asked:
    with acting_as(who):
        return signing.ask(lambda given: send(case, answers, who, given, at), site, who, at)


def sign(case: Case, answers: Mapping[str, Value], who: Actor, key: Device) -> Case:
    return send(case, answers, who, by(key, ask(case, answers, who)))


def refused(case: Case, answers: Mapping[str, Value], who: Actor, *given: object) -> str:
    with pytest.raises(Refused) as refusal:
        send(case, answers, who, *given)  # type: ignore[arg-type]
    return refusal.value.findings[0].id


def test_an_official_an_applicant_and_another_party_sign_and_the_receipt_proves_it() -> None:
    official, wang, li = actor("pinggu"), actor("wang"), actor("li")
    case = filed(**visits.NEIGHBOUR)
    for who, answers in ((official, HELP), (wang, {"wish": "care"}), (li, {"words": "看见了。"})):
        case = sign(case, answers, who, device(who))
    assert case.outcome == "helped"
    with acting_as(wang):
        lines = [line for line in cases.history(case) if line.verb == "signature.given"]
        receipt = actions.receipt(case.pk, actor=wang, at=LATER)
    assert [line.what.zh for line in lines] == [
        "签名：上门走访（通行密钥）",
        "签名：填写意愿（通行密钥）",
        "签名：作证（通行密钥）",
    ]
    verdict = check_receipt(receipt, signer().trusted)
    assert verdict.answer == "valid"
    told = [step for step in verdict.steps if "通行密钥" in step.text.zh]
    assert [step.passed for step in told] == [True, True, True]
    with acting_as(SYSTEM):
        assert [finding.id for finding in comparison.compare()] == []
        record = record_of(Case.objects.get(pk=case.pk), catalogue.pack(case.version_id))
    results = [each.result for each in record.recorded_events if each.kind == "task"]
    assert [result["signature"]["way"] for result in results] == ["passkey"] * 3  # type: ignore[index,call-overload]


def test_what_is_signed_holds_all_that_is_sent_and_who_sends_it() -> None:
    official, case = actor("pinggu"), filed()
    device(official)
    document = json.loads(ask(case, HELP, official).document)
    assert document["answers"]["result"] == "needs_help"
    assert document["task"], document["action"] == ("visit", "done")
    assert document["case"] == str(case.pk)
    assert document["signer"] == {"account": str(official.account), "name": official.name}
    with acting_as(official):  # and nothing has happened
        assert taskforms.answering(case.pk, waiting(case, "pinggu"), actor=official).revision == 0


def test_a_receipt_whose_signature_was_exchanged_is_found_out() -> None:
    official, case = actor("pinggu"), filed()
    case = sign(case, {"result": "nobody"}, official, device(official))
    wang = actor("wang")
    with acting_as(wang):
        receipt = actions.receipt(case.pk, actor=wang, at=LATER)
    entry = next(e for e in receipt["entries"] if "signature.given" in e["leaf"])
    document = entry["opened"].pop("private.document")
    verdict = check_receipt(receipt, signer().trusted)
    assert verdict.answer == "valid"
    assert any("没有附上" in step.text.zh for step in verdict.steps)
    entry["opened"]["private.document"] = {**document, "value": str(document["value"]) + " "}
    assert check_receipt(receipt, signer().trusted).answer == "altered"


def test_without_a_signature_it_is_refused_by_every_way_in() -> None:
    official, case = actor("pinggu"), filed()
    assert refused(case, HELP, official) == "signature.E001"
    with acting_as(official), pytest.raises(Refused) as refusal:
        signing.ask(lambda given: send(case, HELP, official, given), HERE, official, LATER)
    assert refusal.value.findings[0].id == "signature.E006"  # no passkey yet


def test_a_signature_of_other_content_is_refused() -> None:
    official, case = actor("pinggu"), filed()
    given = by(device(official), ask(case, HELP, official))
    assert refused(case, {**HELP, "people": Decimal(7)}, official, given) == "signature.E002"


def test_a_signature_for_another_case_is_refused() -> None:
    official, one, other = actor("pinggu"), filed(), filed(actor("li"))
    given = by(device(official), ask(one, HELP, official))
    assert refused(other, HELP, official, given) == "signature.E002"


def test_a_signature_made_at_another_site_is_refused() -> None:
    official, case = actor("pinggu"), filed()
    key = device(official)
    asked = ask(case, HELP, official)
    key.origin = "https://phishing.example.net"
    assert refused(case, HELP, official, by(key, asked)) == "signature.E003"
    key.origin, key.host = HERE.origin, "phishing.example.net"
    assert refused(case, HELP, official, by(key, asked)) == "signature.E003"


@pytest.mark.parametrize("after", [timedelta(minutes=11), timedelta(seconds=-1)])
def test_a_signature_that_was_asked_for_too_long_ago_is_refused(after: timedelta) -> None:
    official, case = actor("pinggu"), filed()
    given = by(device(official), ask(case, HELP, official))
    assert refused(case, HELP, official, given, LATER + after) == "signature.E004"


def test_a_moment_of_asking_that_was_made_up_is_other_content() -> None:
    official, case = actor("pinggu"), filed()
    given = by(device(official), ask(case, HELP, official))
    given.asked_at = (LATER + timedelta(minutes=8)).isoformat(timespec="seconds")
    at = LATER + timedelta(minutes=15)
    assert refused(case, HELP, official, given, at) == "signature.E002"


def test_a_passkey_that_was_removed_or_is_somebody_elses_is_refused() -> None:
    official, case = actor("pinggu"), filed()
    mine, others = device(official), device(actor("wang"))
    asked = ask(case, HELP, official)
    given = by(mine, asked)
    assert refused(case, HELP, official, by(others, asked)) == "signature.E005"
    with acting_as(official):
        device_row = factors.factors(official.account).passkeys[0]  # type: ignore[arg-type]
        authentication.remove_factor(official, device_row.pk, LATER)
    assert refused(case, HELP, official, given) == "signature.E005"


def test_a_signature_that_no_key_made_is_refused() -> None:
    official, case = actor("pinggu"), filed()
    key = device(official)
    forged = Device(HERE.origin, HERE.host, identifier=key.identifier)
    asked = ask(case, HELP, official)
    assert refused(case, HELP, official, by(forged, asked)) == "signature.E009"
    for answer in ("{}", "[]", "no JSON", '{"id": 1}'):
        given = signing.Signing(HERE, asked.asked_at, answer)
        assert refused(case, HELP, official, given) == "signature.E009"


def test_what_is_signed_on_paper_takes_its_place_where_the_drawing_says_so() -> None:
    official, case = actor("pinggu"), filed()
    with acting_as(official):
        token = waiting(case, "pinggu")
        question = taskforms.answering(case.pk, token, actor=official).form.question("photos")
        taskforms.add_evidence(
            case.pk,
            token,
            question,
            name="signed.jpg",
            media_type="image/jpeg",
            content=PHOTO,
            actor=official,
            at=LATER,
        )
    case = send(case, {"result": "nobody"}, official)
    with acting_as(official):
        lines = [line.what.zh for line in cases.history(case) if line.verb == "signature.given"]
    assert lines == ["签名：上门走访（纸质）"]


def test_only_a_representative_whom_the_drawing_accepts_signs_for_a_party() -> None:
    official, wang, li = actor("pinggu"), actor("wang"), actor("li")
    case = sign(filed(), HELP, official, device(official))
    key = device(li)

    def let(proof: str, by: Actor) -> Actor:
        with acting_as(by):
            representing.represent(
                by,
                party=wang.account,  # type: ignore[arg-type]
                representative=li.account,  # type: ignore[arg-type]
                proof=proof,
                at=LATER,
                reference="登记簿（虚构）",
            )
        with acting_as(li):
            found = representing.for_party(li, wang.account)  # type: ignore[arg-type]
        assert found is not None
        return found

    clerk = let("consent", wang)
    answers: dict[str, Value] = {"wish": "care"}
    with pytest.raises(Refused) as refusal:
        ask(case, answers, clerk)
    assert refusal.value.findings[0].id == "signature.E007"
    legal = let("register", SYSTEM)
    case = send(case, answers, legal, by(key, ask(case, answers, legal)))
    assert case.outcome == "helped"


def test_an_application_is_signed_and_one_need_not_sign_what_is_only_offered() -> None:
    wang = actor("wang")
    assert filed().variables["filing"].get("signature") is None
    key = device(wang)
    with acting_as(wang):
        draft = drafts.start_draft(visits.CODE, actor=wang, at=MORNING)
        given: dict[str, Value] = {"household": "王样云", "place": "222404001001"}
        drafts.keep_answers(draft.id, given, actor=wang, at=MORNING)

        def act(given: signing.Signing) -> Case:
            return actions.submit_case(draft.id, actor=wang, at=LATER, signature=given)

        answered = by(key, signing.ask(act, HERE, wang, LATER))
        case = act(answered)
        assert act(answered).pk == case.pk  # twice is once
        lines = [line.what.zh for line in cases.history(case)]
    assert lines[:2] == ["提交申请", "签名：申请（通行密钥）"]
    assert case.variables["filing"]["signature"]["name"] == wang.name


def test_what_asks_for_no_signature_takes_none() -> None:
    wang, official = actor("wang"), actor("shencha")
    case, key = submitted(wang, brand="样签"), device(official)
    with acting_as(official):
        token = cases.open_tasks(official, case)[0].id

        def act(given: signing.Signing) -> Case:
            return actions.complete_task(
                case.pk, token, action="agree", actor=official, at=LATER, signature=given
            )

        with pytest.raises(Refused) as refusal:
            signing.ask(act, HERE, official, LATER)
    assert refusal.value.findings[0].id == "signature.E008"
    assert key.count == 0
