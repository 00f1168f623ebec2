"""An answer that may be a slip of the hand is taken, and told wherever it was entered."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.tests import calling
from xiangyun.domain.cases.tests.situations import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]

DOUBTED = "91110000600037341M"  # its check character should be L
RIGHT = "91110000600037341L"
TOLD = "校验码不符"


PLACE = '{"type": "textfield", "id": "q_place"'
QUESTION = (
    '{"type": "textfield", "id": "q_code", "key": "code", "label": "代码",'
    ' "properties": {"format": "uscc"}},\n    '
)


@pytest.fixture
def asks_for_a_code() -> None:
    """The service “inspection” asks for a credit code beside its word."""
    calling.publish(
        ("form.json", PLACE, QUESTION + PLACE),
        ("texts/en.yaml", "form.place.label", "form.code.label: Code\nform.place.label"),
    )


def begun() -> tuple[Client, str]:
    client = Client()
    assert client.post("/login", {"as": "wang"}).status_code == 302
    return client, str(client.post(f"/services/{calling.CODE}/apply")["Location"])


def typed(code: str) -> dict[str, str]:
    return {"word": "厂", "code": code, "place": "222404001001"}


@pytest.mark.usefixtures("asks_for_a_code")
def test_a_doubted_code_is_told_once_on_its_page_and_again_on_the_check_page() -> None:
    client, draft = begun()
    answer = client.post(f"{draft}/pages/what", typed(DOUBTED))
    assert answer["Location"].endswith("/pages/what?heard=1#found")
    html = client.get(f"{draft}/pages/what").content.decode()
    assert html.count(TOLD) == 2  # above the page, and beside its field
    assert f'value="{DOUBTED}"' in html
    heard = re.search(r'name="heard" value="([^"]+)"', html)
    assert heard
    answer = client.post(f"{draft}/pages/what", {**typed(DOUBTED), "heard": heard[1]})
    assert answer["Location"].endswith("/check")
    assert TOLD in client.get(f"{draft}/check").content.decode()


@pytest.mark.usefixtures("asks_for_a_code")
def test_a_code_in_order_leads_straight_on() -> None:
    client, draft = begun()
    answer = client.post(f"{draft}/pages/what", typed(RIGHT))
    assert answer["Location"].endswith("/check")
    assert TOLD not in client.get(f"{draft}/check").content.decode()


@pytest.mark.usefixtures("asks_for_a_code")
def test_a_program_is_told_of_a_doubted_code_too() -> None:
    wang = actor("wang")
    with acting_as(wang):
        token = accounts.issue_token(wang, label="test", at=timezone.now())
    sent = {"service": calling.CODE, "answers": typed(DOUBTED)}
    answer = Client().put(
        f"/api/applications/{uuid4()}",
        json.dumps(sent),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.content.decode()
    [warning] = answer.json()["warnings"]
    assert (warning["id"], warning["severity"], warning["field"]) == (
        "code.W010",
        "warning",
        "code",
    )
