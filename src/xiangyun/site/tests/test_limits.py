"""How often one may ask, and who is not hindered by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from xiangyun.adapters import attempts
from xiangyun.adapters.rates import Buckets
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries
from xiangyun.domain.accounts.access import acting_as
from xiangyun.faces.cli.demonstration import PASSWORD
from xiangyun.site import limits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration", "buckets")]


@pytest.fixture
def buckets(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Full buckets; an account may read three times at once, an address four, the rest is wide."""
    fresh = Buckets()
    monkeypatch.setattr(limits, "BUCKETS", fresh)
    monkeypatch.setattr(attempts, "BUCKETS", fresh)
    settings.RATES_FACTOR = 1
    wide = dict.fromkeys(("write", "costly", "login", "exchange"), (1000, 1))
    settings.RATES_OF_ADDRESS = {**wide, "read": (4, 0.1)}
    settings.RATES_OF_ACCOUNT = {**wide, "read": (3, 0.1)}


def asked(client: Client, path: str, times: int, **sent: Any) -> list[int]:
    return [client.get(path, **sent).status_code for _ in range(times)]


def test_an_address_that_asks_too_often_is_told_when_to_come_back() -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert asked(client, "/", 4) == [200] * 4
    refused = client.get("/")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 500
    assert "请求过于频繁" in refused.content.decode()
    assert Client(REMOTE_ADDR="192.0.2.8").get("/").status_code == 200


def test_other_systems_are_not_counted_as_people_are() -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    asked(client, "/", 5)
    answers = [client.post("/exchange/in/nothing/nothing") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {403}, "unsigned, and not too many"


def test_what_is_served_to_everybody_is_not_counted() -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert set(asked(client, "/alive", 20)) == {200}


def test_a_program_is_told_as_a_program_is() -> None:
    client = Client(REMOTE_ADDR="192.0.2.7")
    assert asked(client, "/api/services", 4) == [200] * 4
    refused = client.get("/api/services")
    assert refused.status_code == 429
    assert refused.json()["findings"][0]["id"] == "api.E429"
    assert refused.headers["Retry-After"]


def test_an_account_is_limited_wherever_it_asks_from() -> None:
    client = Client()
    client.post("/login", {"login": "wang", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")
    codes = [client.get("/cases", REMOTE_ADDR=f"192.0.2.{n}").status_code for n in range(10, 15)]
    assert codes == [200, 200, 200, 429, 429]


def test_guessing_is_slowed_and_the_owner_elsewhere_still_gets_in() -> None:
    guesser, owner = Client(REMOTE_ADDR="192.0.2.66"), Client(REMOTE_ADDR="192.0.2.1")
    wrong = {"login": "wang", "password": "123456"}
    assert [guesser.post("/login", wrong).status_code for _ in range(5)] == [422] * 5
    right = {"login": " Wang ", "password": PASSWORD}
    refused = guesser.post("/login", right)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "密码错误次数过多" in refused.content.decode()
    assert owner.post("/login", {**right, "login": "wang"}).status_code == 302


def test_many_addresses_that_guess_at_one_account_are_slowed_too() -> None:
    for number in range(50):
        attempts.failed("wang", f"198.51.100.{number}")
    assert attempts.wait("wang", "203.0.113.9") > 0
    assert attempts.wait("li", "203.0.113.9") == 0


def test_one_address_that_guesses_at_many_accounts_is_slowed_too() -> None:
    for number in range(40):
        attempts.failed(f"person{number}", "192.0.2.66")
    assert attempts.wait("wang", "192.0.2.66") > 0


def test_a_token_counts_for_its_account(settings: LazySettings) -> None:
    settings.RATES_OF_ADDRESS = dict.fromkeys(settings.RATES_OF_ADDRESS, (1000, 1))
    actor = queries.actor_by_login("wang")
    assert actor is not None
    with acting_as(actor):
        token = accounts.issue_token(actor, label="test", at=datetime.now(UTC))
    client = Client(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert asked(client, "/api/cases", 4) == [200, 200, 200, 429]
