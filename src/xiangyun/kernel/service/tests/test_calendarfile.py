"""Appointments as another library reads them, and by the letter of RFC 5545."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from xiangyun.kernel.service.calendarfile import Appointment, calendar_file

CHANGED = datetime(2026, 4, 9, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(appointment: Appointment, name: str = "") -> Calendar:
    return Calendar.from_ical(calendar_file([appointment], name))


def test_an_hour_is_the_same_hour_in_every_zone() -> None:
    starts = datetime(2026, 4, 20, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    ends = starts + timedelta(hours=1)
    one = Appointment(
        "u@x", 2, CHANGED, "上门核查", place="珲春市；大路 12 号", starts=starts, ends=ends
    )
    (event,) = read(one).walk("VEVENT")
    assert event.decoded("DTSTART") == starts
    assert event.decoded("DTEND") == ends
    assert event.decoded("DTSTART").utcoffset() == timedelta(0)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("u@x", 2, "CONFIRMED")
    assert event["LOCATION"] == "珲春市；大路 12 号"


def test_a_day_ends_where_the_next_begins() -> None:
    one = Appointment("u", 0, CHANGED, "t", first=date(2026, 12, 31), last=date(2027, 1, 1))
    (event,) = read(one).walk("VEVENT")
    assert event.decoded("DTSTART") == date(2026, 12, 31)
    assert event.decoded("DTEND") == date(2027, 1, 2)


def test_what_is_cancelled_says_so_and_a_feed_has_a_name() -> None:
    one = Appointment("u", 1, CHANGED, "t", first=date(2026, 4, 9), cancelled=True)
    calendar = read(one, "祥云日程")
    assert calendar["NAME"] == "祥云日程"
    assert calendar.walk("VEVENT")[0]["STATUS"] == "CANCELLED"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(WORDS, WORDS)
def test_no_words_end_their_value_or_begin_another(title: str, body: str) -> None:
    one = Appointment("u", 0, CHANGED, title, body, first=date(2026, 4, 9))
    text = calendar_file([one])
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert set(event.keys()) <= {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "TRANSP"),
        *("SUMMARY", "DESCRIPTION", "STATUS"),
    }
    printable = "".join(s for s in title if s.isprintable() or s == "\t")
    if printable == title:
        assert str(event["SUMMARY"]) == title
