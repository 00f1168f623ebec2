"""Resources: what their file may say, which slots there are, and who gets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.occasion.booking import Book, moment_on, weekly
from xiangyun.kernel.occasion.counters import code_of, counters, read_code
from xiangyun.kernel.occasion.openings import Extended, Opening, Span, read_hours, slots_of
from xiangyun.kernel.occasion.resource import Lane, Resource
from xiangyun.kernel.occasion.resources import FILE, read_resources
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.worktime import WEEKDAYS, Hours

from .gate import GATE

ZONE = ZoneInfo("Asia/Shanghai")
CUSTOMS = (
    GATE.replace("    opens:", '      - {days: off, hours: "9:00-11:00"}\n    opens:')
    + """    examples:
      - at: "2026-04-08 09:00"
        who: A
        do: book
        slot: "2026-04-09 08:00"
        lane: fresh
        expect: on hold
"""
)
NOW, NINE = datetime(2026, 4, 8, 9, tzinfo=ZONE), datetime(2026, 4, 9, 9, tzinfo=ZONE)


def read(text: str = CUSTOMS) -> tuple[Resource, list[Finding]]:
    found: list[Finding] = []
    resources = read_resources(text, found.append)
    return resources[0], found


def book(**changes: object) -> Book:
    return Book(replace(read()[0], **changes), WEEKDAYS)  # type: ignore[arg-type]


def refusal(call: object, *words: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*words, **named)  # type: ignore[operator]
    return refused.value.findings[0].id


def test_a_resource_is_read_and_its_examples_are_played() -> None:
    assert read()[1] == []
    assert [f.id for f in check_pack({FILE: CUSTOMS}, "a/b") if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        ("capacity: 3", "capacity: -3", "pack.E222"),
        ("capacity: 3", "capacity: 2.5", "pack.E222"),
        ("units: 1", "units: 4", "pack.E222"),
        ("units: 1", "units: -1", "pack.E222"),
        ("priority: 2", "priority: 0", "pack.E222"),
        ("8:00-12:00,13:00", "8:00-12:00,11:00", "pack.E221"),
        ("8:00-12:00,", "12:00-8:00,", "pack.E221"),
        ("9:00-11:00", "9:00-24:30", "pack.E221"),
        ("days: off", "days: daily", "pack.E221"),
        ("days: off", "days: monday", "pack.E221"),
        ("9:00-11:00", "9:00-9:30", "pack.E223"),
        ("slot: PT1H", "slot: an hour", "pack.E223"),
        ("slot: PT1H", "slot: P1M", "pack.E223"),
        ("hold: PT10M", "hold: PT0S", "pack.E223"),
        ("opens: P14D", "opens: PT1H", "pack.E223"),
        ("id: freight", "id: fresh", "pack.E220"),
        ("222404001000", "2224", "pack.E006"),
        ("expect: on hold", "expect: waiting", "pack.E224"),
        ("lane: fresh", "lane: frehs", "pack.E225"),
        ('at: "2026-04-08 09:00"', "at: tomorrow", "pack.E226"),
    ],
)
def test_each_fault_is_named_at_its_line_in_both_languages(old: str, new: str, id: str) -> None:
    text = CUSTOMS.replace(old, new, 1)
    found = next(f for f in check_pack({FILE: text}, "a/b") if f.id == id)
    assert found.place is not None
    assert found.place.file == FILE
    assert found.place.line > 2
    assert found.message.zh.endswith("。")
    assert found.message.en.endswith(".")


def test_overlapping_hours_name_the_other_line_and_the_time() -> None:
    text = CUSTOMS.replace("days: off", "days: daily")
    said = next(f for f in check_pack({FILE: text}, "a/b") if f.id == "pack.E221")
    assert "line 12 from 9:00 to 11:00" in said.message.en


def test_the_last_units_go_in_the_order_of_arrival_and_no_further() -> None:
    day, states = book(waiting=198), []
    for n in range(200):
        day, (got,) = day.book(f"c{n}", [NINE], NOW, "freight")
        states.append(got.state)
    assert states == ["on hold"] * 2 + ["waiting"] * 198
    assert refusal(day.book, "late", [NINE], NOW, "freight") == "booking.E012"


def test_units_kept_for_a_lane_go_to_nobody_else() -> None:
    day, _ = book().book("a", [NINE], NOW, "freight", 2)
    day, (freight,) = day.book("b", [NINE], NOW, "freight")
    day, (fresh,) = day.book("c", [NINE], NOW, "fresh")
    assert (freight.state, fresh.state) == ("waiting", "on hold")


def test_a_hold_expires_and_who_waits_moves_up_by_lane_then_arrival() -> None:
    day, (first,) = book().book("a", [NINE], NOW, "freight", 2)
    day, (second,) = day.book("b", [NINE], NOW, "freight", 2)
    day, (third,) = day.book("c", [NINE], NOW, "fresh", 2)
    later = day.passed(NOW + timedelta(minutes=10))
    states = [later.find(each.number).state for each in (first, second, third)]
    assert states == ["expired", "waiting", "on hold"]
    assert later.passed(NINE).find(second.number).state == "expired"


def test_small_requests_do_not_overtake_one_that_waits_for_more() -> None:
    day, _ = book().book("a", [NINE], NOW, "freight")
    day, (large,) = day.book("b", [NINE], NOW, "freight", 2)
    day, (small,) = day.book("c", [NINE], NOW, "freight")
    assert (large.state, small.state) == ("waiting", "waiting")
    day = day.passed(NOW + timedelta(minutes=10))
    assert day.find(large.number).state == "on hold"


@pytest.mark.parametrize(
    ("begin", "now", "id"),
    [
        (NOW - timedelta(days=1), NOW, "booking.E001"),
        (NINE + timedelta(minutes=17), NOW, "booking.E002"),
        (NINE.replace(hour=12), NOW, "booking.E002"),
        (NINE + timedelta(days=2, hours=5), NOW, "booking.E002"),
        (NINE + timedelta(days=14), NOW, "booking.E003"),
        (NINE, NINE - timedelta(minutes=30), "booking.E003"),
    ],
)
def test_moments_that_cannot_be_booked_say_why(begin: datetime, now: datetime, id: str) -> None:
    assert refusal(book().book, "a", [begin], now, "fresh") == id


def test_a_series_is_booked_whole_or_not_at_all() -> None:
    series = weekly(NINE, 2)
    day, got = book().book("a", series, NOW, "freight", 2)
    assert [each.state for each in got] == ["on hold", "on hold"]
    assert refusal(day.book, "b", [series[1], NINE + timedelta(hours=1)], NOW, "freight", 2) == (
        "booking.E012"
    )
    assert len(day.bookings) == 2
    assert refusal(day.book, "b", weekly(NINE, 5), NOW, "freight") == "booking.E005"
    assert refusal(day.book, "b", [NINE], NOW, "freight", 4) == "booking.E005"
    assert refusal(day.book, "b", [NINE], NOW, "cars") == "booking.E004"


def test_who_did_not_come_twice_is_barred_until_a_day() -> None:
    day = book()
    for hour in (9, 10):
        day, (got,) = day.book("a", [NINE.replace(hour=hour)], NOW, "freight")
        day = day.confirm(got.number, NOW)
    after = NINE + timedelta(hours=2)
    friday = NINE + timedelta(days=1)
    day = day.passed(after)
    assert [each.state for each in day.bookings] == ["no-show", "no-show"]
    assert refusal(day.book, "a", [friday], after, "freight") == "booking.E008"
    day, (other,) = day.book("b", [friday], after, "freight")
    assert other.state == "on hold"
    week = NINE + timedelta(days=7, hours=1)
    assert day.book("a", [week + timedelta(hours=3)], week, "freight")[1][0].state == "on hold"


def test_verbs_fit_the_state_and_the_time() -> None:
    day, (got,) = book().book("a", [NINE], NOW, "freight", 2)
    assert refusal(day.check_in, got.number, NINE) == "booking.E006"
    assert refusal(day.confirm, got.number, NOW + timedelta(minutes=10)) == "booking.E006"
    assert refusal(day.confirm, 99, NOW) == "booking.E009"
    day, (waits,) = day.confirm(got.number, NOW).book("b", [NINE], NOW, "freight", 2)
    assert refusal(day.check_in, got.number, NOW) == "booking.E010"
    assert refusal(day.cancel, got.number, NINE - timedelta(minutes=59)) == "booking.E007"
    assert day.cancel(got.number, NOW).find(waits.number).state == "on hold"
    assert day.check_in(got.number, NINE).find(got.number).state == "checked in"


def test_extended_hours_give_more_slots_as_far_as_the_resource_allows() -> None:
    first, evening = date(2026, 4, 9), (Span(17 * 60, 19 * 60),)
    day = book().extend(Extended(first, first + timedelta(days=1), evening))
    begin = datetime(2026, 4, 10, 18, tzinfo=ZONE)
    assert day.book("a", [begin], NOW, "freight")[1][0].state == "on hold"
    assert len(day.slots(begin)) == 10
    late = (Span(17 * 60, 19 * 60 + 30),)
    week = first + timedelta(days=7)
    assert refusal(book().extend, Extended(first, first, late)) == "booking.E011"
    assert refusal(book().extend, Extended(first, week, evening)) == "booking.E011"
    assert refusal(book(longer=None).extend, Extended(first, first, evening)) == "booking.E011"


@pytest.mark.parametrize(("day", "slots"), [((2026, 3, 29), 5), ((2026, 10, 25), 7)])
def test_an_hour_is_an_hour_where_clocks_change(day: tuple[int, int, int], slots: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = list(slots_of(read_hours("0:00-6:00") or (), date(*day), timedelta(hours=1), berlin))
    assert len(found) == slots
    assert {each.end.timestamp() - each.begin.timestamp() for each in found} == {3600}


def test_a_time_that_the_clock_shows_twice_or_never_is_asked_for_again() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for day in (datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)):
        assert refusal(moment_on, day, berlin) == "booking.E013"
    with_offset = datetime.fromisoformat("2026-10-25T02:30+01:00")
    assert moment_on(with_offset, berlin).timestamp() == with_offset.timestamp()
    assert moment_on(datetime(2026, 4, 9, 9), ZONE) == NINE


def test_a_lane_is_named_unless_there_is_one_alone() -> None:
    resource = read()[0]
    assert resource.lane("") is None
    alone = replace(resource, lanes=resource.lanes[:1])
    assert isinstance(alone.lane(""), Lane)


def test_counters_are_open_in_the_hours_of_the_office() -> None:
    office = counters(
        Text("登记", "Registration"), 222404000000, Hours.parse("8:30-9:00,13:00-13:20")
    )
    slots = Book(office, WEEKDAYS).slots(NINE)
    assert [f"{each.begin:%H:%M}" for each in slots] == ["08:30", "08:45", "13:00"]
    assert read_code(code_of("a/b", 222404000000)) == ("a/b", 222404000000)
    assert read_code("a/b:c") is None


def test_the_two_hours_that_a_clock_shows_alike_are_two_slots() -> None:
    zone = ZoneInfo("Europe/Berlin")
    night = replace(
        read()[0],
        opening=(Opening("daily", read_hours("0:00-6:00") or ()),),
        capacity=1,
        lanes=(Lane("all", Text("全部", "All"), 1, 0),),
        opens=timedelta(days=30),
    )
    now = datetime(2026, 10, 20, 9, tzinfo=zone)
    first = datetime(2026, 10, 25, 2, tzinfo=zone)
    filled, (one,) = Book(night, WEEKDAYS).book("A", [first], now)
    second = filled.book("B", [first.replace(fold=1)], now)[1][0]
    assert (one.state, second.state) == ("on hold", "on hold")
    assert second.slot.begin.timestamp() - one.slot.begin.timestamp() == 3600
