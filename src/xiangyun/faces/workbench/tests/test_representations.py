"""A desk enters and ends who acts for whom, by a proof; both are told and see it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from xiangyun.domain.accounts import representing
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.tests.situations import actor
from xiangyun.domain.messaging.models import Message
from xiangyun.domain.parties.models import Representation
from xiangyun.faces.cli.demonstration import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
WANG, LI = "222404199203150027", "222404198807210014"
HERE = "/office/representations"
GUARDIAN = {
    "kind": "person", "code": WANG, "proof": "guardianship", "reference": "监护公证书 3 号（虚构）",
    "representative": LI, "representative_name": "李样山", "enter": "1",
}  # fmt: skip


def log_in(login: str) -> Client:
    client = Client()
    assert client.post("/login", {"as": login, "password": PASSWORD}).status_code == 302
    return client


def test_a_desk_enters_a_guardian_who_acts_from_then_on_and_both_are_told() -> None:
    desk = log_in("bangban")
    assert "王样云" in desk.post(HERE, {"kind": "person", "code": WANG}).content.decode()
    assert "李样山" in desk.post(HERE, GUARDIAN).content.decode()
    li, wang = actor("li"), actor("wang")
    assert wang.account
    assert representing.for_party(li, wang.account) is not None
    with acting_as(SYSTEM):
        told = set(Message.objects.values_list("recipient", flat=True))
    assert told == {li.account, wang.account}
    seen = log_in("wang").get("/account/behalf").content.decode()
    assert "李样山" in seen


def test_the_represented_one_ends_what_it_gave_and_not_what_a_court_gave() -> None:
    desk = log_in("bangban")
    desk.post(HERE, GUARDIAN)
    with acting_as(SYSTEM):
        given = Representation.objects.get()
    answer = log_in("wang").post(f"/account/behalf/{given.pk}/end")
    assert answer.status_code == 403
    assert "到所在地的窗口" in answer.content.decode()
    with acting_as(SYSTEM):
        Representation.objects.filter(pk=given.pk).update(ended_at=given.given_at)
    desk.post(HERE, {**GUARDIAN, "proof": "notary"})
    with acting_as(SYSTEM):
        by_deed = Representation.objects.get(ended_at=None)
    assert log_in("wang").post(f"/account/behalf/{by_deed.pk}/end").status_code == 302


def test_a_desk_ends_one_for_a_reason_and_not_without() -> None:
    desk = log_in("bangban")
    page = desk.post(HERE, GUARDIAN).content.decode()
    [number] = re.findall(r'name="end" value="(\d+)"', page)
    ending = {"kind": "person", "code": WANG, "end": number}
    assert desk.post(HERE, ending).status_code == 422
    assert "已终止" in desk.post(HERE, {**ending, "reason": "裁判文书 5 号"}).content.decode()
    wang = actor("wang")
    assert wang.account
    assert representing.for_party(actor("li"), wang.account) is None


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"reference": " "}, 422, "没有写明证明材料"),
        ({"representative_name": "别人"}, 404, "姓名与号码不符"),
        ({"representative": WANG, "representative_name": "王样云"}, 422, "不能代理自己"),
        ({"to_on": "soon"}, 422, "这不是日期"),
        ({"to_on": "2020-01-01"}, 422, "已经过去"),
        ({"proof": "wish"}, 422, "没有这种代理依据"),
        ({"code": "x"}, 404, "没有查到"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_entered(
    changed: dict[str, str], status: int, said: str
) -> None:
    answer = log_in("bangban").post(HERE, {**GUARDIAN, **changed})
    assert answer.status_code == status
    assert said in answer.content.decode()
    with acting_as(SYSTEM):
        assert not Representation.objects.exists()


@pytest.mark.parametrize("login", ["shencha", "duban", "wang"])
def test_nobody_but_a_desk_has_this_page(login: str) -> None:
    client = log_in(login)
    assert client.get(HERE).status_code in (403, 404)
    assert client.post(HERE, GUARDIAN).status_code in (403, 404)
    with acting_as(SYSTEM):
        assert not Representation.objects.exists()
