"""Answers to the service tasks that book, cancel and open longer.

They write in the transaction of the step: what is booked belongs to a step that has happened.
"""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.domain.accounts.access import SYSTEM
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.handlers import CaseStep, service
from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import NotFound, Refused
from xiangyun.kernel.occasion.booking import moment_on
from xiangyun.kernel.service.bookables import Booked
from xiangyun.kernel.service.tasks import (
    booking_book,
    booking_book_list,
    booking_cancel,
    booking_check_in,
    booking_extend,
    booking_take,
    people_engage,
    people_release,
)
from xiangyun.kernel.worktime import office_time, office_zone

from . import actions, checks, engaging, lists
from .models import Booking
from .rows import Asked


@service(booking_book.TYPE.name)
def book(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Book for the party of the case, or wait. Raises Refused with the rule that forbids it."""
    inputs, code = wanted.inputs or {}, wanted.headers["resource"]
    if step.case.owner is None:
        raise Refused([checks.NO_PARTY])
    (made,) = actions.book(
        code,
        booking_book.read_moment(inputs.get("begins")),
        actor=SYSTEM,
        at=step.at,
        lane=str(inputs.get("lane") or ""),
        units=booking_book.read_units(inputs.get("units")),
        party=step.case.owner,
        case=_asked(step),
        reference=booking_book.read_reference(inputs.get("reference")),
    )
    step.record_platform(booking_book.BOOKED.id, {"resource": code})
    return booking_book.answer_of(_booked(made))


@service(booking_book_list.TYPE.name)
def book_list(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Book every line of a list, or none. Raises Refused with every wrong line."""
    inputs, code = wanted.inputs or {}, wanted.headers["resource"]
    if step.case.owner is None:
        raise Refused([checks.NO_PARTY])
    listed = booking_book_list.read_list(inputs, step.overall.get("application"))
    made = lists.book_list(
        code,
        listed,
        booking_book.read_moment(inputs.get("begins")),
        actor=SYSTEM,
        at=step.at,
        party=step.case.owner,
        case=_asked(step),
    )
    told = {"resource": code, "lines": len(made)}
    step.record_platform(booking_book_list.LISTED.id, told)
    return booking_book_list.answers_of(inputs, [_booked(each) for each in made])


@service(booking_take.TYPE.name)
def take(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Take over what the case that opened this one has booked. Raises NotFound."""
    opening = step.overall.get("opening")
    source = str(opening.get("from") or "") if isinstance(opening, dict) else ""
    opened_by = cases.id_of(source)
    if step.case.owner is None or opened_by is None:
        raise NotFound([checks.NOT_HERE])
    taken = lists.take(
        wanted.headers["resource"],
        booking_book.read_reference((wanted.inputs or {}).get("reference")),
        party=step.case.owner,
        of=opened_by,
        case=step.case.pk,
    )
    step.record_platform(booking_take.TAKEN.id, {})
    return booking_book.answer_of(_booked(taken))


@service(booking_check_in.TYPE.name)
def check_in(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Whoever booked for this case is there; one that is over stays so."""
    number = str((wanted.inputs or {}).get("number") or "")
    state = actions.let_in(number, case=step.case.pk, at=step.at)
    step.record_platform(booking_check_in.ARRIVED.id, {})
    return {"state": state}


def _asked(step: CaseStep) -> Asked:
    """The case as a resource asks who books."""
    return Asked(step.case.pk, step.pack.code, step.overall.get("application"))


def _booked(row: Booking) -> Booked:
    slot = row.slot
    return Booked(row.number, row.state, office_time(slot.begins), office_time(slot.ends))


@service(booking_cancel.TYPE.name)
def cancel(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Give a booking of this case back; one that is not its own, or is over, stays so."""
    number = str((wanted.inputs or {}).get("number"))
    actions.give_back(number, case=step.case.pk, at=step.at)
    step.record_platform(booking_cancel.CANCELLED.id, {})
    return {}


@service(booking_extend.TYPE.name)
def extend(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Open a resource longer, because of this case."""
    inputs, code = wanted.inputs or {}, wanted.headers["resource"]
    hours = str(inputs.get("hours") or "")
    first, last = booking_extend.read_days(inputs)
    actions.extend(code, first, last, hours, actor=SYSTEM, at=step.at, case=step.case.pk)
    step.record_platform(booking_extend.EXTENDED.id, {"resource": code, "hours": hours})
    return {}


@service(people_engage.TYPE.name)
def engage(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Set when the people of this case are there. Raises Conflict where one is elsewhere."""
    people, *span = people_engage.read(wanted.inputs or {})
    begins, ends = (office_time(moment_on(each, office_zone())) for each in span)
    engaging.engage(people, begins, ends, case=step.case.pk, source=step.case.number)
    step.record_platform(people_engage.ENGAGED.id, {"n": len(people)})
    return {}


@service(people_release.TYPE.name)
def release(step: CaseStep, wanted: ServiceWanted) -> Mapping[str, Value]:
    """Free the people of this case."""
    engaging.release(step.case.pk)
    step.record_platform(people_release.RELEASED.id, {})
    return {}
