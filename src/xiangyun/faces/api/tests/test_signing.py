"""Signing over the interface: asked for, answered by a passkey, and proved by the receipt."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import Actor, acting_as
from xiangyun.domain.authentication import actions as authentication
from xiangyun.domain.authentication.passkeys import Site
from xiangyun.domain.authentication.tests.device import Device
from xiangyun.domain.cases.tests import signed
from xiangyun.domain.cases.tests.situations import MORNING, actor, written_draft
from xiangyun.domain.cases.tests.visits import filed, waiting
from xiangyun.domain.journal.ports import signer
from xiangyun.domain.journal.proof import check_receipt
from xiangyun.domain.journal.verdict import read_json

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HOST, ORIGIN = "localhost", "http://localhost"


def program(who: Actor) -> Client:
    with acting_as(who):
        token = accounts.issue_token(who, label="", at=timezone.now(), days=1)
    return Client(SERVER_NAME=HOST, headers={"Authorization": f"Bearer {token}"})


def passkey(who: Actor) -> Device:
    device, site = Device(ORIGIN, HOST), Site(HOST, ORIGIN)
    with acting_as(who):
        asked = authentication.ask_for_new_passkey(who, site)
        made = device.made(asked.options)
        authentication.add_passkey(who, site, asked.value, made, label="", at=MORNING)
    return device


def posted(client: Client, address: str, **data: Any) -> tuple[int, Any]:
    answer = client.post(address, data, content_type="application/json")
    return answer.status_code, answer.json()


def answer(device: Device, asked: dict[str, Any]) -> dict[str, Any]:
    used = json.loads(device.used(json.dumps(asked["options"])))
    return {"asked_at": asked["asked_at"], "credential": used}


def test_a_task_is_signed_by_a_program_and_the_receipt_proves_it() -> None:
    signed.publish()
    official = actor("pinggu")
    case, client, device = filed(), program(official), passkey(official)
    task = f"/api/cases/{case.pk}/tasks/{waiting(case, 'pinggu')}"
    done = {"action": "done", "answers": {"result": "nobody"}}
    status, refused = posted(client, task, **done)
    assert (status, refused["findings"][0]["id"]) == (409, "signature.E001")
    status, asked = posted(client, f"{task}/signing", **done)
    assert status == 200, asked
    document = json.loads(asked["document"])
    assert (document["answers"]["result"], document["signer"]["name"]) == ("nobody", official.name)
    other = {**done, "answers": {"result": "at_home", "people": 2}}
    status, refused = posted(client, task, **other, signature=answer(device, asked))
    assert (status, refused["findings"][0]["id"]) == (409, "signature.E002")
    status, said = posted(client, task, **done, signature=answer(device, asked))
    assert status == 200, said
    receipt = read_json(client.get(f"/api/cases/{case.pk}/receipt").content.decode())
    verdict = check_receipt(receipt, signer().trusted)
    assert [step.passed for step in verdict.steps if "通行密钥" in step.text.zh] == [True]


def test_an_application_is_signed_by_a_program_where_its_start_offers_it() -> None:
    wang = actor("wang")
    client, device = program(wang), passkey(wang)
    way = f"/api/applications/{written_draft(wang, MORNING, brand='样签程')}"
    status, asked = posted(client, f"{way}/signing")
    assert status == 200, asked
    status, case = posted(client, f"{way}/submit", signature=answer(device, asked))
    assert status == 200, case
    assert any("签名：申请" in line["what"]["zh"] for line in case["history"])
