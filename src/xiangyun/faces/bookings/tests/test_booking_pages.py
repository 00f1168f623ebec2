"""Pages of bookings: from the free slot to the called number, whatever day it is today."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions
from xiangyun.domain.bookings.models import Booking
from xiangyun.domain.bookings.tests import desks
from xiangyun.domain.bookings.tests.desks import GATE
from xiangyun.domain.cases.tests.situations import actor

pytestmark = pytest.mark.django_db
ALWAYS = (
    re.sub(r'days: working, hours: "[^"]*"', 'days: daily, hours: "0:00-24:00"', desks.RESOURCES)
    .replace("222404001000", "222404000000")
    .replace("    no_show: {after: PT30M, most: 2, within: P30D, barred: P7D}\n", "")
)


@pytest.fixture(autouse=True)
def _published(demonstration: None) -> None:
    desks.publish(ALWAYS)


def logged_in(login: str) -> Client:
    client = Client()
    client.post("/login", {"as": login})
    return client


def text(client: Client, name: str, *arguments: str) -> str:
    answer = client.get(reverse(name, args=arguments))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def offered(client: Client) -> list[str]:
    return re.findall(r'name="begins" value="([^"]+)"', text(client, "bookings:slots", GATE))


def booked(client: Client, **given: object) -> Booking:
    form = {"begins": offered(client)[0], "lane": "freight", "units": 1, "weeks": 1, **given}
    answer = client.post(reverse("bookings:book", args=[GATE]), form)
    assert answer.status_code == 302, answer.content.decode()
    with acting_as(SYSTEM):
        return Booking.objects.select_related("slot").latest("pk")


def token_of(login: str) -> str:
    who = actor(login)
    with acting_as(who):
        return accounts.issue_token(who, label="", at=timezone.now(), days=1)


def by_program(client: Client, path: str, body: dict[str, str], token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.post(path, body, content_type="application/json", headers=headers)


def test_a_slot_is_booked_confirmed_shown_as_a_code_and_cancelled() -> None:
    assert "查验" in text(Client(), "bookings:all")
    wang = logged_in("wang")
    made = booked(wang)
    shown = text(wang, "bookings:one", made.number)
    assert "待确认" in shown
    wang.post(reverse("bookings:confirm-hold", args=[made.number]))
    assert "<svg" in text(wang, "bookings:one", made.number)
    assert made.number in text(wang, "bookings:mine")
    file = wang.get(reverse("bookings:file", args=[made.number])).content.decode()
    assert f"UID:{made.number}@" in file
    assert logged_in("li").get(reverse("bookings:one", args=[made.number])).status_code == 404
    wang.post(reverse("bookings:cancel", args=[made.number]))
    assert "已取消" in text(wang, "bookings:one", made.number)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"begins": "2020-01-01 09:00"}, "已经过去"),
        ({"begins": "tomorrow"}, "不是可以预约的时刻"),
        ({"begins": "0001-01-01 00:00"}, "不是可以预约的时刻"),
        ({"begins": "9999-12-31 23:59"}, "不是可以预约的时刻"),
        ({"units": "-1"}, "一次最多预约"),
        ({"units": "x"}, "一次最多预约"),
        ({"weeks": "99"}, "一次最多预约"),
        ({"lane": "tabel"}, "tabel"),
    ],
)
def test_what_cannot_be_booked_is_told_on_the_page(given: dict[str, str], said: str) -> None:
    wang = logged_in("wang")
    form = {"begins": offered(wang)[0], "lane": "freight", "units": "1", "weeks": "1", **given}
    answer = wang.post(reverse("bookings:book", args=[GATE]), form)
    assert answer.status_code in (404, 409, 422)
    assert said in answer.content.decode()
    with acting_as(SYSTEM):
        assert not Booking.objects.exists()


def test_a_slot_of_a_whole_day_is_not_told_by_its_midnights() -> None:
    page = text(Client(), "bookings:slots", "culture/programme:creation-base")
    assert "全天" in page
    assert "00:00–00:00" not in page


def test_nor_is_it_on_the_day_list_of_the_office() -> None:
    whole = ALWAYS.replace("slot: PT1H", "slot: P1D").replace("hours: 10", "hours: 24")
    desks.publish(whole)
    wang, desk = logged_in("wang"), logged_in("shencha")
    made = booked(wang)
    day = timezone.localdate(made.slot.begins).isoformat()
    page = desk.get(reverse("booking-office:day", args=[GATE]), {"day": day}).content.decode()
    assert "全天</a>" in page
    assert "00:00</a>" not in page


def test_the_day_list_says_what_finds_a_booking_also_where_there_is_one_lane() -> None:
    first = "      - {id: fresh, name: {zh-Hans: 鲜活, en: Fresh goods}, priority: 1, units: 1}\n"
    assert first in ALWAYS
    desks.publish(ALWAYS.replace(first, ""))
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=3)
    actions.book(
        GATE, begins, actor=SYSTEM, at=timezone.now(), lane="freight", reference="吉A00003",
        party=actor("wang").subject,
    )  # fmt: skip
    day = timezone.localdate(begins).isoformat()
    where = reverse("booking-office:day", args=[GATE])
    assert "吉A00003" in logged_in("shencha").get(where, {"day": day}).content.decode()


def test_bookings_stand_in_the_one_calendar_of_whoever_booked() -> None:
    wang, li = logged_in("wang"), logged_in("li")
    made = booked(wang)
    assert reverse("inbox:calendar") in text(wang, "bookings:mine")
    for client, times in ((wang, 1), (li, 0)):
        shown = client.post(reverse("inbox:open-feed")).content.decode()
        found = re.search(
            r'<code class="code">http://[^/]+(/messages/calendar/[^<]+)</code>', shown
        )
        assert found
        calendar = Client().get(found[1]).content.decode()
        assert calendar.count(f"UID:{made.number}@") == times


def test_who_moves_up_finds_a_message_in_the_inbox() -> None:
    wang, li = logged_in("wang"), logged_in("li")
    made = booked(wang, units=2)
    waits = booked(li, begins=made.slot.begins.isoformat())
    assert waits.state == "waiting"
    assert "候补的预约排到了" not in text(li, "inbox:inbox")
    wang.post(reverse("bookings:cancel", args=[made.number]))
    page = text(li, "inbox:inbox")
    assert "候补的预约排到了" in page
    assert "候补的预约排到了" not in text(wang, "inbox:inbox")
    found = re.search(r'href="(/messages/\d+)"', page)
    assert found
    said = li.get(found[1]).content.decode()
    assert waits.number in said
    assert "确认" in said


def test_a_programme_is_for_everybody_and_names_nobody() -> None:
    booked(logged_in("wang"))
    answer = Client().get(reverse("bookings:programme", args=[GATE]))
    programme = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:查验" in programme
    assert "YY0" not in programme
    assert Client().get(reverse("bookings:programme", args=["no/such:one"])).status_code == 404


def test_an_official_checks_in_by_the_code_and_the_screen_shows_the_called_number() -> None:
    wang, desk = logged_in("wang"), logged_in("shencha")
    made = booked(wang)
    actions.confirm(made.number, actor=SYSTEM, at=made.made_at)
    assert GATE in text(desk, "booking-office:all")
    day = f"{reverse('booking-office:day', args=[GATE])}?day={made.slot.begins:%Y-%m-%d}"
    assert desk.get(day).status_code == 200
    found = desk.post(reverse("booking-office:find", args=[GATE]), {"number": made.number})
    assert found["Location"] == reverse("booking-office:arriving", args=[made.code])
    assert "签到" in desk.get(found["Location"]).content.decode()
    desk.post(reverse("booking-office:arrived", args=[made.code]))
    with acting_as(SYSTEM):
        now = Booking.objects.get(pk=made.pk)
    assert (now.state, now.queue) == ("checked in", 1)
    for stranger in (wang, logged_in("gongzhuling")):
        assert stranger.get(found["Location"]).status_code == 404
    assert "今天还没有叫号" in text(Client(), "bookings:screen", GATE)


def test_the_interface_books_and_tells_what_is_free() -> None:
    client = Client()
    codes = [each["code"] for each in client.get("/api/resources").json()]
    assert GATE in codes
    free = client.get("/api/resources/slots", {"resource": GATE}).json()
    assert any(each["bookable"] for each in free)
    body = {"resource": GATE, "begins": free[-1]["begins"], "lane": "freight"}
    assert by_program(client, "/api/bookings", body).status_code == 401
    wang, li, desk = (token_of(login) for login in ("wang", "li", "shencha"))
    (made,) = by_program(client, "/api/bookings", body, wang).json()
    assert (made["state"], made["lane"]) == ("on hold", "freight")
    one = f"/api/bookings/{made['number']}"
    assert by_program(client, f"{one}/confirm", {}, li).status_code == 404
    assert by_program(client, f"{one}/confirm", {}, wang).json()["state"] == "confirmed"
    assert by_program(client, f"{one}/check-in", {}, wang).status_code == 404
    called = by_program(client, f"/api/resources/call?resource={GATE}", {"counter": "1"}, desk)
    assert called.status_code == 409  # nobody is there yet
    assert by_program(client, f"{one}/cancel", {}, wang).json()["state"] == "cancelled"


def test_a_service_that_takes_appointments_offers_its_counters() -> None:
    wang = logged_in("wang")
    guide = wang.get("/services/construction/project-approval").content.decode()
    found = re.search(r'href="(/bookings/of/construction/project-approval@\d{12}/)"', guide)
    assert found
    page = wang.get(found[1]).content.decode()
    free = re.findall(r'name="begins" value="([^"]+)"', page)
    assert free
    assert "窗口" in page
    answer = wang.post(f"{found[1]}book/", {"begins": free[-1]})
    assert answer.status_code == 302
    assert "窗口" in wang.get(answer["Location"]).content.decode()
    other = "market/company-registration"
    assert f"/bookings/of/{other}@" not in wang.get(f"/services/{other}").content.decode()
    assert wang.get(f"/bookings/of/{other}@222404000000/").status_code == 404
