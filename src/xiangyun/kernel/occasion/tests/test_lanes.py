"""Who may use which lane, what one party may have at a time, and whole lists at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.occasion.booking import Book
from xiangyun.kernel.occasion.lanes import facts_of
from xiangyun.kernel.occasion.lists import MOST, Line, book_list
from xiangyun.kernel.occasion.resource import Limit, Resource
from xiangyun.kernel.occasion.resources import FILE, read_resources
from xiangyun.kernel.pack import check_pack
from xiangyun.kernel.service.tasks.booking_book_list import read_list
from xiangyun.kernel.worktime import WEEKDAYS

from .gate import GATE
from .test_booking import NINE, NOW, refusal

FRESH = "{id: fresh, name: {zh-Hans: 鲜活, en: Fresh goods}, priority: 1, units: 1}"
ONLY = FRESH[:-1] + ', for: =application.goods = "fish", told: {zh-Hans: 只限鱼。, en: For fish.}}'
LIMITED = GATE.replace(FRESH, ONLY)
FISH = facts_of("organisation", {"goods": "fish"})
STONES = facts_of("organisation", {"goods": "stones"})
FIRST = NINE.replace(hour=8)


def read(text: str = LIMITED) -> tuple[Resource, list[str]]:
    found: list[Finding] = []
    (resource,) = read_resources(text, found.append)
    return resource, [each.id for each in found]


def book(text: str = LIMITED, **changes: object) -> Book:
    return Book(replace(read(text)[0], **changes), WEEKDAYS)  # type: ignore[arg-type]


def listed(number: int, **changes: object) -> list[Line]:
    line = Line("freight", 1, STONES)
    return [replace(line, **changes) for _ in range(number)]  # type: ignore[arg-type]


def test_a_lane_is_for_whom_its_condition_says() -> None:
    assert read()[1] == []
    given = book()
    assert given.book("A", [NINE], NOW, "fresh", 1, FISH)[1][0].state == "on hold"
    for facts in (STONES, facts_of("person"), facts_of(None, {"goods": None})):
        assert refusal(given.book, "A", [NINE], NOW, "fresh", 1, facts) == "booking.E025"
    assert refusal(given.book, "A", [NINE], NOW, "fresh") == "booking.E025"
    assert given.book("A", [NINE], NOW, "freight", 1, STONES)[1][0].state == "on hold"


@pytest.mark.parametrize(
    ("old", "new", "id"),
    [
        (", told: {zh-Hans: 只限鱼。, en: For fish.}", "", "pack.E441"),
        ('for: =application.goods = "fish", ', "", "pack.E440"),
        ("=application.goods", "=applicaton.goods", "feel.W001"),
        ("=application.goods", "=(application.goods", "feel.E001"),
        ('for: =application.goods = "fish"', "for: fish", "pack.E006"),
        ("    slot: PT1H", "    department: prots\n    slot: PT1H", "pack.E444"),
        ("    slot: PT1H", "    limit: {on_hold: 0}\n    slot: PT1H", "pack.E222"),
        ("    slot: PT1H", "    limit: {held: 1}\n    slot: PT1H", "pack.E004"),
    ],
)
def test_what_is_wrong_with_a_condition_is_named(old: str, new: str, id: str) -> None:
    assert old in LIMITED
    found = read(LIMITED.replace(old, new, 1))[1]
    assert [each.split(".")[0] for each in found] == [id.split(".")[0]]
    assert id.startswith("feel.") or found == [id]


def test_a_lane_that_goes_first_and_is_for_everybody_is_warned_of() -> None:
    for text, wanted in ((GATE, ["pack.W442"]), (LIMITED, [])):
        found = [each.id for each in check_pack({FILE: text}, "a/b")]
        assert [id for id in found if id.startswith("pack.W44")] == wanted


def test_an_example_gives_the_facts_that_a_lane_asks() -> None:
    step = '{at: "2026-04-08 09:00", who: A, do: book, slot: "2026-04-09 08:00", lane: fresh'
    for facts, expect in (
        ("given: {application: {goods: fish}}", "on hold"),
        ("given: {party: person}", "booking.E025"),
    ):
        text = f"{LIMITED}    examples:\n      - {step}, {facts}, expect: {expect}}}\n"
        found = check_pack({FILE: text}, "a/b")
        assert [each.id for each in found if each.severity == "error"] == []


def test_nobody_has_more_at_a_time_than_the_limit() -> None:
    given = book(limit=Limit(on_hold=2, open=3))
    given, (first,) = given.book("A", [NINE], NOW, "freight", 2)
    assert refusal(given.book, "A", [FIRST], NOW, "freight") == "booking.E026"
    assert given.book("B", [FIRST], NOW, "freight")[1][0].state == "on hold"
    given = given.confirm(first.number, NOW)
    given, _ = given.book("A", [FIRST], NOW, "freight")
    later = NINE + timedelta(hours=1)
    assert refusal(given.book, "A", [later], NOW, "freight") == "booking.E026"
    booked_by_case, (one,) = book(limit=Limit(on_hold=2, open=3)).book(
        "A", [FIRST], NOW, "freight", 2, limited=False
    )
    assert booked_by_case.book("A", [later], NOW, "freight", 2)[1]  # nor is it counted
    given, (one,) = given.book("A", [later], NOW, "freight", limited=False)
    assert one.state == "on hold"
    # what is over, or given back, counts no more
    given = given.cancel(first.number, NOW).passed(NOW + timedelta(minutes=11))
    assert given.book("A", [later], NOW + timedelta(minutes=11), "freight", 2)[1]


def test_a_list_fills_the_slots_in_order_and_leaves_what_is_kept() -> None:
    after, made = book_list(book(), "A", listed(5), FIRST, NOW)
    assert [each.slot.begin.hour for each in made] == [8, 8, 9, 9, 10]
    assert {each.state for each in made} == {"confirmed"}
    assert after.free(made[0].slot, "fresh") == 1
    fish = [Line("fresh", 1, FISH, FIRST)]
    _, (own,) = book_list(after, "B", fish, NINE, NOW)
    assert own.slot.begin == FIRST


def test_every_wrong_line_of_a_list_is_named_and_nothing_is_booked() -> None:
    given = book()
    lines = listed(5000)
    for number, change in ((17, {"lane": "tabel"}), (18, {"units": 9}), (4999, {"begins": NOW})):
        lines[number - 1] = replace(lines[number - 1], **change)  # type: ignore[arg-type]
    wide = book(capacity=1_000, opens=timedelta(days=60))
    with pytest.raises(Refused) as refused:
        book_list(wide, "A", [replace(e, units=e.units if e.units < 9 else 9_999) for e in lines],
                  FIRST, NOW)  # fmt: skip
    said = [each.message.zh for each in refused.value.findings]
    assert {each.id for each in refused.value.findings} == {"booking.E027"}
    assert [text.split("：")[0] for text in said] == [
        "清单第 17 行",
        "清单第 18 行",
        "清单第 4999 行",
    ]
    assert len(book_list(wide, "A", listed(5000), FIRST, NOW)[1]) == 5000
    with pytest.raises(Refused) as full:
        book_list(given, "A", listed(5000), FIRST, NOW)
    (rest,) = full.value.findings
    # nine days of eight slots and two of the last day, of which a lane keeps one of three units
    assert "清单第 149 至 5000 行" in rest.message.zh
    for number in (0, MOST + 1):
        assert refusal(book_list, given, "A", listed(number), FIRST, NOW) == "booking.E029"


def test_a_list_overtakes_nobody_who_waits() -> None:
    given, _ = book().book("A", [FIRST], NOW, "freight", 1)
    given, (waits,) = given.book("B", [FIRST], NOW, "freight", 2)
    assert waits.state == "waiting"
    _, (made,) = book_list(given, "C", listed(1), FIRST, NOW)
    assert made.slot.begin == NINE
    assert refusal(book_list, given, "C", listed(1, begins=FIRST), FIRST, NOW) == "booking.E027"


def test_what_can_be_given_back_no_more_stays_and_who_comes_late_is_no_arrival() -> None:
    given, (made,) = book().book("A", [NINE], NOW, "freight")
    given = given.confirm(made.number, NOW)
    assert given.given_back(made.number, NOW).find(made.number).state == "cancelled"
    soon = NINE - timedelta(minutes=5)
    assert given.given_back(made.number, soon).find(made.number).state == "confirmed"
    assert given.arrived(made.number, soon).find(made.number).state == "checked in"
    late: datetime = NINE + timedelta(hours=1)
    for verb in (given.given_back, given.arrived):
        assert verb(made.number, late).find(made.number).state == "no-show"


def test_a_plate_that_stands_twice_in_a_list_is_named_with_both_lines() -> None:
    items: list[Value] = [{"reference": plate} for plate in ("吉A1", "吉A2", "吉a 1", None, None)]
    items.append({"begins": "tomorrow"})
    with pytest.raises(Refused) as refused:
        read_list({"items": items}, None)
    said = [each.message.zh for each in refused.value.findings]
    assert said[0] == "清单第 3 行：“吉A1”在第 1 行已经有了。"
    assert said[1].startswith("清单第 6 行：“tomorrow”")
    assert len(read_list({"items": items[:2]}, {"port": "x"})) == 2
    for nothing in (None, "x", ["x"]):
        with pytest.raises(Refused, match=r"booking\.E031"):
            read_list({"items": nothing}, None)  # type: ignore[dict-item]
