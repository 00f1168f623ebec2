"""A bank's own program, in processes of its own, from the request of a company to its loan events.

`docs/clients/bank.py` holds nothing of the platform. What it posts is served here between its
polls, so that all of it happens in the test's transaction.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.calendar import actions as calendar
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import drafts, taskforms
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.cases.tests.waiting import case_now
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.duties import actions as duties
from xiangyun.domain.exchange import folders, partners, sending
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.formspec import from_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
BANK, OTHER = "91220101MA0XYBNK16", "91220101MA0XYBN251"
CODE = "finance/sme-financing"
SCRIPT = Path(__file__).parents[1] / "docs" / "clients" / "bank.py"


class _Inbound(BaseHTTPRequestHandler):
    """What came over HTTP, asked of the platform in this process."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {k.lower(): v for k, v in self.headers.items()}
        kind = headers.pop("content-type")
        answer = Client().post(self.path, body, content_type=kind, headers=headers)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("content-length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Bank:
    """A bank: a folder with its key, its program listening, and the platform's public key."""

    def __init__(self, code: str, home: Path) -> None:
        self.code, self.home = code, home
        self.came = home / "came"
        self.came.mkdir(parents=True)
        (home / "platform.pub").write_text(signer().public_key_pem, "ascii")
        self.public = self._run("key", "bank.pem").stdout
        keys = ("bank.pem", "platform.pub")
        command = [sys.executable, str(SCRIPT), "listen", *keys, "came"]
        self.listening = subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, text=True)
        assert self.listening.stdout
        address = f"http://127.0.0.1:{int(self.listening.stdout.readline())}"
        now = timezone.now()
        partners.enter_partner(code, name="样例银行", address=address, actor=SYSTEM, at=now)
        partners.enter_key(code, self.public, first=MORNING, actor=SYSTEM, at=now)

    def send(self, message: str, body: dict[str, Any]) -> tuple[bool, Any]:
        """Post a message; whether it was taken, and the answer, whose signature was checked."""
        server = HTTPServer(("127.0.0.1", 0), _Inbound)
        server.timeout = 0.1
        address = f"http://127.0.0.1:{server.server_port}/exchange/in"
        command = [
            sys.executable, str(SCRIPT), "send", "bank.pem", "platform.pub", address, message,
            json.dumps(body, ensure_ascii=False),
        ]  # fmt: skip
        with subprocess.Popen(command, cwd=self.home, stdout=subprocess.PIPE, text=True) as run:
            while run.poll() is None:
                server.handle_request()
            assert run.stdout
            told = run.stdout.read()
        server.server_close()
        return run.returncode == 0, json.loads(told)

    def put_down(self, folder: Path, message: str, body: dict[str, Any]) -> None:
        """Write a message as a signed file."""
        self._run("file", "bank.pem", str(folder), message, json.dumps(body, ensure_ascii=False))

    def got(self, message: str) -> list[dict[str, Any]]:
        return [json.loads(each.read_text("utf-8")) for each in self.came.glob(f"{message}-*")]

    def close(self) -> None:
        self.listening.kill()
        self.listening.communicate()

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(SCRIPT), *words]
        return subprocess.run(command, cwd=self.home, stdout=subprocess.PIPE, text=True, check=True)


@pytest.fixture(autouse=True)
def _years(demonstration: None) -> None:
    """The years after that of the request are known, whenever this runs."""
    for year in range(MORNING.year + 1, timezone.localdate().year + 2):
        off = {date(year, 10, day): False for day in range(1, 22)}
        calendar.enter_year(year, off, reason="测试（虚构）", actor=SYSTEM, at=timezone.now())


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    found = Bank(BANK, tmp_path / "bank")
    yield found
    found.close()


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[Bank]:
    found = Bank(OTHER, tmp_path / "rival")
    yield found
    found.close()


def asked() -> Case:
    """A company has asked one bank, and the request has left."""
    company = actor("cangchu")
    with acting_as(company):
        draft = drafts.start_draft(CODE, actor=company, at=MORNING)
        pack = catalogue.pack(draft.version_id)
        reading = from_json(pack.form, pack.examples[0].answers)
        drafts.keep_answers(draft.id, reading.answers, actor=company, at=MORNING)
        case = cases.submit_case(draft.id, actor=company, at=MORNING)
    _carry(case)
    return case


def _carry(case: Case) -> None:
    with acting_as(SYSTEM):
        waiting = list(Outgoing.objects.filter(case=case, state="waiting").order_by("serial"))
    for row in waiting:
        sending.send(row.pk, at=timezone.now())


def pressed(case: Case, element: str, action: str, **answers: str) -> None:
    """The company fills in a task of its own."""
    company = actor("cangchu")
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case.pk, element=element, closed_at=None).token
    with acting_as(company):
        now = timezone.now()
        taskforms.answer_task(case.pk, token, answers, action=action, actor=company, at=now)
    _carry(case)


def records_of(register: str, key: str) -> dict[str, Any]:
    with acting_as(SYSTEM):
        found = registers.state(register, key)
    return dict(found.data or {}) if found else {}


def test_a_bank_lends_by_its_own_program_and_no_other_bank_answers_for_it(
    bank: Bank, rival: Bank, tmp_path: Path
) -> None:
    case = asked()
    (request,) = bank.got("requested")
    number = request["number"]
    assert (request["product"], request["amount"]) == ("P-001", 500000)
    assert rival.got("requested") == []

    answer = {
        "number": number, "result": "offered", "reason": "符合要求", "amount": 500000,
        "rate": 3.45, "months": 12, "unsecured": True,
    }  # fmt: skip
    taken, told = rival.send("answered", answer)
    assert (taken, told["findings"][0]["id"]) == (False, "exchange.E057")  # nobody waits for it
    assert bank.send("answered", answer)[0]
    assert bank.send("answered", answer)[0]  # as before: it does nothing
    pressed(case, "choose_offer", "choose-offer", product="P-001")
    assert bank.got("decided") == [{"number": number, "chosen": True}]

    assert bank.send("surveyed", {"number": number, "result": "passed", "reason": "经营正常"})[0]
    contract = {
        "number": number, "contract": "HT-1", "amount": 500000, "rate": 3.45, "months": 12,
        "unsecured": True, "signed_on": "2026-04-20",
    }  # fmt: skip
    assert bank.send("contracted", contract)[0]
    act("cangchu", case, "confirm-contract", at=timezone.now())
    lent = {"number": number, "amount": 500000, "lent_on": "2026-04-22", "ends_on": "2027-04-22"}
    assert bank.send("lent", lent)[0]
    assert case_now(case.pk).outcome == "loan_granted"

    event = {"contract": "HT-1", "serial": 1, "kind": "repayment", "happened_on": "2026-05-22"}
    assert rival.send("loan-event", {**event, "kind": "overdue", "overdue_days": 90})[0]
    assert bank.send("loan-event", {**event, "amount": 42000})[0]
    told = bank.send("loan-event", {**event, "serial": 3})
    assert told[1]["findings"][0]["id"] == "exchange.E056"  # in their order
    shared = tmp_path / "shared"
    shared.mkdir()
    partners.enter_partner(BANK, address=str(shared), actor=SYSTEM, at=timezone.now())
    bank.put_down(shared, "loan-event", {**event, "serial": 2, "kind": "repaid", "amount": 458000})
    assert folders.collect(timezone.now()) == 1
    kinds = [records_of("loan_event", f"{BANK}/HT-1/{serial}").get("kind") for serial in (1, 2, 3)]
    assert kinds == ["repayment", "repaid", None]

    # Arrears open a watch in the company's name, but not those that another bank tells.
    assert bank.send("loan-event", {**event, "serial": 3, "kind": "overdue"})[0]
    today = timezone.localdate()
    (ran,) = duties.run(today, at=timezone.now(), only="finance/loan-watch:on-arrears")
    assert [each.key for each in ran.opened] == [f"{BANK}/HT-1/3"]
    assert records_of("loan_event", f"{OTHER}/HT-1/1").keys().isdisjoint({"company", "division"})
    (again,) = duties.run(today, at=timezone.now(), only="finance/loan-watch:on-arrears")
    assert again.opened == []


def test_a_key_that_was_revoked_signs_for_nobody(bank: Bank) -> None:
    body = {"number": "N-1", "result": "declined", "reason": "行业额度已满"}
    (held,) = partners.keys_of(BANK, timezone.now())
    partners.revoke_key(held, "丢失", actor=SYSTEM, at=timezone.now())
    taken, told = bank.send("answered", body)
    assert (taken, told["findings"][0]["id"]) == (False, "exchange.E009")


def test_the_program_believes_no_answer_of_another_platform(bank: Bank) -> None:
    (bank.home / "platform.pub").write_text(bank.public, "ascii")
    with pytest.raises(json.JSONDecodeError):  # it ends before it prints anything
        bank.send("answered", {"number": "N-1", "result": "declined", "reason": "行业额度已满"})
