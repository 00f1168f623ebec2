"""The page on which an application is signed: of what, and what is said without a passkey."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import acting_as
from xiangyun.domain.authentication import actions as authentication
from xiangyun.domain.authentication.passkeys import Site
from xiangyun.domain.authentication.tests.device import Device
from xiangyun.domain.cases.tests.situations import MORNING, actor, written_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
HOST, ORIGIN = "localhost", "http://localhost"


@pytest.fixture
def li() -> Client:
    client = Client(SERVER_NAME=HOST)
    client.post("/login", {"as": "li"})
    return client


def test_the_check_page_offers_to_sign_and_the_page_says_what_is_missing(li: Client) -> None:
    draft = written_draft(actor("li"), MORNING, brand="样签页")
    check = li.get(f"/apply/{draft}/check").content.decode()
    assert 'name="sign"' in check
    assert "确认无误，提交申请" in check  # offered: it may be sent as it is
    answer = li.post(f"/apply/{draft}/check", {"sign": "1"})
    assert answer["Location"].endswith("/sign")
    page = li.get(answer["Location"])
    assert page.status_code == 409
    assert "您还没有通行密钥" in page.content.decode()


def test_what_is_signed_on_the_page_is_sent_and_anything_else_is_refused(li: Client) -> None:
    who = actor("li")
    device, site = Device(ORIGIN, HOST), Site(HOST, ORIGIN)
    with acting_as(who):
        asked = authentication.ask_for_new_passkey(who, site)
        made = device.made(asked.options)
        authentication.add_passkey(who, site, asked.value, made, label="", at=MORNING)
    draft = written_draft(who, MORNING, brand="样签页")
    html = unescape(li.get(f"/apply/{draft}/sign").content.decode())
    options = re.search(r'data-options="(\{.*?\})" hidden', html)
    asked_at = re.search(r'name="asked_at" value="([^"]+)"', html)
    assert options
    assert asked_at
    assert "样签页" in html
    wrong = li.post(f"/apply/{draft}/sign", {"asked_at": asked_at[1], "credential": "{}"})
    assert wrong.status_code == 409
    assert "没有通过验证" in wrong.content.decode()
    other = json.dumps({**json.loads(options[1]), "challenge": "AAAA"})
    answer = {"asked_at": asked_at[1], "credential": device.used(other)}
    assert "签名的不是这份内容" in li.post(f"/apply/{draft}/sign", answer).content.decode()
    answer = {"asked_at": asked_at[1], "credential": device.used(options[1])}
    sent = li.post(f"/apply/{draft}/sign", answer)
    assert sent["Location"].endswith(f"/cases/{draft}/sent")
    assert "签名：申请（通行密钥）" in li.get(f"/cases/{draft}").content.decode()
