"""A resource for tests: three units an hour, one of them kept for a lane that goes first."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.bookings import actions
from xiangyun.domain.bookings.models import Booking
from xiangyun.domain.catalogue import actions as catalogue
from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.occasion.tests import gate

RESOURCES = gate.GATE
PACK, GATE = "test/gate", "test/gate:gate"
PLACE = 222404001000
ZONE = ZoneInfo("Asia/Shanghai")
NOW, NINE = datetime(2026, 4, 8, 9, tzinfo=ZONE), datetime(2026, 4, 9, 9, tzinfo=ZONE)


def publish(text: str = RESOURCES) -> None:
    """Publish the resource in the database of the test."""
    with acting_as(SYSTEM) as system:
        catalogue.publish(PACK, {"resources.yaml": text}, actor=system, at=NOW)


def person(party: UUID | None = None) -> Actor:
    """Somebody with an account."""
    return Actor("（虚构）", "person", party or uuid4())


def official(place: int = PLACE, department: str = "") -> Actor:
    """An official of a place, across departments or of one."""
    role = f"desk:{department}" if department else "desk"
    held = MandateHeld(role, place, *subtree(place), "（虚构）窗口", across=not department)
    return Actor("（虚构）", "official", uuid4(), (held,))


def book(actor: Actor, lane: str = "freight", units: int = 1, begins: datetime = NINE,
         at: datetime = NOW, weeks: int = 1) -> Booking:  # fmt: skip
    """The first booking that comes of it."""
    return actions.book(GATE, begins, actor=actor, at=at, lane=lane, units=units, weeks=weeks)[0]


def state(number: str) -> str:
    """How a booking stands."""
    with acting_as(SYSTEM):
        return Booking.objects.get(pk=int(number[2:])).state


def later(minutes: float) -> datetime:
    """So long after the beginning of the test."""
    return NOW + timedelta(minutes=minutes)
