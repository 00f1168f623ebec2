"""The form of a task over the interface: read, kept, files added, sent once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.cases.tests import visits
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.cases.tests.visits import PHOTO, filed, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def program(login: str) -> Client:
    who = actor(login)
    with acting_as(who):
        token = accounts.issue_token(who, label="", at=timezone.now(), days=1)
    return Client(headers={"Authorization": f"Bearer {token}"})


def sent(client: Client, method: str, address: str, **data: Any) -> Any:
    answer = getattr(client, method)(address, data, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_form_is_read_kept_and_sent_once_with_its_photo() -> None:
    visits.publish()
    case, client, key = filed(), program("pinggu"), str(uuid4())
    task = f"/api/cases/{case.pk}/tasks/{waiting(case, 'pinggu')}"
    read = client.get(f"{task}/form").json()
    assert (read["form"], read["revision"], read["answers"]) == ("visit", 0, {})
    status, kept = sent(client, "put", f"{task}/form", answers={"remark": "好"}, base=0)
    assert (status, kept["revision"]) == (200, 1)
    status, refused = sent(client, "put", f"{task}/form", answers={"remark": "坏"}, base=0)
    assert (status, refused["findings"][0]["id"]) == (409, "case.E047")
    photo = SimpleUploadedFile("door.jpg", PHOTO, "image/jpeg")
    file = client.post(f"{task}/files/photos", {"file": photo, "key": key}).json()
    assert file["id"] == key
    content = client.get(f"/api/cases/{case.pk}/evidence/{file['id']}")
    assert content.content == PHOTO
    status, _ = sent(client, "post", task, action="done", answers={"result": "at_home"}, base=1)
    assert status == 422
    answers = {"result": "at_home", "people": 3}
    for _ in range(2):
        status, done = sent(client, "post", task, action="done", answers=answers, base=1, key=key)
        assert (status, done["outcome"]) == (200, "seen")


def test_a_form_of_somebody_elses_task_is_refused() -> None:
    visits.publish()
    case = filed()
    task = f"/api/cases/{case.pk}/tasks/{waiting(case, 'pinggu')}"
    assert program("wang").get(f"{task}/form").status_code == 403
    assert program("li").get(f"{task}/form").status_code == 404
