"""A public programme by place and day, without log-in: the page, and the calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import actions as registers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
TONGYU, QIANAN = 220822000000, 220723000000


def enter(number: str, on: date, county: int = TONGYU, **more: object) -> None:
    """An event in the first village of a county."""
    [town, *_] = divisions.children(county)
    [village, *_] = divisions.children(town.code)
    with acting_as(SYSTEM):
        registers.record(
            "culture_event",
            number,
            {
                "number": number,
                "title": f"演出{number}",
                "kind": "show",
                "place": str(village.code),
                "county": str(county),
                "on_day": on.isoformat(),
                "plan": f"{county}-{on:%Y-%m}",
                "team": "TY-01",
                "state": "planned",
                **more,
            },
            valid_from=timezone.localdate(),
            source="test",
            at=timezone.now(),
            pack="culture/village-asks",
        )


@pytest.fixture
def coming() -> date:
    today = timezone.localdate()
    enter("A1", today + timedelta(days=40), starts="18:30")
    enter("A2", today + timedelta(days=40), starts="09:00")
    enter("A3", today + timedelta(days=41), state="called_off")
    enter("B1", today + timedelta(days=40), QIANAN)
    return today + timedelta(days=40)


def test_everybody_sees_what_is_on_by_place_and_day(client: Client, coming: date) -> None:
    address = reverse("programme:by-day", args=["culture_event"])
    assert address in client.get(reverse("programme:all")).content.decode()
    page = client.get(address, {"place": TONGYU, "month": f"{coming:%Y-%m}"}).content.decode()
    assert page.index("演出A2") < page.index("演出A1")  # the earlier first
    assert "18:30" in page
    assert "演出B1" not in page
    elsewhere = client.get(address, {"place": QIANAN, "month": f"{coming:%Y-%m}"}).content.decode()
    assert "演出B1" in elsewhere
    assert "演出A1" not in elsewhere


def test_a_month_of_the_whole_province_says_where_and_when(client: Client) -> None:
    address = reverse("programme:by-day", args=["culture_event"])
    page = client.get(address, {"place": 220000000000, "month": "2027-02"}).content.decode()
    assert "吉林省 · 2027年2月1日 – 2027年2月28日" in page.replace("\u2009", "")


def test_the_demonstration_has_something_on_each_month(client: Client) -> None:
    address = reverse("programme:by-day", args=["culture_event"])
    for month, day in (("2026-11", "11月30日"), ("2027-02", "2月28日"), ("2027-12", "12月30日")):
        asked = {"place": 222404000000, "month": month}
        page = client.get(address, asked).content.decode().replace("\u2009", "")
        assert "（虚构）" in page
        assert f"{day}</h2>" in page


def test_the_calendar_is_one_to_subscribe_to(client: Client, coming: date) -> None:
    address = reverse("programme:calendar", args=["culture_event"])
    answer = client.get(address, {"place": TONGYU})
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.count("BEGIN:VEVENT") == 3
    assert f"DTSTART:{coming:%Y%m%d}T103000Z" in text  # 18:30 in China
    assert f"DTSTART;VALUE=DATE:{coming + timedelta(days=1):%Y%m%d}" in text
    assert text.count("STATUS:CANCELLED") == 1
    assert "UID:culture_event-A1@" in text


def test_a_register_without_a_programme_has_no_page(client: Client) -> None:
    assert client.get(reverse("programme:by-day", args=["company"])).status_code == 404
    assert client.get(reverse("programme:by-day", args=["nothing"])).status_code == 404
    address = reverse("programme:by-day", args=["culture_event"])
    assert client.get(address, {"place": "999999999999"}).status_code == 404
    assert client.get(address, {"month": "2026-13"}).status_code == 200
