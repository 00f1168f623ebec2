"""Steps of called processes on the pages of the applicant and of the desk, and for programs."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.tests import calling
from xiangyun.domain.cases.tests.situations import actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def log_in(login: str) -> Client:
    """A browser in which this fictitious person is logged in."""
    client = Client()
    assert client.post("/login", {"as": login}).status_code == 302
    return client


def test_the_desk_does_a_step_of_a_called_process_and_sees_it_drawn() -> None:
    calling.publish()
    case = calling.visited()
    desk = log_in("shencha")
    html = desk.get(f"/office/cases/{case.pk}").content.decode()
    assert "<strong>现场核查</strong>" in html
    assert html.count('id="now"') == 1
    form = re.search(r'action="(/office/cases/[^"]+/tasks/[^"]+)"', html)
    assert form
    assert form[1].endswith("/tasks/1/inspect~1")
    assert desk.post(form[1], {"action": "doubt", "note": ""}).status_code == 302
    assert calling.tokens(case) == ["1/explain~3"]


def test_the_applicant_corrects_answers_in_a_called_process() -> None:
    calling.publish()
    case = calling.visited()
    calling.do(case, "inspect", "doubt")
    wang = log_in("wang")
    html = wang.get(f"/cases/{case.pk}").content.decode()
    assert "现场核查" in html
    link = re.search(rf'href="(/cases/{case.pk}/correct/1/explain~3)"', html)
    assert link
    assert wang.get(link[1]).status_code == 200


def test_a_program_does_a_step_of_a_called_process() -> None:
    calling.publish()
    case = calling.visited()
    official = actor("shencha")
    with acting_as(official):
        token = accounts.issue_token(official, label="test", at=timezone.now())
    done = Client().post(
        f"/api/cases/{case.pk}/tasks/1/inspect~1",
        json.dumps({"action": "doubt"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert done.status_code == 200, done.content.decode()
    assert calling.tokens(case) == ["1/explain~3"]
