"""At the door: by a code, a number or a plate; and what a page says of who may book."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions
from xiangyun.domain.bookings.models import Booking
from xiangyun.domain.bookings.tests import desks
from xiangyun.domain.bookings.tests.desks import GATE
from xiangyun.domain.bookings.tests.test_in_a_case import PORT, filed
from xiangyun.domain.cases.tests.situations import actor

from .test_booking_pages import ALWAYS, by_program, logged_in, offered, text, token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
CONDITION = 'for: =application.goods = "fish", told: {zh-Hans: 只限鲜鱼。, en: For fish alone.}'


def test_a_case_shows_the_code_of_its_booking_and_the_gate_finds_it_by_the_plate() -> None:
    case = filed("port/clearance")
    with acting_as(SYSTEM):
        made = Booking.objects.get(case=case.pk)
    company, gate, customs = logged_in("cangchu"), logged_in("zhakou"), logged_in("haiguan")
    page = text(company, "portal:case", str(case.pk))
    assert made.number in page
    assert 'class="qr"' in page
    assert case.number in text(gate, "booking-office:arriving", made.code)
    for said in (made.number, " 吉h001 样 "):
        found = gate.post(reverse("booking-office:find", args=[PORT]), {"number": said})
        assert found["Location"] == reverse("booking-office:arriving", args=[made.code])
    unknown = gate.post(reverse("booking-office:find", args=[PORT]), {"number": "吉X"})
    assert unknown.status_code == 422
    # customs work at the same place, for another department
    assert customs.get(reverse("booking-office:day", args=[PORT])).status_code == 404
    assert customs.get(reverse("booking-office:arriving", args=[made.code])).status_code == 404
    assert PORT not in text(customs, "booking-office:all")


def test_the_interface_checks_in_by_the_code_and_by_the_plate() -> None:
    gate, customs = token_of("zhakou"), token_of("haiguan")
    desks.publish(ALWAYS.replace("    slot: PT1H", "    department: ports\n    slot: PT1H"))
    begins = timezone.now().replace(minute=0, second=0, microsecond=0)
    given = {"actor": SYSTEM, "lane": "freight", "at": timezone.now()}
    one, two = (
        actions.book(
            GATE,
            begins + timedelta(hours=3),
            party=actor(login).subject,
            reference=plate,
            **given,  # type: ignore[arg-type]
        )[0]
        for login, plate in (("wang", "吉A00001"), ("li", "吉A00002"))
    )
    for each in (one, two):
        actions.confirm(each.number, actor=SYSTEM, at=timezone.now())
    path = "/api/resources/check-in"
    by_code = {"code": f"https://example.invalid/office/bookings/in/{one.code}/"}
    by_plate = {"resource": GATE, "reference": "吉a00002"}
    assert by_program(Client(), path, by_code).status_code == 401
    for body, made in ((by_code, one), (by_plate, two)):
        assert by_program(Client(), path, body, customs).status_code == 404
        told = by_program(Client(), path, body, gate).json()
        assert (told["number"], told["state"]) == (made.number, "checked in")
        assert by_program(Client(), path, body, gate).status_code == 409
    for nothing in ({"code": "x"}, {"resource": GATE, "reference": "吉A00009"}, {}):
        assert by_program(Client(), path, nothing, gate).status_code == 404


def test_a_page_offers_only_the_lanes_that_one_may_use_and_says_for_whom_the_others_are() -> None:
    lane = "{id: fresh, name: {zh-Hans: 鲜活, en: Fresh goods}, priority: 1, units: 1}"
    assert lane in ALWAYS
    desks.publish(ALWAYS.replace(lane, f"{lane[:-1]}, {CONDITION}}}"))
    wang = logged_in("wang")
    page = text(wang, "bookings:slots", GATE)
    assert "只限鲜鱼" in page
    assert 'value="fresh"' not in page
    form = {"begins": offered(wang)[0], "lane": "fresh", "units": 1, "weeks": 1}
    answer = wang.post(reverse("bookings:book", args=[GATE]), form)
    assert answer.status_code == 403
    assert "不能用于这个预约" in answer.content.decode()


def test_what_cases_book_leads_to_their_services() -> None:
    page = text(Client(), "bookings:slots", PORT)
    assert reverse("portal:guide", args=["port/clearance"]) in page
    assert 'name="begins"' not in page
