"""Registers over the interface: search, one record, its facts; masked, and nobody else's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.registers import actions
from xiangyun.domain.registers.tests.declared import AT, declare, firm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HERE = "/api/registers/firms/records"


@pytest.fixture(autouse=True)
def _firms(demonstration: None) -> None:
    declare()
    for code, name in (("A1", "样祥一厂"), ("A2", "样祥二厂")):
        data = firm(code, name, status="open", phone="13900000000")
        actions.record("firms", code, data, valid_from=date(2026, 1, 1), source="t", at=AT)
    actions.correct("firms", "A1", {"status": "closed"}, why="核对", source="t", at=AT)


def asked(login: str, address: str, **query: Any) -> Any:
    who = actor(login)
    with acting_as(who):
        token = accounts.issue_token(who, label="", at=timezone.now(), days=1)
    answer = Client().get(address, query, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def test_a_reader_searches_and_turns_the_page() -> None:
    status, first = asked("shencha", HERE, text="yangxiang", limit=1)
    assert (status, len(first["rows"])) == (200, 1)
    _, second = asked("shencha", HERE, text="yangxiang", limit=1, after=first["next"])
    assert {row["key"] for row in first["rows"] + second["rows"]} == {"A1", "A2"}
    _, narrowed = asked("shencha", HERE, where=["status=closed"])
    assert [row["key"] for row in narrowed["rows"]] == ["A1"]
    assert "13900000000" not in str(narrowed)


def test_a_record_is_told_with_all_its_facts() -> None:
    status, record = asked("shencha", f"{HERE}/A1")
    assert (status, record["data"]["status"], record["why"]) == (200, "closed", "核对")
    _, facts = asked("shencha", f"{HERE}/A1/facts")
    assert [fact["data"]["status"] for fact in facts] == ["open", "closed"]
    assert facts[0]["superseded_by"] == facts[1]["fact"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"where": "status"}, 422),
        ({"where": "colour=red"}, 422),
        ({"where": "capital=many"}, 422),
        ({"after": "zzz"}, 422),
        ({"within": "5"}, 422),
        ({"text": "\0"}, 400),
        ({"limit": "0"}, 200),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(query: dict[str, str], status: int) -> None:
    assert asked("shencha", HERE, **query)[0] == status


def test_for_others_nothing_is_there() -> None:
    assert asked("li", HERE, text="样祥")[1].get("rows") == []
    assert asked("li", f"{HERE}/A1")[0] == 404
    assert asked("shencha", "/api/registers/none/records")[0] == 404
    assert "firms" not in str(asked("li", "/api/registers")[1])
