"""The inbox in the browser: of a citizen, of an official, and the page of how one is reached."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import MORNING, actor, submitted
from xiangyun.domain.messaging import actions, delivering, handout
from xiangyun.domain.messaging.models import Contact, Message
from xiangyun.domain.messaging.ports import Outgoing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
SENT: list[Outgoing] = []


class Keeper:
    def send(self, message: Outgoing) -> str:
        SENT.append(message)
        return message.key


def logged_in(login: str) -> Client:
    client = Client()
    assert client.post("/login", {"as": login}).status_code == 302
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_citizen_sees_how_many_wait_opens_one_and_goes_on_to_the_case() -> None:
    case = submitted(actor("wang"))
    handout.hand_out(case.pk)
    wang = logged_in("wang")
    assert re.search(r'消息 <strong class="count">1</strong>', page(wang, "/cases"))
    address = re.search(r'href="(/messages/\d+)"', page(wang, "/messages/"))
    assert address
    shown = page(wang, address[1])
    assert case.number in shown
    assert f'href="/cases/{case.pk}"' in shown
    assert 'class="count"' not in page(wang, "/cases")
    for other in ("li", "shencha"):
        assert logged_in(other).get(address[1]).status_code == 404
    assert Client().get(address[1]).status_code == 302


def test_an_official_has_the_inbox_in_the_frame_of_the_workbench() -> None:
    shencha, who = logged_in("shencha"), actor("shencha")
    assert who.account
    notice = actions.Notice(
        "t",
        "notice",
        "t",
        "reviewer",
        {"zh": "请核对", "en": "Check"},
        {"zh": "甲", "en": "a"},
        actions.About(),
    )
    actions.put(notice, [who.account], at=MORNING)
    queue = page(shencha, "/office/")
    assert 'class="count">1<' in queue
    shown = page(shencha, "/messages/")
    assert "祥云工作台" in shown
    assert "请核对" in shown


def test_everything_shown_is_marked_read_and_nothing_newer() -> None:
    case = submitted(actor("wang"))
    handout.hand_out(case.pk)
    wang = logged_in("wang")
    page(wang, "/messages/")
    upto = re.search(r'name="upto" value="(\d+)"', page(wang, "/messages/?unread=1"))
    assert upto
    later = submitted(actor("wang"), brand="样二")
    handout.hand_out(later.pk)
    assert wang.post("/messages/read", {"upto": upto[1]}).status_code == 302
    with acting_as(SYSTEM):
        read = Message.objects.order_by("pk").values_list("read_at", flat=True)
        assert [each is not None for each in read] == [True, False]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 19, "١"])
def test_a_place_that_no_page_gave_out_is_not_found(before: str) -> None:
    assert logged_in("wang").get("/messages/", {"before": before}).status_code == 404


def test_a_person_verifies_an_address_chooses_and_forgets_it(settings: Any) -> None:
    settings.XIANGYUN_MAIL = f"{__name__}.Keeper"
    SENT.clear()
    wang = logged_in("wang")
    wrong = wang.post("/messages/ways", {"channel": "email", "address-email": "wang"})
    assert wrong.status_code == 422
    assert 'href="#f-address-email"' in wrong.content.decode()
    wang.post("/messages/ways", {"channel": "email", "address-email": "wang@example.cn"})
    with acting_as(SYSTEM):
        contact = Contact.objects.get(channel="email")
    delivering.send_code(contact.pk, at=contact.code_at)  # type: ignore[arg-type]
    code = re.search(r"(?<!\d)\d{6}(?!\d)", SENT[0].body)
    assert code
    wrong = wang.post("/messages/ways/email/confirm", {"code-email": "1"})
    assert wrong.status_code == 422
    wang.post("/messages/ways/email/confirm", {"code-email": code[0]})
    assert "已核实" in page(wang, "/messages/ways")
    wang.post(
        "/messages/preferences", {"quiet-from": "21:00", "quiet-to": "07:00", "language": "en"}
    )
    shown = page(wang, "/messages/ways")
    assert '<option value="21:00" selected>' in shown
    with acting_as(SYSTEM):
        assert not Contact.objects.get(channel="email").wanted
    wang.post("/messages/ways/email/forget")
    wang.post("/messages/ways/email/forget")
    with acting_as(SYSTEM):
        assert not Contact.objects.exists()


def test_a_channel_that_is_not_offered_has_no_page(settings: Any) -> None:
    settings.XIANGYUN_TEXTING = ""
    wang = logged_in("wang")
    assert "短信" not in page(wang, "/messages/ways").split("什么时候")[0]
    assert wang.post("/messages/ways", {"channel": "sms", "address-sms": "1"}).status_code == 404
    assert wang.post("/messages/ways/fax/confirm").status_code == 404
