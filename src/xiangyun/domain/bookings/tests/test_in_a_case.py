"""What cases do with bookings, for real: a vehicle gets its slot, the port opens longer."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.bookings import actions, lists, queries
from xiangyun.domain.bookings.models import Booking
from xiangyun.domain.bookings.rows import Asked
from xiangyun.domain.cases import actions as cases
from xiangyun.domain.cases import drafts, taskforms
from xiangyun.domain.cases.models import Case, WorkItem
from xiangyun.domain.cases.queries import history
from xiangyun.domain.cases.tests.situations import MORNING, act, actor
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.formspec import from_json
from xiangyun.kernel.service.bookables import ListLine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
PORT = "port/clearance:road-port"
EVENING = MORNING.replace(day=13, hour=20, minute=0)


def filed(service: str, example: int = 0) -> Case:
    """An example of a pack, the first if none is said, sent by a company."""
    company = actor("cangchu")
    with acting_as(company):
        draft = drafts.start_draft(service, actor=company, at=MORNING)
        pack = catalogue.pack(draft.version_id)
        reading = from_json(pack.form, pack.examples[example].answers)
        drafts.keep_answers(draft.id, reading.answers, actor=company, at=MORNING)
        return cases.submit_case(draft.id, actor=company, at=MORNING)


def test_a_vehicle_has_its_slot_without_confirming_it() -> None:
    case = filed("port/clearance")
    with acting_as(SYSTEM):
        (booked,) = Booking.objects.filter(case=case.pk)
    assert (booked.resource, booked.state, booked.party) == (PORT, "confirmed", case.owner)


def test_the_history_names_what_was_booked() -> None:
    case = filed("port/clearance")
    with acting_as(SYSTEM):
        said = [line.what for line in history(case) if line.verb == "booking.booked"]
    assert [each.zh for each in said] == ["预约《公路口岸》"]
    assert [each.en for each in said] == ["Booked: Road port"]


def answered(login: str, case: Case, element: str, action: str, **answers: str) -> Case:
    """An official fills in the form of a task."""
    who = actor(login)
    with acting_as(SYSTEM):
        token = WorkItem.objects.get(case=case.pk, element=element, closed_at=None).token
    with acting_as(who):
        return taskforms.answer_task(case.pk, token, answers, action=action, actor=who, at=MORNING)


@pytest.mark.parametrize("lane", range(3))
def test_a_vehicle_that_may_not_leave_is_refused_and_entered(lane: int) -> None:
    case = filed("port/clearance", lane)
    answered("zhakou", case, "gate", "let_vehicle_in", seen="match")
    answered("haiguan", case, "customs_check", "customs_checked", result="pass")
    done = answered("bianjian", case, "border_check", "border_checked", result="refuse")
    assert done.outcome == "refused_at_port"


def test_longer_hours_are_booked_once_both_have_agreed() -> None:
    case, later = filed("port/longer-hours"), MORNING + timedelta(hours=1)
    given = {"actor": SYSTEM, "at": later, "lane": "freight", "party": case.owner}
    vehicle = Asked(uuid4(), "port/clearance", {"goods": "煤炭（虚构）"})
    act("haiguan", case, "agree_to_hours", at=later)
    with pytest.raises(Refused, match=r"booking\.E002"):
        actions.book(PORT, EVENING, case=vehicle, **given)  # type: ignore[arg-type]
    act("bianjian", case, "agree_to_hours", at=later)
    (made,) = actions.book(PORT, EVENING, case=vehicle, **given)  # type: ignore[arg-type]
    assert made.state == "confirmed"
    free = queries.free_slots(PORT, EVENING.date(), 6, at=later)
    assert [len(slots) for slots in free.values()] == [13] * 5 + [10]


def test_every_vehicle_of_a_list_has_a_slot_and_a_case_of_its_own() -> None:
    listed = filed("port/vehicle-list")
    act("diaodu", listed, "arranged_list", at=MORNING)
    with acting_as(SYSTEM):
        booked = list(Booking.objects.filter(resource=PORT).order_by("pk"))
        cases = {each.pk: each for each in Case.objects.filter(pk__in=[b.case for b in booked])}
    assert [each.state for each in booked] == ["confirmed"] * 3
    assert len(cases) == 3
    assert {each.owner for each in cases.values()} == {listed.owner}
    plates = [cases[each.case].variables["application"]["plate"] for each in booked]  # type: ignore[index]
    assert plates == [each.reference for each in booked]
    kept = [cases[each.case].variables["booking"] for each in booked]  # type: ignore[index]
    assert kept == [each.number for each in booked]


def test_a_booking_out_of_a_list_whose_time_has_passed_is_taken_as_it_stands() -> None:
    of, case, owner = uuid4(), uuid4(), actor("cangchu").subject
    assert owner is not None
    line = ListLine("whole_vehicle", 1, "吉H801样", {"vin": "LXY0000A1T0000021"}, None)
    listed = Asked(of, "port/vehicle-list", None)
    begins = MORNING + timedelta(days=1)
    given = {"actor": SYSTEM, "at": MORNING, "party": owner, "case": listed}
    (made,) = lists.book_list(PORT, [line], begins, **given)  # type: ignore[arg-type]
    actions.time_passes(MORNING + timedelta(days=3))
    taken = lists.take(PORT, "吉H801样", party=owner, of=of, case=case)
    assert (taken.pk, taken.state) == (made.pk, "no-show")
    for other in (uuid4(), of):  # nobody else's, and once alone
        with pytest.raises(Refused, match=r"booking\.E021"):
            lists.take(PORT, "吉H801样", party=owner, of=other, case=case)
