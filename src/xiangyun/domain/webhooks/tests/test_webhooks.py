"""Webhooks: posted behind the journal, signed, tried again, and only to whom they concern."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.db import ProgrammingError, transaction
from django.utils import timezone

from xiangyun.adapters import fetching
from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, Actor, acting_as
from xiangyun.domain.cases.actions import withdraw_case
from xiangyun.domain.cases.tests.situations import actor, submitted
from xiangyun.domain.following import actions as following
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.webhooks import actions, posting, queries
from xiangyun.domain.webhooks.models import Call, State, Webhook
from xiangyun.kernel.findings import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

ADDRESS = "https://erp.example/hooks"


class Recorder:
    """A poster that keeps what it was given, and answers as it is told."""

    calls: ClassVar[list[tuple[str, bytes, Mapping[str, str]]]] = []
    answers: ClassVar[list[int | None]] = []

    @classmethod
    def post(cls, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        cls.calls.append((address, body, headers))
        status = cls.answers.pop(0) if cls.answers else 204
        if status is None:
            raise Refused([fetching.broken(address, "TimeoutError")])
        return status


def recorded(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """What the settings name as the poster."""
    return Recorder.post(address, body, headers)


@pytest.fixture
def recorder(settings) -> type[Recorder]:
    Recorder.calls.clear()
    Recorder.answers.clear()
    settings.XIANGYUN_POSTER = f"{__name__}.recorded"
    return Recorder


def make(who: Actor, at: datetime, *verbs: str) -> Webhook:
    with acting_as(who):
        return actions.make(ADDRESS, verbs, actor=who, at=at)


def followed() -> None:
    """All that happened is sealed, and what follows the journal has seen it."""
    while journal.seal(timezone.now(), signer()):
        pass
    take = following.followers()["webhooks"]
    while following.follow("webhooks", take):
        pass


def refused(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.findings[0].id


def test_what_happens_to_a_case_is_posted_signed_to_its_party_alone(recorder) -> None:
    wang, li, now = actor("wang"), actor("li"), timezone.now()
    make(wang, now), make(li, now)
    made = submitted(wang, at=now + timedelta(seconds=1), brand="样钩甲")
    followed()
    followed()  # once for each entry
    assert posting.send_due(timezone.now() + timedelta(minutes=1)) == 1
    ((address, body, headers),) = recorder.calls
    assert address == ADDRESS
    assert json.loads(body)["type"] == "case.submitted"
    assert json.loads(body)["data"] == {"case": made.number}
    assert wang.name not in body.decode()
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    kind, _, signature = headers["webhook-signature"].partition(",")
    key_id, pem = queries.key()
    assert (kind, headers["webhook-key"]) == ("v1a", key_id)
    public = load_pem_public_key(pem.encode())
    public.verify(base64.b64decode(signature), said)  # type: ignore[union-attr,call-arg]
    assert posting.send_due(timezone.now() + timedelta(days=1)) == 0  # it arrived


def test_an_address_that_does_not_answer_is_tried_again_under_the_same_id(recorder) -> None:
    wang, now = actor("wang"), timezone.now()
    hook = make(wang, now, "case.withdrawn")
    made = submitted(wang, at=now + timedelta(seconds=1), brand="样钩乙")
    withdraw_case(made.pk, actor=wang, at=now + timedelta(seconds=2))
    followed()
    recorder.answers[:] = [None, 500, 302]
    at = now + timedelta(minutes=1)
    assert posting.send_due(at) == 0
    assert posting.send_due(at + timedelta(seconds=59)) == 0
    assert len(recorder.calls) == 1  # not before its time
    assert posting.send_due(at + timedelta(minutes=1)) == 0
    assert posting.send_due(at + timedelta(minutes=6)) == 0
    assert posting.send_due(at + timedelta(minutes=36)) == 1
    assert len({headers["webhook-id"] for _, _, headers in recorder.calls}) == 1
    with acting_as(wang):
        (call,) = queries.calls(hook.pk, wang)
        assert (call.verb, call.state, call.attempts) == ("case.withdrawn", State.ARRIVED, 4)
    with acting_as(actor("li")), pytest.raises(Webhook.DoesNotExist):
        queries.calls(hook.pk, actor("li"))


def test_after_the_last_try_it_is_dead_and_an_address_that_is_gone_is_ended(recorder) -> None:
    wang, now = actor("wang"), timezone.now()
    hook = make(wang, now, "case.submitted")
    submitted(wang, at=now + timedelta(seconds=1), brand="样钩丙")
    followed()
    recorder.answers[:] = [500] * (len(posting.WAITS) + 1)
    at = now + timedelta(minutes=1)
    for wait in (timedelta(), *posting.WAITS):
        at += wait
        posting.send_due(at)
    with acting_as(SYSTEM):
        assert Call.objects.get(webhook=hook).state == State.DEAD
    submitted(wang, at=now + timedelta(seconds=3), brand="样钩丁")
    followed()
    recorder.answers[:] = [410]
    posting.send_due(at)
    with acting_as(wang):
        assert not queries.mine(wang)


def test_a_webhook_is_a_partys_own_and_its_address_is_one() -> None:
    wang, now = actor("wang"), timezone.now()
    for who, said in ((ANONYMOUS, "portal.E024"), (actor("shencha"), "portal.E024")):
        with pytest.raises(Refused) as found:
            make(who, now)
        assert refused(found) == said
    for address in ("ftp://erp.example/", "https://", "https://a:b@erp.example/", "https://样.cn/"):
        with pytest.raises(Refused) as found, acting_as(wang):
            actions.make(address, (), actor=wang, at=now)
        assert refused(found) == "portal.E025"
    with pytest.raises(Refused) as found:
        make(wang, now, "case.read")
    assert refused(found) == "portal.E025"
    hooks = [make(wang, now) for _ in range(actions.MOST)]
    with pytest.raises(Refused) as found:
        make(wang, now)
    assert refused(found) == "portal.E026"
    with acting_as(wang):
        actions.end(hooks[0].pk, actor=wang, at=now)
        actions.end(hooks[0].pk, actor=wang, at=now)
        assert len(queries.mine(wang)) == actions.MOST - 1
    with acting_as(wang), pytest.raises(ProgrammingError), transaction.atomic():
        Call.objects.create(webhook=hooks[1], entry=1, verb="x", body="{}", at=now, due_at=now)


def test_the_poster_posts_what_it_is_given_and_reaches_nothing_inside(settings) -> None:
    got: list[tuple[bytes, str]] = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((body, self.headers["webhook-id"]))
            self.send_response(202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/hooks"
        with pytest.raises(Refused) as found:
            fetching.post(address, b"{}", {})
        assert refused(found) == "dataset.E030"
        settings.HARVEST_INSIDE = [f"127.0.0.1:{server.server_port}"]
        assert fetching.post(address, b'{"a":1}', {"webhook-id": "7"}) == 202
        assert got == [(b'{"a":1}', "7")]
    finally:
        server.shutdown()
        server.server_close()
