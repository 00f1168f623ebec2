"""A wallet of independent libraries gets a certificate, keeps it and shows one fact of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.certificates import actions, statuses, wallets
from xiangyun.domain.certificates.ports import signer
from xiangyun.domain.certificates.tests.conftest import APPROVER, WANG, licence

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "build" / "bench" / "wallet"
ORIGIN = "https://certificates.example"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (HOME / "node_modules" / "@openid4vc").is_dir() or shutil.which("node") is None,
        reason="Node.js or the wallet's libraries are missing; `make test-wallet` installs them",
    ),
]


class Bridge(HTTPServer):
    """Answers a program of another process by the test's own client, in the test's transaction."""

    def __init__(self) -> None:
        self.client, self.timeout = Client(), 0.2
        super().__init__(("127.0.0.1", 0), _Passed)

    def run(self, *arguments: str) -> dict[str, Any]:
        """What the wallet prints, once it has ended."""
        script = ROOT / "requirements" / "wallet" / "wallet.mjs"
        address = f"http://127.0.0.1:{self.server_port}"
        command = ["node", str(script), str(HOME), address, ORIGIN, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as wallet:
            while wallet.poll() is None:
                self.handle_request()
            out, wrong = wallet.communicate()
        assert wallet.returncode == 0, wrong.decode()
        found: dict[str, Any] = json.loads(out)
        return found


class _Passed(BaseHTTPRequestHandler):
    server: Bridge

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or ""
        names = ("Authorization", "DPoP", "Accept")
        sent = {name: self.headers[name] for name in names if name in self.headers}
        answer = self.server.client.generic(
            self.command, self.path, body, kind, headers=sent, secure=True
        )
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def bridge(settings):
    settings.PUBLIC_URL = ORIGIN
    settings.ALLOWED_HOSTS = ["*"]
    with Bridge() as made:
        yield made


@pytest.mark.usefixtures("demonstration")
def test_a_wallet_of_other_libraries_is_issued_to_and_shows_one_fact(bridge):
    now = timezone.now()
    issued = actions.issue(
        licence(),
        owner=WANG.account,
        case_number=None,
        actor=APPROVER,
        at=now,
        signer=signer(),
    )
    with acting_as(SYSTEM):
        statuses.publish(now, signer("ES256"))
    with acting_as(WANG):
        offer = wallets.offer(issued.identifier, actor=WANG, at=now)
    given = bridge.run("take", offer.link, offer.code, "2")
    assert given["type"] == "DPoP"
    first, second = given["held"]
    assert first["payload"]["number"] == issued.number
    assert first["key"]["x"] != second["key"]["x"]
    indices = {each["payload"]["status"]["status_list"]["idx"] for each in given["held"]}
    assert len(indices) == 2
    with acting_as(SYSTEM):
        statuses.publish(timezone.now(), signer("ES256"))
    state = wallets.ask("business-licence", [("holder",), ("number",)], timezone.now())
    asked = {
        "client_id": wallets.client_id(),
        "request_uri": f"{ORIGIN}/openid4vp/request/{state}",
    }
    request = f"openid4vp://?{urlencode(asked)}"
    answered = bridge.run("present", request, json.dumps(first))
    assert (answered["status"], answered["responseMode"]) == (200, "direct_post.jwt"), answered
    assert answered["verifier"] == "x509_hash"
    found = wallets.result(state, timezone.now())
    assert found["shown"] == {"holder": [issued.holder_name], "number": [issued.number]}
