"""Pages of payments: the payer pays on a phone and keeps a receipt, an officer gives money back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.adapters.payments import simulated
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.cases.models import Case
from xiangyun.domain.payments.models import Going, Refund, Standing, State
from xiangyun.domain.payments.tests.digging import (
    asked,
    brought,
    order_of,
    paid,
    pay_there,
    payments_of,
    refunds_of,
    take,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def logged_in(login: str, language: str = "zh-CN") -> Client:
    client = Client(headers={"accept-language": language})
    client.post("/login", {"as": login})
    return client


def address(name: str, case: Case) -> str:
    return reverse(name, args=[order_of(case).number])


def paid_by_page(client: Client, case: Case) -> None:
    """Go from the case to the provider's page, pay there, and come back."""
    led = client.post(address("payments:go", case))
    assert led.status_code == 302, led.text
    page = Client().get(led["Location"])  # whoever has the address may pay
    assert page.status_code == 200
    assert "860.00" in page.text
    back = Client().post(f"{led['Location']}pay/")
    assert (back.status_code, back["Location"]) == (302, address("payments:pay", case))


def test_the_payer_goes_from_the_case_to_the_provider_and_back_to_a_receipt() -> None:
    case, client = asked(), logged_in("wang")
    shown = client.get(reverse("portal:case", args=[case.pk])).text
    assert address("payments:pay", case) in shown
    assert "860.00" in shown
    assert "缴城市道路挖掘修复费" in client.get(reverse("portal:cases")).text
    assert client.get(address("payments:receipt", case)).status_code == 404
    assert address("payments:pay", case) in client.get("/payments/").text
    assert address("payments:pay", case) not in logged_in("li").get("/payments/").text
    paid_by_page(client, case)
    assert order_of(case).state == State.PAID
    page = client.get(address("payments:pay", case)).text
    assert address("payments:receipt", case) in page
    assert address("payments:go", case) not in page
    receipt = client.get(address("payments:receipt", case)).text
    [payment] = payments_of(case)
    assert payment.transaction in receipt
    assert "不是财政票据" in receipt
    brought(case)
    assert "已缴" in client.get(reverse("portal:case", args=[case.pk])).text


def test_a_provider_that_has_the_money_takes_it_no_second_time() -> None:
    case, client = asked(), logged_in("wang")
    led = client.post(address("payments:go", case))["Location"]
    for _ in range(2):
        assert Client().post(f"{led}pay/").status_code == 302
    assert len(payments_of(case)) == 1
    assert "已经付过" in Client().get(led).text
    refused = client.post(address("payments:go", case))
    assert refused.status_code == 409
    assert "现在不用缴" in refused.text


def test_a_secret_that_is_none_opens_no_page() -> None:
    assert Client().get("/payments/provider/x/").status_code == 404
    assert Client().post("/payments/provider/x/pay/").status_code == 404


def test_nobody_else_finds_a_payers_pages() -> None:
    case = asked()
    for login in ("li", "shencha", "zhuguan", "shoufei"):
        client = logged_in(login)
        for name in ("payments:pay", "payments:receipt"):
            assert client.get(address(name, case)).status_code == 404, (login, name)
        assert client.post(address("payments:go", case)).status_code == 404


# -- calls ----------------------------------------------------------------------------------------


def called(headers: dict[str, str], body: bytes, provider: str = "simulated") -> Client:
    return Client().post(  # type: ignore[return-value]
        f"/payments/calls/{provider}/", body, content_type="application/json", headers=headers
    )


def test_a_call_of_the_provider_is_taken_and_answered_alike_twice() -> None:
    case = asked()
    headers, body = pay_there(order_of(case))
    answers = [called(dict(headers), body) for _ in range(2)]
    assert [(a.status_code, a.json()["became"]) for a in answers] == [  # type: ignore[attr-defined]
        (200, "taken"),
        (200, "repeated"),
    ]


def test_calls_that_are_wrong_are_answered_with_problems() -> None:
    case = asked()
    order = order_of(case)
    headers, body = pay_there(order)
    unknown = simulated().signed_call(paid(order, number="JF999999999999"), timezone.now())
    for given, said, provider, status in (
        ({}, body, "simulated", 403),
        (dict(headers), body + b" ", "simulated", 403),
        (dict(headers), body, "another", 404),
        (dict(unknown[0]), unknown[1], "simulated", 404),
    ):
        assert called(given, said, provider).status_code == status  # type: ignore[attr-defined]
    assert called(dict(unknown[0]), unknown[1])["Retry-After"]  # type: ignore[index]
    assert Client().get("/payments/calls/simulated/").status_code == 405
    assert Client().post("/payments/calls/simulated/", {"a": "b"}).status_code == 403
    assert order_of(case).state == State.WAITING


# -- officials ------------------------------------------------------------------------------------


def settled() -> Case:
    case = asked()
    headers, body = pay_there(order_of(case))
    called(dict(headers), body)
    brought(case)
    return case


def seen_on(page: str) -> str:
    """What the form says can be refunded."""
    [left] = re.findall(r'name="seen" value="([^"]+)"', page)
    return str(left)


def test_an_officer_sees_the_day_and_gives_a_part_back() -> None:
    case, officer = settled(), logged_in("shoufei")
    day = officer.get("/office/payments/").text
    assert order_of(case).number in day
    assert "还没有对账" in day
    page = address("fees:order", case)
    assert 'name="why"' in officer.get(page).text
    wrong = officer.post(f"{page}refund/", {"amount": "9999", "why": "多收"})
    assert wrong.status_code == 409
    assert 'value="9999"' in wrong.text
    assert officer.post(f"{page}refund/", {"amount": "60.5", "why": ""}).status_code == 422
    assert officer.post(f"{page}refund/", {"amount": "", "why": "多收"}).status_code == 422
    typed = {"amount": "60.50", "why": "多收了。", "seen": seen_on(officer.get(page).text)}
    good = officer.post(f"{page}refund/", typed)
    assert (good.status_code, good["Location"]) == (302, page)
    twice = officer.post(f"{page}refund/", typed)
    assert (twice.status_code, seen_on(twice.text)) == (409, "799.50")
    shown = officer.get(page).text
    assert "多收了。" in shown
    assert "799.50" in shown
    [back] = refunds_of(case)
    assert (str(back.amount), back.by_name) == ("60.50", "费样管")


def test_a_wrong_amount_stands_on_the_page_with_a_button() -> None:
    case = asked()
    take(paid(order_of(case), amount=order_of(case).amount / 10))
    page, officer = address("fees:order", case), logged_in("shoufei")
    shown = officer.get(page).text
    [payment] = payments_of(case)
    assert payment.standing == Standing.WRONG_AMOUNT
    fields = dict(re.findall(r'type="hidden" name="(payment|amount|seen)" value="([^"]+)"', shown))
    assert fields == {"payment": str(payment.pk), "amount": "86.00", "seen": "86.00"}
    assert officer.post(f"{page}refund/", {**fields, "why": "金额不符"}).status_code == 302
    assert [str(each.amount) for each in refunds_of(case)] == ["86.00"]
    assert "86.00" in logged_in("wang").get(address("payments:pay", case)).text


def test_a_declined_refund_is_tried_again_from_the_day() -> None:
    case, officer = settled(), logged_in("shoufei")
    officer.post(f"{address('fees:order', case)}refund/", {"amount": "1", "why": "x"})
    with acting_as(SYSTEM):
        Refund.objects.update(state=Going.DECLINED, problem={"zh": "不退", "en": "no"})
    [back] = refunds_of(case)
    again = reverse("fees:again", args=[back.number])
    assert again in officer.get("/office/payments/").text
    assert logged_in("zhuguan").post(again).status_code == 403
    assert officer.post(again).status_code == 302
    assert [each.state for each in refunds_of(case)] == [Going.ASKED]


def test_an_official_of_the_case_sees_its_fees_and_may_not_refund() -> None:
    case = settled()
    approver = logged_in("zhuguan")
    shown = approver.get(reverse("workbench:case", args=[case.pk])).text
    page = address("fees:order", case)
    assert page in shown
    assert 'name="why"' not in approver.get(page).text
    assert approver.post(f"{page}refund/", {"amount": "1", "why": "x"}).status_code == 403
    assert approver.get("/office/payments/").status_code == 404


def test_nobody_else_finds_the_pages_of_officials() -> None:
    case = settled()
    for login, status in (("wang", 404), ("li", 404), ("shencha", 404), ("gongzhuling", 404)):
        assert logged_in(login).get(address("fees:order", case)).status_code == status, login


def test_the_pages_are_said_in_english_too() -> None:
    case = settled()
    for login, pages in (
        ("wang", ("payments:pay", "payments:receipt")),
        ("shoufei", ("fees:order",)),
    ):
        client = logged_in(login, "en")
        for name in pages:
            words = re.sub(r"<(script|style).*?</\1>", "", client.get(address(name, case)).text)
            assert "Fee for reinstating the road" in words
            assert "860.00 yuan" in words
