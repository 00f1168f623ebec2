"""Webhooks over the interface: made, listed with their key, and ended."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.tests.situations import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def program(login: str) -> dict[str, str]:
    who = actor(login)
    with acting_as(who):
        token = accounts.issue_token(who, label="", at=timezone.now(), days=1)
    return {"Authorization": f"Bearer {token}"}


def test_a_program_makes_a_webhook_finds_its_key_and_ends_it() -> None:
    client, wang, li = Client(), program("wang"), program("li")

    def post(body: dict[str, Any]) -> Any:
        kind = "application/json"
        return client.post("/api/webhooks", body, content_type=kind, headers=wang)

    wrong = post({"address": "mailto:a@b"})
    assert wrong.status_code == 422
    assert wrong["content-type"].startswith("application/problem+json")
    assert wrong.json()["findings"][0]["id"] == "portal.E025"
    made = post({"address": "https://erp.example/hooks", "events": ["case.ended"]})
    assert made.status_code == 201
    assert "BEGIN PUBLIC KEY" in made.json()["key"]
    address = f"/api/webhooks/{made.json()['id']}"
    assert [each["id"] for each in client.get("/api/webhooks", headers=wang).json()] == [
        made.json()["id"]
    ]
    assert client.get("/api/webhooks", headers=li).json() == []
    assert client.get(f"{address}/calls", headers=wang).json() == []
    assert client.get(f"{address}/calls", headers=li).status_code == 404
    assert client.delete(address, headers=li).status_code == 404
    assert client.delete(address, headers=wang).status_code == 204
    assert client.delete(address, headers=wang).status_code == 204
    assert client.get("/api/webhooks", headers=wang).json() == []
