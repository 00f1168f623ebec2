"""The operator's page: what wants a look stands first, and nobody else finds it."""

from __future__ import annotations

import pytest
from django.test import Client

from xiangyun.adapters.operation import readings
from xiangyun.adapters.operation.tests.test_operation import within
from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.faces.cli import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def logged_in(login: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post("/login", {"login": login, "password": demonstration.PASSWORD})
    return client


def test_an_operator_sees_how_the_instance_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "connect", within)
    with acting_as(SYSTEM):
        account = accounts.open_account(
            login="xitong", password=demonstration.PASSWORD, name="系样统", kind="official"
        )
        accounts.give_mandate(
            account, role="operator", division=demonstration.HUNCHUN, desk="运维（演示）"
        )
    operator = logged_in("xitong")
    page = operator.get("/operation/")
    assert page.status_code == 200
    assert "want a look" in page.text, "nobody has audited it yet"
    for said in ("PostgreSQL", "Keys and certificates", "Cases that stand still"):
        assert said in page.text
    lists = page.text.count('<dl class="summary">')
    assert lists >= 8, "what was found stands below what was found, in every part"
    assert "<table" not in page.text, "tables of their own would set each part at another width"
    archive = operator.get("/operation/archive")
    assert archive.status_code == 200
    assert "Food business licence" in archive.text
    assert operator.get("/office/").status_code in (200, 302, 404), "and has no queue of cases"


def test_nobody_else_finds_the_operators_page() -> None:
    for client in (Client(), logged_in("shencha"), logged_in("wang")):
        for address in ("/operation/", "/operation/archive"):
            assert client.get(address).status_code in (302, 404)
