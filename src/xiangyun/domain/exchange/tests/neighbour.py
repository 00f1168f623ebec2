"""Another province that is this very instance: what leaves comes in again, signed and answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from xiangyun.adapters import exchange as http
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING
from xiangyun.domain.exchange import partners, sending
from xiangyun.domain.exchange.models import Outgoing, State
from xiangyun.domain.exchange.ports import Outbound, Together
from xiangyun.domain.journal.ports import Signer, signer

from .laboratory import post


def meets_itself(organisation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter an organisation as a partner whose address and key are this instance's own."""
    now = timezone.now()
    address = "http://testserver/exchange/in"
    partners.enter_partner(
        organisation, name="外省（演示）", address=address, bundles=True, actor=SYSTEM, at=now
    )
    pem = signer().public_key_pem
    partners.enter_key(organisation, pem, first=MORNING, actor=SYSTEM, at=now)

    def asked(
        url: str, headers: dict[str, str], said: bytes, _: Outbound | Together
    ) -> tuple[int, dict[str, str], bytes]:
        given = {key: value for key, value in headers.items() if key != "content-type"}
        path, kind = urlsplit(url).path, headers["content-type"]
        answer = Client().post(path, said, content_type=kind, headers=given)
        return answer.status_code, {k.lower(): v for k, v in answer.items()}, answer.content

    monkeypatch.setattr(http, "_asked", asked)


def tell(connector: str, message: str, body: Any, by: Signer | None = None) -> HttpResponse:
    """Send this instance a message as the organisation does that `meets_itself` has entered, or
    as the one whose key this is."""
    found: HttpResponse = post(by or signer(), message, body, connector=connector)
    return found


def carry() -> list[Outgoing]:
    """Let every job of a message run, and see all messages."""
    with acting_as(SYSTEM):
        waiting = list(Outgoing.objects.filter(state=State.WAITING).order_by("asked_at", "serial"))
    for row in waiting:
        sending.send(row.pk, at=timezone.now())
    with acting_as(SYSTEM):
        return list(Outgoing.objects.order_by("asked_at"))
