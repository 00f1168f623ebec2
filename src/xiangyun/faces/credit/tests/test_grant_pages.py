"""Grants as people press them: given, looked by, amended, revoked, and who looked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.faces.cli import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
BANK = "91220101MA0XYBNK16"  # fictitious


def client(login: str) -> Client:
    made = Client()
    given = {"login": login, "password": demonstration.PASSWORD}
    assert made.post(reverse("portal:login"), given).status_code == 302
    return made


def give(company: Client, *registers: str, **changed: str) -> str:
    """Give a grant and follow to its page; its address."""
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    form = {"granted_to": BANK, "purpose": "流动资金贷款", "until": until, **changed}
    answer = company.post(reverse("credit:give-grant"), {**form, "registers": list(registers)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def look(bank: Client, address: str) -> str:
    page = bank.get(address).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    sent = {"version": version[1] if version else "1"}
    return bank.post(address + "look/", sent).content.decode()


def test_a_bank_sees_what_a_company_grants_and_the_company_sees_that_it_looked() -> None:
    company, bank = client("cangchu"), client("yinhang")
    address = give(company, "credit_tax_grade")
    assert address in bank.get(reverse("credit:grants")).content.decode()
    assert "还没有人看过、问过" in company.get(address).content.decode()  # to give is no look
    seen = look(bank, address)
    assert "71,000" in seen
    assert "S-202605-0029L" not in seen  # social insurance was not granted
    looks, changes = company.get(address).content.decode().split("授权的经过")
    assert "凭授权查看了档案" in looks
    assert "样例商业银行" in looks
    assert "凭授权查看了档案" not in changes
    assert "授权 样例商业银行（虚构） 查看档案" in changes


def test_a_revoked_grant_shows_nothing_from_the_next_look_on() -> None:
    company, bank = client("cangchu"), client("yinhang")
    address = give(company, "credit_tax_grade")
    company.post(address + "revoke/")
    refused = bank.post(address + "look/", {"version": "1"})
    assert refused.status_code == 403
    assert "71,000" not in refused.content.decode()
    assert "已停止" in bank.get(address).content.decode()


def test_what_is_amended_is_a_new_version_and_the_old_one_is_refused() -> None:
    company, bank = client("cangchu"), client("yinhang")
    address = give(company, "credit_tax_grade")
    sent = {"version": "1", "registers": ["credit_insurance"], "purpose": "", "until": ""}
    assert company.post(address + "amend/", sent).status_code == 302
    assert bank.post(address + "look/", {"version": "1"}).status_code == 409
    seen = look(bank, address)
    assert "S-202605-0029L" in seen
    assert "71,000" not in seen
    assert bank.post(address + "look/", {"version": "2"}).status_code == 403  # it was for one look


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"granted_to": "91220101MA0NOBODY9"}, "没有登记这个机构"),
        ({"purpose": " "}, "没有写明用途"),
        ({"until": "2020-01-01"}, "最后一天已经过去"),
        ({"until": "昨天"}, "最后一天已经过去"),
    ],
)
def test_what_is_wrong_stands_at_its_field(changed: dict[str, str], said: str) -> None:
    form = {"granted_to": BANK, "purpose": "贷款", "until": "", "registers": ["credit_tax_grade"]}
    answer = client("cangchu").post(reverse("credit:give-grant"), {**form, **changed})
    assert answer.status_code in (404, 422)
    assert said in answer.content.decode()


def test_nobody_else_finds_a_grant_or_gives_one_for_a_company() -> None:
    address = give(client("cangchu"), "credit_tax_grade")
    stranger = client("wang")
    assert stranger.get(address).status_code == 404
    for act in ("look/", "revoke/", "amend/"):
        assert stranger.post(address + act, {"version": "1"}).status_code == 404
    form = {"granted_to": BANK, "purpose": "贷款", "until": "", "registers": ["credit_tax_grade"]}
    assert stranger.post(reverse("credit:give-grant"), form).status_code == 403
    assert Client().get(address)["Location"].startswith("/login")


def test_a_person_is_offered_no_form_that_would_be_refused() -> None:
    offered = f'action="{reverse("credit:give-grant")}"'
    assert offered in client("cangchu").get(reverse("credit:grants")).content.decode()
    way = f'href="{reverse("credit:grants")}"'
    assert way in client("cangchu").get(reverse("portal:more")).content.decode()
    for nobody in (Client(), client("wang")):  # and no way there on the page of all pages
        assert way not in nobody.get(reverse("portal:more")).content.decode()
    page = client("wang").get(reverse("credit:grants")).content.decode()
    assert offered not in page
    assert "先选择所代表的企业" in page


def test_by_a_grant_for_answers_alone_a_bank_is_answered_and_sees_nothing() -> None:
    company, bank = client("cangchu"), client("yinhang")
    address = give(company, "credit_insurance", answers_only="true")
    page = bank.get(address).content.decode()
    assert address + "look/" not in page
    assert bank.post(address + "look/", {"version": "1"}).status_code == 403
    told = bank.post(address + "ask/", {"version": "1", "inquiry": "insurance_paid"})
    assert "记录的月份都缴清了。" in told.content.decode()
    assert "14,400" not in told.content.decode()
    assert bank.post(address + "ask/", {"version": "1", "inquiry": "x"}).status_code == 404
    assert "凭授权提问：社会保险缴清" in company.get(address).content.decode()
    looks = company.get(reverse("portal:looks")).content.decode()
    assert "凭授权提问" in looks
    assert "insurance_paid" not in looks


def test_registers_that_know_the_company_stand_first_with_how_much() -> None:
    page = client("cangchu").get(reverse("credit:grants")).content.decode()
    order = re.findall(r'name="registers" value="(\w+)"', page)
    known = {code: "还没有您的记录" not in part for code, part in _choices(page)}
    assert known["credit_tax_grade"]
    assert not all(known.values())
    assert [known[code] for code in order] == sorted(known.values(), reverse=True)


def _choices(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="registers" value="(\w+)"(.*?)</label>', page, re.DOTALL)
