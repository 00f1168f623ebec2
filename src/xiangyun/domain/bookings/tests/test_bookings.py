"""Bookings as rows: who gets what, who sees what, and what time does."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from xiangyun.domain.accounts.access import ANONYMOUS, SYSTEM, acting_as
from xiangyun.domain.bookings import actions, queries
from xiangyun.domain.bookings.models import Booking
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.domain.journal.models import Entry
from xiangyun.kernel.findings import Refused

from . import desks
from .desks import GATE, NINE, NOW, book, later, official, person, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published(django_db_setup: None) -> None:
    desks.publish()


def refused(*arguments: object, **named: object) -> str:
    with pytest.raises(Refused) as caught:
        actions.book(*arguments, **named)  # type: ignore[arg-type]
    return caught.value.findings[0].id


def test_a_hold_expires_and_who_waits_moves_up() -> None:
    first, second = person(), person()
    made, waiting = book(first, units=2), book(second)
    assert (made.state, waiting.state) == ("on hold", "waiting")
    actions.time_passes(later(11))
    assert (state(made.number), state(waiting.number)) == ("expired", "on hold")
    actions.confirm(waiting.number, actor=second, at=later(12))
    actions.time_passes(later(60))
    assert state(waiting.number) == "confirmed"


def test_a_lane_has_its_own_units_and_goes_first() -> None:
    taken = book(person(), units=2)
    freight, fresh = book(person()), book(person(), lane="fresh", units=2)
    assert (freight.state, fresh.state) == ("waiting", "waiting")
    actions.cancel(taken.number, actor=SYSTEM, at=later(1))
    assert (state(fresh.number), state(freight.number)) == ("on hold", "on hold")
    assert book(person(), lane="fresh", begins=NINE + timedelta(hours=1)).state == "on hold"


def test_a_series_is_booked_wholly_or_not_at_all() -> None:
    assert refused(GATE, NINE, actor=person(), at=NOW, lane="freight", weeks=5) == "booking.E005"
    assert refused(GATE, NINE, actor=person(), at=NOW, lane="freight", weeks=4) == "booking.E003"
    made = actions.book(GATE, NINE, actor=person(), at=NOW, lane="freight", weeks=2)
    assert [each.slot.begins for each in made] == [NINE, NINE + timedelta(weeks=1)]
    with acting_as(SYSTEM):
        assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    ("begins", "named", "id"),
    [
        (NOW - timedelta(days=1), {}, "booking.E001"),
        (NINE + timedelta(minutes=7), {}, "booking.E002"),
        (datetime(2026, 4, 11, 9), {}, "booking.E002"),
        (NINE, {"lane": "tabel"}, "booking.E004"),
        (NINE, {"units": 4}, "booking.E005"),
        (NINE, {"units": -1}, "booking.E005"),
        (NINE, {"units": 0}, "booking.E005"),
    ],
)
def test_what_cannot_be_booked_is_refused_and_leaves_nothing(
    begins: datetime, named: dict[str, object], id: str
) -> None:
    given = {"lane": "freight", **named}
    assert refused(GATE, begins, actor=person(), at=NOW, **given) == id
    with acting_as(SYSTEM):
        assert not Booking.objects.exists()
    assert refused("test/gate:nothing", NINE, actor=person(), at=NOW) == "booking.E023"
    assert refused(GATE, NINE, actor=ANONYMOUS, at=NOW, lane="freight") == "booking.E020"


def test_who_did_not_come_is_noted_and_barred() -> None:
    actor = person()
    for hour in (0, 1):
        made = book(actor, begins=NINE + timedelta(hours=hour))
        actions.confirm(made.number, actor=actor, at=later(1))
    after = NINE + timedelta(hours=2)
    actions.time_passes(after)
    assert state(made.number) == "no-show"
    tomorrow = NINE + timedelta(days=1)
    assert refused(GATE, tomorrow, actor=actor, at=after, lane="freight") == "booking.E008"
    assert book(person(), begins=tomorrow, at=after).state == "on hold"


def test_only_the_party_and_the_officials_of_the_place_see_and_change_a_booking() -> None:
    owner = person()
    made = book(owner)
    for stranger in (person(), ANONYMOUS, official(220200000000)):
        assert queries.by_number(stranger, made.number) is None
        with pytest.raises(Refused, match=r"booking\.E021"):
            actions.cancel(made.number, actor=stranger, at=NOW)
    for knows in (owner, official(), SYSTEM):
        found = queries.by_number(knows, made.number.lower())
        assert found is not None
        assert queries.by_code(knows, found.code) == found
    assert [each.pk for each in queries.bookings_of(owner)] == [made.pk]
    assert queries.by_number(owner, "YY") is None


def test_who_checks_in_gets_a_number_and_is_called_by_it_the_first_lane_first() -> None:
    desk = official()
    some = [book(person()), book(person()), book(person(), lane="fresh")]
    for each in some:
        actions.confirm(each.number, actor=SYSTEM, at=later(1))
    with pytest.raises(Refused, match=r"booking\.E021"):
        actions.check_in(some[0].number, actor=person(some[0].party), at=NINE)  # he may not be here
    for each in some:
        arrived = actions.check_in(each.number, actor=desk, at=NINE)
        assert arrived.state == "checked in"
    with pytest.raises(Refused, match=r"booking\.E006"):
        actions.check_in(some[0].number, actor=desk, at=NINE)
    first = actions.call_next(GATE, "3", actor=desk, at=NINE)
    assert (first.pk, first.queue) == (some[2].pk, 3)
    assert actions.call_next(GATE, "1", actor=desk, at=later(24 * 60 + 1)).queue == 1
    assert queries.called(GATE, NINE.date()) == [(1, "1"), (3, "3")]
    actions.call_next(GATE, "1", actor=desk, at=NINE)
    with pytest.raises(Refused, match=r"booking\.E022"):
        actions.call_next(GATE, "1", actor=desk, at=NINE)
    with pytest.raises(Refused, match=r"booking\.E021"):
        actions.call_next(GATE, "1", actor=person(), at=NINE)


def test_extended_hours_can_be_booked_as_far_as_the_resource_allows() -> None:
    evening = NINE.replace(hour=17)
    assert refused(GATE, evening, actor=person(), at=NOW, lane="freight") == "booking.E002"
    for last, hours, id in (
        (date(2026, 4, 16), "17:00-19:00", "booking.E011"),
        (date(2026, 4, 9), "17:00-20:00", "booking.E011"),
        (date(2026, 4, 8), "17:00-19:00", "booking.E014"),
        (date(2026, 4, 9), "19:00-17:00", "booking.E014"),
    ):
        with pytest.raises(Refused) as caught:
            actions.extend(GATE, date(2026, 4, 9), last, hours, actor=official(), at=NOW)
        assert caught.value.findings[0].id == id
    day = date(2026, 4, 9)
    actions.extend(GATE, day, day, "17:00-19:00", actor=official(), at=NOW)
    assert book(person(), begins=evening).state == "on hold"
    assert len(queries.free_slots(GATE, day, 1, at=NOW)[day]) == 10


def test_free_slots_are_counted_for_everybody_and_tell_nobodys_name() -> None:
    book(person(), units=2)
    book(person(), begins=NINE + timedelta(hours=1))
    day = NINE.date()
    with acting_as(ANONYMOUS):
        found = queries.free_slots(GATE, day, 2, at=NOW)
    assert [each.free for each in found[day][1:3]] == [
        {"fresh": 1, "freight": 0},
        {"fresh": 2, "freight": 1},
    ]
    assert all(each.bookable for each in found[day][1:])
    assert not any(each.bookable for each in queries.free_slots(GATE, day, 1, at=NINE)[day][:2])


def test_what_is_booked_keeps_its_resource_and_stands_in_the_journal() -> None:
    actor = person()
    made = book(actor)
    with pytest.raises(Refused, match=r"booking\.E024"), acting_as(SYSTEM) as system:
        catalogue.unpublish(desks.PACK, actor=system, at=NOW)
    with acting_as(actor):
        entries = Entry.objects.filter(subject=f"booking:{made.pk}")
        assert [each.verb for each in entries] == ["booking.made"]
