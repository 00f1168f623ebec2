"""How a party stands with a resource: what it has, what it missed, which lanes it may use."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.codes import department
from xiangyun.kernel.feel import Value, from_json
from xiangyun.kernel.occasion import parties as rules
from xiangyun.kernel.occasion.lanes import Facts, facts_of, may_use
from xiangyun.kernel.occasion.resource import Lane, Resource
from xiangyun.kernel.worktime import office_time

from . import queries
from .models import OPEN, Booking


def own_of(code: str, party: UUID) -> list[Booking]:
    """What a party has of a resource, to come or missed: its rules ask that of whoever books."""
    rows = Booking.objects.select_related("slot").filter(resource=code, party=party)
    return list(rows.filter(state__in=(*OPEN, "no-show")).order_by("pk"))


def barred(actor: Actor, code: str, at: datetime) -> datetime | None:
    """Until when the party acted for may book nothing of a resource, since it did not come."""
    if actor.subject is None or actor.is_official:
        return None
    with acting_as(SYSTEM):
        declared = queries.resource(code)
        book = queries.book_of(code, declared, own_of(code, actor.subject), at.date())
    found = rules.barred(declared, book.bookings, str(actor.subject), office_time(at))
    return found[1] if found else None


def facts(declared: Resource, lane: str, party: UUID, application: Value = None) -> Facts:
    """What the condition of a lane asks of a booking for a party; for the platform alone."""
    found = declared.lane(lane)
    held = records(found.register, party) if found is not None and found.register else []
    return facts_of(kind_of(party), application, held)


def kind_of(party: UUID) -> str:
    """What a party is: `person`, `organisation`, …; empty for one that nobody knows."""
    found = parties.parties([party]).get(party)
    return found.kind if found else ""


def records(register: str, party: UUID) -> list[dict[str, Value]]:
    """What a register holds about a party; for the platform alone."""
    about = (each for each in registers.records_about(party) if each.register == register)
    return [{n: from_json(value) for n, value in (each.data or {}).items()} for each in about]


def lanes_for(actor: Actor, declared: Resource) -> tuple[Lane, ...]:
    """The lanes that somebody may choose by himself; all where nobody is logged in."""
    if actor.subject is None or actor.is_official:
        return declared.lanes
    with acting_as(SYSTEM):
        return tuple(
            lane
            for lane in declared.lanes
            if lane.condition is None or may_use(lane, facts(declared, lane.id, actor.subject))
        )


def matter_of(declared: Resource) -> int:
    """The number of the department whose officials see what is booked."""
    return department.number_of(declared.department)
