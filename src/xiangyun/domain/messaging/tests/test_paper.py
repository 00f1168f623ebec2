"""Letters on paper, for those they are written to; and what a button would write, beforehand."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import pytest
from asn1crypto.x509 import Certificate
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from xiangyun.adapters.fonts import FACES, _fonts
from xiangyun.adapters.token import keyring
from xiangyun.adapters.typesetting import Typst
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import access, actions
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.models import Case, Letter, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor, submitted
from xiangyun.domain.messaging.paper import letter_as_pdf
from xiangyun.domain.messaging.ports import Sheet
from xiangyun.kernel.findings import Conflict, Refused
from xiangyun.kernel.language import CHINESE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
faces = pytest.mark.skipif(not _fonts("")[1], reason="no Chinese face on this machine")
SHEET = Sheet(
    "珲春市市场监督管理局（演示）",
    "珲春市市监许〔2026〕12号",
    "准予登记通知书",
    '王样云：\n\n您申请的公司准予登记。#set page(paper: "a0") $x$ *粗* \\ @none\n第二行。',
    "办件编号：22240420260409000001",
    "zh-Hans",
)


def logged_in(login: str) -> Client:
    client = Client()
    assert client.post("/login", {"as": login}).status_code == 302
    return client


def text_of(pdf: bytes) -> bytes:
    """All streams of a PDF, unpacked."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    unpacked = []
    for each in found:
        try:
            unpacked.append(zlib.decompress(each))
        except zlib.error:
            unpacked.append(each)
    return b"\n".join(unpacked)


@faces
def test_a_letter_is_set_with_a_chinese_face_and_as_it_stands() -> None:
    made = Typst().pdf(SHEET)
    assert made.startswith(b"%PDF-")
    whole = made + text_of(made)
    assert any(face.replace(" ", "").encode()[:9] in whole for face in FACES)
    assert b"595.27" in whole, "A4, whatever the words of a letter say"
    assert Typst().pdf(SHEET) == made, "the same letter is the same file"


def test_a_machine_without_a_chinese_face_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xiangyun.adapters.fonts._fonts", lambda folder: (None, ()))
    with pytest.raises(Conflict) as refused:
        Typst().pdf(SHEET)
    assert refused.value.findings[0].id == "messaging.E008"
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        letter = Letter.objects.get(case=case)
    answer = logged_in("wang").get(f"/messages/letters/{letter.pk}.pdf")
    assert answer.status_code == 409
    assert "fonts-noto-cjk" in answer.content.decode()


@faces
def test_a_letter_is_handed_to_its_party_and_its_office_alone() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        letter = Letter.objects.get(case=case)
    address = f"/messages/letters/{letter.pk}.pdf"
    for login, status in (("wang", 200), ("shencha", 200), ("li", 404), ("gongzhuling", 404)):
        answer = logged_in(login).get(address)
        assert answer.status_code == status, login
        if status == 200:
            assert answer["Content-Type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF-")
    assert Client().get(address).status_code == 302
    with acting_as(SYSTEM):
        looks = [e for e in cases.history(case) if e.verb == "case.read"]
    assert len(looks) <= 1, "the official's look is written down, once"


@faces
def test_a_letter_bears_an_electronic_seal_that_any_reader_checks() -> None:
    case = submitted(actor("wang"))
    with acting_as(SYSTEM):
        letter = Letter.objects.get(case=case)
    made = logged_in("wang").get(f"/messages/letters/{letter.pk}.pdf").content
    root = Certificate.load(keyring().chain()[-1])
    trusting = ValidationContext(trust_roots=[root], allow_fetching=False)
    (seal,) = PdfFileReader(io.BytesIO(made)).embedded_signatures
    found = validate_pdf_signature(seal, trusting)
    assert (found.valid, found.intact, found.trusted) == (True, True, True)
    assert found.coverage.name == "ENTIRE_FILE"
    at = made.index(b"stream") + 30
    forged = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
    (broken,) = PdfFileReader(io.BytesIO(forged), strict=False).embedded_signatures
    assert not validate_pdf_signature(broken, trusting).intact


def test_a_letter_on_paper_says_once_when_it_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = list[Sheet]()

    class Kept:
        def pdf(self, sheet: Sheet) -> bytes:
            sheets.append(sheet)
            return b"%PDF-"

    monkeypatch.setattr("xiangyun.domain.messaging.ports.typesetter", Kept)
    wang = actor("wang")
    case = submitted(wang)
    with acting_as(SYSTEM):
        letter = Letter.objects.get(case=case)
    with acting_as(wang):
        letter_as_pdf(wang, letter.pk, CHINESE, at=MORNING)
        said = {tag: f"{words}\n2026年4月9日" for tag, words in letter.body.items()}
        monkeypatch.setattr(
            "xiangyun.domain.messaging.paper.cases.letter_for",
            lambda who, id_: (Letter(title=letter.title, body=said, at=letter.at), case),
        )
        letter_as_pdf(wang, letter.pk, CHINESE, at=MORNING)
    assert [each.day for each in sheets] == ["2026年4月9日", ""]


def waiting(case: Case) -> Any:
    shencha = actor("jueding")
    with acting_as(shencha):
        found = access.case_for(shencha, case.id)
        return cases.open_tasks(shencha, found)[0]


def test_what_a_button_would_write_is_read_before_and_nothing_happens() -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    task, jueding = waiting(case), actor("jueding")
    with acting_as(jueding):
        letters = actions.letters_of_action(
            case.id, task.id, action="approve", actor=jueding, at=MORNING, note="准予。"
        )
    assert [each.kind for each in letters] == ["issued"]
    assert "准予。" in letters[0].body["zh"]
    with acting_as(SYSTEM):
        assert [each.kind for each in Letter.objects.filter(case=case)] == ["accepted"]
        assert WorkItem.objects.filter(case=case, closed_at=None).exists()
    act("jueding", case, "approve", "准予。")
    with acting_as(SYSTEM):
        sent = Letter.objects.get(case=case, kind="issued")
    assert sent.title == letters[0].title


def test_the_page_shows_the_letter_then_sends_it(client: Client) -> None:
    case = submitted(actor("wang"))
    act("shencha", case, "agree")
    task, jueding = waiting(case), logged_in("jueding")
    page = jueding.get(f"/office/cases/{case.id}").content.decode()
    address = f"/office/cases/{case.id}/tasks/{task.id}/letters"
    assert f'formaction="{address}"' in page
    shown = jueding.post(address, {"preview": "approve", "note": "同意。"})
    assert shown.status_code == 200
    assert "现在什么都还没有发出" in shown.content.decode()
    assert "同意。" in shown.content.decode()
    refused = jueding.post(address, {"preview": "refuse", "note": ""})
    assert refused.status_code == 422
    assert jueding.post(address, {"preview": "nothing"}).status_code == 409
    assert logged_in("gongzhuling").post(address, {"preview": "approve"}).status_code == 404
    with acting_as(SYSTEM):
        assert not Case.objects.get(pk=case.pk).outcome


def test_what_may_not_be_done_may_not_be_previewed() -> None:
    case = submitted(actor("wang"))
    task, wang = waiting_for_review(case), actor("wang")
    with acting_as(wang), pytest.raises(Refused):
        actions.letters_of_action(case.id, task, action="agree", actor=wang, at=MORNING)


def waiting_for_review(case: Case) -> str:
    with acting_as(SYSTEM):
        return WorkItem.objects.get(case=case, closed_at=None).token
