"""Who books, who sees and who calls: lanes, limits, departments, and what follows a no-show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions, queries, standing
from xiangyun.domain.bookings.models import Booking, Slot
from xiangyun.domain.bookings.rows import Asked
from xiangyun.domain.journal import access
from xiangyun.domain.journal.models import Entry
from xiangyun.domain.messaging import queries as messaging
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.occasion.tests.test_lanes import LIMITED

from . import desks
from .desks import GATE, NINE, NOW, book, later, official, person

pytestmark = pytest.mark.django_db
OF_THE_PORT = LIMITED.replace("    slot: PT1H", "    department: ports\n    slot: PT1H")


def refused(*arguments: object, **named: object) -> str:
    with pytest.raises(Refused) as caught:
        actions.book(*arguments, **named)  # type: ignore[arg-type]
    return caught.value.findings[0].id


def test_a_lane_with_a_condition_is_not_for_whoever_chooses_it() -> None:
    desks.publish(LIMITED)
    whom = person()
    assert refused(GATE, NINE, actor=whom, at=NOW, lane="fresh") == "booking.E025"
    assert [lane.id for lane in standing.lanes_for(whom, queries.resource(GATE))] == ["freight"]
    for goods, lane in (("fish", "fresh"), ("stones", "freight")):
        case = Asked(uuid4(), "a/b", {"goods": goods})
        (made,) = actions.book(
            GATE, NINE, actor=SYSTEM, at=NOW, lane=lane, party=whom.subject, case=case
        )
        assert (made.lane, made.state) == (lane, "confirmed")
    case = Asked(uuid4(), "a/b", {"goods": "stones"})
    given = {"actor": SYSTEM, "at": NOW, "lane": "fresh", "party": whom.subject, "case": case}
    assert refused(GATE, NINE, **given) == "booking.E025"


def test_what_cases_book_alone_nobody_else_does() -> None:
    desks.publish(LIMITED.replace("    slot: PT1H", "    services: [a/b]\n    slot: PT1H"))
    whom = person()
    assert refused(GATE, NINE, actor=whom, at=NOW, lane="freight") == "booking.E030"
    given = {"actor": SYSTEM, "at": NOW, "lane": "freight", "party": whom.subject}
    assert refused(GATE, NINE, case=Asked(uuid4(), "a/c", None), **given) == "booking.E030"
    assert actions.book(GATE, NINE, case=Asked(uuid4(), "a/b", None), **given)  # type: ignore[arg-type]


def test_nobody_hoards_over_several_slots() -> None:
    desks.publish(LIMITED.replace("    slot: PT1H", "    limit: {on_hold: 2}\n    slot: PT1H"))
    whom = person()
    one, _ = (book(whom, begins=NINE + timedelta(hours=n)) for n in (0, 1))
    later_slot = NINE + timedelta(hours=2)
    assert refused(GATE, later_slot, actor=whom, at=NOW, lane="freight") == "booking.E026"
    assert book(person(), begins=later_slot).state == "on hold"
    actions.confirm(one.number, actor=whom, at=NOW)
    assert book(whom, begins=later_slot).state == "on hold"


def test_what_cases_book_for_somebody_leaves_what_he_may_book_himself() -> None:
    desks.publish(LIMITED.replace("    slot: PT1H", "    limit: {open: 1}\n    slot: PT1H"))
    whom = person()
    given = {"actor": SYSTEM, "at": NOW, "lane": "freight", "party": whom.subject}
    actions.book(GATE, NINE, case=Asked(uuid4(), "a/b", None), **given)  # type: ignore[arg-type]
    assert book(whom, begins=NINE + timedelta(hours=1)).state == "on hold"


def test_the_queue_of_an_office_is_that_of_its_department() -> None:
    desks.publish(OF_THE_PORT)
    made = book(person())
    actions.confirm(made.number, actor=SYSTEM, at=NOW)
    own, other, across = official(department="ports"), official(department="customs"), official()
    day = NINE.date()
    assert [len(queries.day_list(who, GATE, day)) for who in (own, other, across)] == [1, 0, 1]
    with pytest.raises(Refused, match=r"booking\.E021"):
        actions.check_in(made.number, actor=other, at=NINE)
    actions.check_in(made.number, actor=own, at=NINE)
    # nor does the journal tell another department what became of it
    for who, told in ((own, 3), (other, 0), (across, 3)):
        with acting_as(who):
            assert access.readable().filter(subject=f"booking:{made.pk}").count() == told
    with pytest.raises(Refused, match=r"booking\.E021"):
        actions.call_next(GATE, "1", actor=other, at=NINE)
    assert actions.call_next(GATE, "1", actor=own, at=NINE).pk == made.pk


def test_a_plate_finds_the_booking_whose_slot_is_nearest() -> None:
    desks.publish(OF_THE_PORT)
    whom, desk = person(), official(department="ports")
    first, second = (
        actions.book(GATE, NINE + timedelta(hours=n), actor=whom, at=NOW, lane="freight",
                     reference="吉H001样")[0]
        for n in (0, 4)
    )  # fmt: skip
    for when, wanted in ((NINE, first), (NINE + timedelta(hours=4), second)):
        found = queries.by_reference(desk, GATE, " 吉h001 样", when)
        assert found is not None
        assert found.pk == wanted.pk
    assert queries.by_reference(desk, GATE, "吉H002样", NINE) is None
    assert queries.by_reference(official(department="customs"), GATE, "吉H001样", NINE) is None
    assert queries.by_reference(desk, GATE, " ", NINE) is None


def test_who_did_not_come_is_told_what_follows() -> None:
    desks.publish()
    whom = person()
    made = book(whom)
    actions.confirm(made.number, actor=whom, at=later(1))
    actions.time_passes(NINE + timedelta(hours=1))
    with acting_as(whom):
        (told,) = messaging.inbox(whom)
    assert made.number in str(told.body)
    assert standing.barred(whom, GATE, NINE) is None  # once is not often
    again = book(whom, begins=NINE + timedelta(hours=1), at=NOW)
    actions.confirm(again.number, actor=whom, at=later(1))
    after = NINE + timedelta(hours=2)
    actions.time_passes(after)
    until = standing.barred(whom, GATE, after)
    assert until == NINE + timedelta(hours=1, days=7)


def test_who_was_checked_in_at_the_same_moment_keeps_the_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desks.publish()
    case = Asked(uuid4(), "a/b", None)
    given = {"actor": SYSTEM, "at": NOW, "lane": "freight", "party": person().subject, "case": case}
    (made,) = actions.book(GATE, NINE, **given)  # type: ignore[arg-type]
    read = actions.rows_of

    def after_another(slots: Iterable[Slot]) -> dict[int, Booking]:
        Booking.objects.filter(pk=made.pk).update(state="checked in", queue=1)
        return read(slots)

    monkeypatch.setattr(actions, "rows_of", after_another)
    assert actions.let_in(made.number, case=case.case, at=NINE) == "checked in"
    with acting_as(SYSTEM):
        assert not Entry.objects.filter(verb="booking.checked_in").exists()


def test_a_case_checks_in_and_gives_back_its_own_bookings_alone() -> None:
    desks.publish()
    case, other = Asked(uuid4(), "a/b", None), uuid4()
    given = {"actor": SYSTEM, "at": NOW, "lane": "freight", "party": person().subject, "case": case}
    (made,) = actions.book(GATE, NINE, **given)  # type: ignore[arg-type]
    assert actions.let_in(made.number, case=other, at=NINE) == ""
    actions.give_back(made.number, case=other, at=NOW)
    assert desks.state(made.number) == "confirmed"
    assert actions.let_in(made.number, case=case.case, at=NINE) == "checked in"
    actions.give_back("YY99999999", case=case.case, at=NINE)
    with acting_as(SYSTEM):
        assert Booking.objects.get(pk=made.pk).queue == 1
