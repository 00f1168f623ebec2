"""Doing several tasks at once, on the pages."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from xiangyun.domain.batches import actions
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_ticked_tasks_are_done_together_and_the_page_says_what_became_of_each() -> None:
    cases = [submitted(actor("wang"), brand=f"样选{n}") for n in "甲乙"]
    client = Client()
    client.post("/login", {"as": "shencha"})
    queue = client.get("/office/").content.decode()
    items = re.findall(r'name="item" value="(\d+)"', queue)
    assert len(items) == 2
    page = client.get("/office/batch", {"item": items}).content.decode()
    key = re.search(r'name="do" value="([^"]+:agree)"', page)
    drawn = re.search(r'name="batch" value="([^"]+)"', page)
    assert key
    assert drawn
    sent = {"item": items, "do": key[1], "batch": drawn[1], "note": ""}
    begun = client.post("/office/batch/begin", sent, follow=True)
    assert "还剩 2 件" in begun.content.decode()
    actions.run(UUID(drawn[1]), at=MORNING)
    done = client.get(f"/office/batch/{drawn[1]}").content.decode()
    assert "已办 2 件" in done
    assert all(case.number in done for case in cases)
    other = Client()
    other.post("/login", {"as": "jueding"})
    assert other.get(f"/office/batch/{drawn[1]}").status_code == 404


def test_nothing_chosen_says_what_to_do_and_a_crooked_number_is_no_error() -> None:
    client = Client()
    client.post("/login", {"as": "shencha"})
    html = client.get("/office/batch", {"item": ["", "x", "9" * 30]}).content.decode()
    assert "请在待办里勾选" in html
    assert client.post("/office/batch/begin", {"batch": "x"}).status_code == 404
