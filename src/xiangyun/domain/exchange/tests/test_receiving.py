"""A message that comes is believed only if it is signed and allowed, and is dealt with once."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from xiangyun.adapters import keys
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import pastcases, ports
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.cases.tests.waiting import case_now, open_items
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.exchange import actions, folders, partners, receiving
from xiangyun.domain.exchange.models import Incoming, State, Taken
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.ports import signer as own_signer
from xiangyun.kernel.feel import from_stored
from xiangyun.kernel.findings import Conflict
from xiangyun.kernel.simulation import replay

from . import laboratory as other
from .laboratory import ORGANISATION, Laboratory, filed, findings, messages, post, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(laboratory: Laboratory) -> Case:
    """A case whose test is done and whose opinion is awaited."""
    case = filed()
    send(case)
    laboratory.answer = lambda body: (202, {})
    assert send(case).state == State.SENT
    return case


def test_a_key_that_is_entered_again_stays_and_belongs_to_one_partner(
    laboratory: Laboratory,
) -> None:
    now, pem = timezone.now(), laboratory.signer.public_key_pem
    held = partners.enter_key(ORGANISATION, pem, actor=SYSTEM, at=now)
    assert held.first == MORNING  # as it was entered first
    with pytest.raises(Conflict, match=r"exchange\.E023"):
        partners.enter_key(ORGANISATION, pem, last=now, actor=SYSTEM, at=now)
    partners.enter_partner("91220000MB00000X", actor=SYSTEM, at=now)
    with pytest.raises(Conflict, match=r"exchange\.E023"):
        partners.enter_key("91220000MB00000X", pem, actor=SYSTEM, at=now)
    partners.revoke_key(held.key_id, "丢失", actor=SYSTEM, at=now)
    with pytest.raises(Conflict, match=r"exchange\.E023"):
        partners.enter_key(ORGANISATION, pem, actor=SYSTEM, at=now)


def opined(laboratory: Laboratory, case: Case, **more: Any) -> Any:
    body = {"number": case.number, "opinion": "fit"}
    return post(laboratory.signer, "opined", body, **more)


def test_a_later_answer_finds_the_message_and_the_case_goes_on(
    laboratory: Laboratory, asked: Case
) -> None:
    answer = opined(laboratory, asked, number="a1")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"received": "a1"})
    assert messages(asked)[1].state == State.DONE
    assert from_stored(case_now(asked.pk).variables)["opinion"] == "fit"
    assert "signature" in answer.headers, "the answer is signed, too"


def test_the_same_message_again_is_answered_as_before_and_does_nothing(
    laboratory: Laboratory, asked: Case
) -> None:
    first = opined(laboratory, asked, number="a1")
    again = opined(laboratory, asked, number="a1")
    assert (again.status_code, again.content) == (200, first.content)
    other_number = opined(laboratory, asked, number="a2")
    assert (other_number.status_code, findings(other_number)) == (409, ["exchange.E059"])
    changed = post(
        laboratory.signer, "opined", {"number": asked.number, "opinion": "unfit"}, number="a1"
    )
    assert findings(changed) == ["exchange.E054"]
    assert from_stored(case_now(asked.pk).variables)["opinion"] == "fit"


def test_a_message_reaches_the_case_that_waits_and_a_task_is_done(
    laboratory: Laboratory, asked: Case
) -> None:
    early = post(laboratory.signer, "finding", {"number": asked.number, "grade": 2}, number="f1")
    assert (early.status_code, findings(early)) == (409, ["exchange.E057"])
    assert early.headers["retry-after"] == "5"
    opined(laboratory, asked)
    late = post(laboratory.signer, "finding", {"number": asked.number, "grade": 2}, number="f1")
    assert late.status_code == 200
    assert open_items(asked) == ["measure"]
    done = post(laboratory.signer, "measured", {"number": asked.number})
    assert (done.status_code, json.loads(done.content)) == (200, {"case": asked.number})
    case = case_now(asked.pk)
    assert case.outcome == "issued"
    assert from_stored(case.variables)["measured"]["by"] == ORGANISATION
    assert_the_case_can_be_replayed(case)


def assert_the_case_can_be_replayed(case: Case) -> None:
    """Its record has the answers themselves, of which the journal says little in public."""
    with acting_as(SYSTEM):
        pack = catalogue.version_pack(other.CODE, 1)
        record = pastcases.record_of(case, pack)
        look_up = pastcases.registers_without(case.number)
        done = replay(pack, pack, record, ports.counting_calendar(), look_up)
    answers = {each.name: each.result for each in record.recorded_events if each.kind == "service"}
    assert answers.keys() == {"test", "opinion"}
    tested = answers["test"]["answer"]
    assert isinstance(tested, dict)
    assert (tested["price"], answers["opinion"]) == (Decimal("794958.9"), {"answer": "fit"})
    assert done.reproduced, done.old
    assert done.old.outcome == "issued"


def test_a_message_opens_a_case_once_and_in_order(laboratory: Laboratory) -> None:
    def reported(sequence: int, number: str) -> Any:
        body = {"what": "土", "place": "222404001001", "sequence": sequence}
        return post(laboratory.signer, "reported", body, number=number)

    early = reported(2, "r2")
    assert (early.status_code, findings(early)) == (409, ["exchange.E056"])
    first, second = reported(1, "r1"), reported(2, "r2")
    assert (first.status_code, second.status_code) == (200, 200)
    assert reported(1, "r1").content == first.content
    assert findings(reported(1, "r3")) == ["exchange.E055"], "an older one under a new number"
    with acting_as(SYSTEM):
        opened = Case.objects.filter(number=json.loads(first.content)["case"])
        assert opened.count() == 1
        assert Case.objects.filter(submitted_at__gte=timezone.now() - timedelta(1)).count() == 2


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("altered", "exchange.E008"),
        ("signature altered", "exchange.E007"),
        ("unsigned", "exchange.E001"),
        ("unknown key", "exchange.E006"),
        ("revoked key", "exchange.E009"),
        ("too old", "exchange.E005"),
        ("from the future", "exchange.E005"),
        ("of another organisation", "exchange.E051"),
        ("unknown message", "exchange.E050"),
        ("other schema", "connector.E012"),
        ("no JSON", "exchange.E053"),
        ("too long", "exchange.E032"),
        ("without a number", "exchange.E052"),
    ],
)
def test_what_is_wrong_with_a_message_is_named(
    laboratory: Laboratory, fault: str, expected: str
) -> None:
    now, body = timezone.now(), {"number": "1", "grade": 2}
    signer, name = laboratory.signer, "finding"
    given: dict[str, Any] = {}
    match fault:
        case "altered":
            given = {"spoil": lambda body: body.replace(b"2", b"3")}
        case "signature altered":
            given = {"change": lambda headers: headers.update({"idempotency-key": '"other"'})}
        case "unsigned":
            given = {"change": lambda headers: headers.pop("signature")}
        case "unknown key":
            signer = other.new_signer()
        case "revoked key":
            key = laboratory.signer.key_id
            partners.revoke_key(key, "丢失", actor=SYSTEM, at=now)
        case "too old":
            given = {"at": now - timedelta(minutes=16)}
        case "from the future":
            given = {"at": now + timedelta(minutes=16)}
        case "of another organisation":
            signer = other.new_signer()
            partners.enter_partner("91220000MB00000X", actor=SYSTEM, at=now)
            partners.enter_key(
                "91220000MB00000X", signer.public_key_pem, first=now, actor=SYSTEM, at=now
            )
        case "unknown message":
            name = "found"
        case "other schema":
            body = {"number": "1", "grade": "two"}
        case "too long":
            body = {"number": "1" * 20_001, "grade": 2}
        case "without a number":
            given = {"number": "x" * 101}
    if fault == "no JSON":
        reply = receiving.receive(
            receiving.Letter("laboratory", "finding", "n1", b"{"), ORGANISATION, "key", now
        )
        assert json.loads(reply.body)["findings"][0]["id"] == expected
        return
    answer = post(signer, name, body, **given)
    assert findings(answer) == [expected]
    assert answer.status_code in (403, 404, 422)
    with acting_as(SYSTEM):
        assert not Incoming.objects.filter(state=Taken.DONE).exists()
        refused = [e.data["problem"] for e in journal.history(f"partner/{ORGANISATION}")
                   if e.verb == "exchange.refused"]  # fmt: skip
    known = fault not in ("unknown key", "of another organisation")
    assert refused == ([expected] if known else [])


def test_offices_whose_clocks_are_ten_minutes_apart_still_meet(
    laboratory: Laboratory, asked: Case
) -> None:
    assert opined(laboratory, asked, at=timezone.now() - timedelta(minutes=10)).status_code == 200


def test_what_could_not_be_dealt_with_stays_until_somebody_tries_it_again(
    laboratory: Laboratory, asked: Case
) -> None:
    finding = {"number": asked.number, "grade": 2}
    post(laboratory.signer, "finding", finding, number="f1")
    with acting_as(SYSTEM):
        row = Incoming.objects.get(message_id="f1")
    assert (row.state, json.loads(row.body)) == (Taken.FAILED, finding)
    opined(laboratory, asked)
    actions.take_again(row.pk, actor=SYSTEM, at=timezone.now())
    receiving.take_waiting(row.pk, at=timezone.now())
    assert open_items(asked) == ["measure"]
    with acting_as(SYSTEM):
        row.refresh_from_db()
    assert (row.state, row.body) == (Taken.DONE, "")


def test_signed_files_in_a_folder_carry_messages_both_ways(
    published: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.XIANGYUN_TRANSPORTS = {"http": settings.XIANGYUN_TRANSPORTS["folder"]}
    theirs, now = Laboratory(), timezone.now()
    other.enter(theirs, str(tmp_path))
    case = filed()
    assert send(case).state == State.SENT
    own = tmp_path / own_signer().key_id
    [file] = own.iterdir()
    signed = json.loads(file.read_text("utf-8"))["signed"]
    assert json.loads(signed["body"]) == {"number": case.number, "what": "水"}

    box = tmp_path / theirs.signer.key_id
    answer = {"id": signed["id"], "status": 200, "body": json.dumps(other.GOOD)}
    folders.write_signed(box, f"{signed['id']}.answer", folders.PURPOSE, answer, theirs.signer)
    assert folders.collect(now) == 0, "signed for another purpose"
    (box / f"{signed['id']}.answer.json").unlink()
    folders.write_signed(box, f"{signed['id']}.answer", folders.ANSWER, answer, theirs.signer)
    assert folders.collect(now) == 1
    assert messages(case)[0].state == State.DONE

    send(case)
    opinion = {
        "connector": "laboratory",
        "message": "opined",
        "id": "o1",
        "body": json.dumps({"number": case.number, "opinion": "unfit"}),
    }
    folders.write_signed(box, "o1", folders.PURPOSE, opinion, theirs.signer)
    assert folders.collect(now) == 1
    assert from_stored(case_now(case.pk).variables)["opinion"] == "unfit"
    answered = json.loads((own / "o1.answer.json").read_text("utf-8"))["signed"]
    assert (answered["id"], answered["status"]) == ("o1", 200)
    assert folders.collect(now) == 0, "what was dealt with is not dealt with again"
    assert keys.signer().key_id == own_signer().key_id


def test_signed_files_come_and_go_by_mail(
    published: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.HOME, settings.DEMONSTRATION, settings.SMTP = tmp_path, True, ""
    theirs, now = Laboratory(), timezone.now()
    other.enter(theirs, "mailto:lab@example.test")
    case = filed()
    assert send(case).state == State.SENT
    [letter] = (tmp_path / "mail").glob("*.eml")
    posted = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default)
    [attached] = posted.iter_attachments()
    assert attached.get_filename().startswith(f"{own_signer().key_id}.")
    signed = json.loads(attached.get_payload(decode=True))["signed"]
    assert json.loads(signed["body"]) == {"number": case.number, "what": "水"}

    answer = {"id": signed["id"], "status": 200, "body": json.dumps(other.GOOD)}
    written = tmp_path / "theirs"
    folders.write_signed(written, f"{signed['id']}.answer", folders.ANSWER, answer, theirs.signer)
    came = tmp_path / "exchange-mail" / "came"
    came.mkdir(parents=True)
    mail = EmailMessage()
    name = f"{theirs.signer.key_id}.{signed['id']}.answer.json"
    content = (written / f"{signed['id']}.answer.json").read_bytes()
    mail.add_attachment(content, maintype="application", subtype="json", filename=name)
    (came / "1.eml").write_bytes(mail.as_bytes())
    (came / "2.eml").write_bytes(mail.as_bytes().replace(theirs.signer.key_id.encode(), b"../x"))
    assert folders.collect(now) == 1
    assert messages(case)[0].state == State.DONE
    assert not list(came.glob("*.eml")), "what was taken in is put aside"
    assert folders.collect(now) == 0
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1, "nothing is posted twice"
