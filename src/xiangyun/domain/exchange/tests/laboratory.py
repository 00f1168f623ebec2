"""Another system for tests: a laboratory with a real HTTP server on this machine, and its keys."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from xiangyun.adapters.keys import Ed25519Signer
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases import actions, drafts
from xiangyun.domain.cases.models import Case
from xiangyun.domain.cases.tests.situations import MORNING, actor
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.exchange import envelopes, partners, sending
from xiangyun.domain.exchange.models import Outgoing
from xiangyun.domain.journal.ports import Signer
from xiangyun.domain.journal.ports import signer as own_signer
from xiangyun.faces.cli.folder import read_folder
from xiangyun.kernel.connector.httpsignature import Signable

PACK = Path(__file__).parents[5] / "tests" / "packs" / "exchange" / "joint-check"
CODE = "exchange/joint-check"
ORGANISATION = "91220000MB000005XD"
GOOD = {"good": True, "on": "2026-04-10", "price": 794958.90}
Answer = Callable[[dict[str, Any]], tuple[int, Any]]


def new_signer() -> Ed25519Signer:
    return Ed25519Signer(Ed25519PrivateKey.generate(), {})


@dataclass
class Laboratory:
    """What came, and how it is answered; a real system remembers numbers, so this one does."""

    signer: Ed25519Signer = field(default_factory=new_signer)
    answer: Answer = lambda body: (200, GOOD)
    came: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    genuine: list[bool] = field(default_factory=list)
    spoil: Callable[[bytes], bytes] = lambda body: body
    address: str = ""
    organisation: str = ORGANISATION
    now: Callable[[], datetime] = timezone.now

    def took(
        self, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        signable = Signable("POST", f"{self.address}{path}", headers=headers)
        trusted = {own_signer().key_id: own_signer().public_key_pem}
        try:
            envelopes.verify_request(signable, body, trusted, self.now())
            self.genuine.append(True)
        except envelopes.Forbidden:
            self.genuine.append(False)
        self.came.append(json.loads(body))
        self.numbers.append(headers["idempotency-key"].strip('"'))
        status, said = self.answer(json.loads(body))
        answer = json.dumps(said).encode()
        signed = envelopes.answer_headers(status, answer, signable, self.signer, self.now())
        return status, self.spoil(answer), signed


@contextmanager
def open_laboratory(organisation: str = ORGANISATION) -> Iterator[Laboratory]:
    """A laboratory that listens, and is entered as a partner with its key."""
    laboratory = Laboratory(organisation=organisation)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            given = {k.lower(): v for k, v in self.headers.items()}
            status, answer, signed = laboratory.took(self.path, given, body)
            self.send_response(status)
            for name, value in signed.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    laboratory.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        enter(laboratory, laboratory.address)
        yield laboratory
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def enter(laboratory: Laboratory, address: str) -> None:
    """Enter it as a partner at an address, with its key."""
    now, code = timezone.now(), laboratory.organisation
    partners.enter_partner(code, name="检测机构", address=address, actor=SYSTEM, at=now)
    pem = laboratory.signer.public_key_pem
    partners.enter_key(code, pem, first=MORNING, actor=SYSTEM, at=now)


def publish() -> None:
    with acting_as(SYSTEM) as system:
        catalogue.publish(CODE, read_folder(PACK), actor=system, at=MORNING)


def filed(word: str = "水", code: str = CODE) -> Case:
    """A case that has asked the laboratory."""
    wang = actor("wang")
    with acting_as(wang):
        draft = drafts.start_draft(code, actor=wang, at=MORNING)
        answers = {"word": word, "place": "222404001001"}
        drafts.keep_answers(draft.id, answers, actor=wang, at=MORNING)
        return actions.submit_case(draft.id, actor=wang, at=MORNING)


def messages(case: Case) -> list[Outgoing]:
    """What the case has sent, oldest first."""
    with acting_as(SYSTEM):
        return list(Outgoing.objects.filter(case=case).order_by("serial"))


def send(case: Case, at: datetime | None = None) -> Outgoing:
    """Let the job of the case's last message run, and see what became of it."""
    sending.send(messages(case)[-1].pk, at=at or timezone.now())
    return messages(case)[-1]


def post(
    signer: Signer,
    message: str,
    body: Any,
    *,
    connector: str = "laboratory",
    number: str = "",
    at: datetime | None = None,
    spoil: Callable[[bytes], bytes] = lambda body: body,
    change: Callable[[dict[str, str]], object] = lambda headers: None,
) -> Any:
    """Send this instance a message, as the system of the laboratory or of another partner would."""
    written = json.dumps(body, ensure_ascii=False).encode()
    path = f"/exchange/in/{connector}/{message}"
    given = {envelopes.ID: f'"{number or uuid4()}"'}
    url = f"http://testserver{path}"
    headers = envelopes.request_headers("POST", url, written, given, signer, at or timezone.now())
    change(headers)
    kind = headers.pop("content-type")
    return Client().post(path, spoil(written), content_type=kind, headers=headers)


def findings(answer: Any) -> list[str]:
    """The ids of what an answer refuses."""
    return [each["id"] for each in json.loads(answer.content)["findings"]]
