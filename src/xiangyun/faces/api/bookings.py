"""Bookings over the interface: what is free, book, confirm, cancel, check in, call."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from xiangyun.domain.bookings import actions, checks, queries
from xiangyun.domain.bookings.queries import Booking
from xiangyun.kernel.findings import NotFound
from xiangyun.kernel.service.tasks.booking_book import read_moment

from .asking import actor_of

router = Router(tags=["bookings"])
_Code = Annotated[str, Field(max_length=200)]
_Days = Annotated[int, Field(ge=1, le=31)]


class ResourceOut(Schema):
    """What can be booked: `place` is a division's code, `lanes` are ids."""

    code: str
    name: dict[str, str]
    place: str
    lanes: list[str]
    capacity: int


class SlotOut(Schema):
    """A slot, the units that each lane can still take, and how many wait for it."""

    begins: datetime
    ends: datetime
    free: dict[str, int]
    waiting: int
    bookable: bool


class BookingIn(Schema):
    """`begins`: a moment as RFC 3339 has it, or without an offset one of the office's clock.

    `weeks`: a series of so many; all of it is booked, or nothing.
    """

    resource: str = Field(max_length=200)
    begins: str = Field(max_length=40)
    lane: str = Field("", max_length=100)
    units: int = Field(1, ge=-(2**31), le=2**31 - 1)
    weeks: int = Field(1, ge=-(2**31), le=2**31 - 1)


class BookingOut(Schema):
    """A booking as its party, or an official of the place, sees it."""

    number: str
    resource: str
    state: str
    begins: datetime
    ends: datetime
    until: datetime | None
    lane: str
    units: int
    queue: int | None
    reference: str


class ArrivedIn(Schema):
    """Who is there: `code` is what the QR code ends with, or its whole address; else `resource`
    with a `reference` such as a plate."""

    code: str = Field("", max_length=200)
    resource: str = Field("", max_length=200)
    reference: str = Field("", max_length=40)


class CallIn(Schema):
    """To which counter the next one is called."""

    counter: str = Field(max_length=40)


def _out(row: Booking) -> BookingOut:
    return BookingOut(
        number=row.number,
        resource=row.resource,
        state=row.state,
        begins=row.slot.begins,
        ends=row.slot.ends,
        until=row.until,
        lane=row.lane,
        units=row.units,
        queue=row.queue,
        reference=row.reference,
    )


@router.get("/resources", response=list[ResourceOut], auth=None, summary="What can be booked")
def resources(request: HttpRequest) -> list[ResourceOut]:
    """All resources; nobody need log in."""
    return [
        ResourceOut(
            code=each.code,
            name={"zh": each.name.zh, "en": each.name.en},
            place=each.value.division,
            lanes=[lane.id for lane in each.value.lanes],
            capacity=each.value.capacity,
        )
        for each in queries.resources()
    ]


@router.get("/resources/slots", response=list[SlotOut], auth=None, summary="What is free")
def slots(
    request: HttpRequest,
    resource: _Code,
    day: date | None = None,
    days: _Days = 7,
) -> list[SlotOut]:
    """The slots of some days, from today if no day is given."""
    today = timezone.localdate()
    first = day if day is not None and abs((day - today).days) < 1000 else today
    found = queries.free_slots(resource, first, days, at=timezone.now())
    return [
        SlotOut(
            begins=each.slot.begin,
            ends=each.slot.end,
            free=each.free,
            waiting=each.waiting,
            bookable=each.bookable,
        )
        for some in found.values()
        for each in some
    ]


@router.get("/bookings", response=list[BookingOut], summary="Your bookings")
def mine(request: HttpRequest) -> list[BookingOut]:
    """Those of the party that you act for, the latest slot first."""
    return [_out(each) for each in queries.bookings_of(actor_of(request))]


@router.post("/bookings", response={201: list[BookingOut]}, summary="Book")
def book(request: HttpRequest, body: BookingIn) -> Status[list[BookingOut]]:
    """Book a slot or a series; what stands `on hold` is to be confirmed before `until`."""
    made = actions.book(
        body.resource,
        read_moment(body.begins),
        actor=actor_of(request),
        at=timezone.now(),
        lane=body.lane,
        units=body.units,
        weeks=body.weeks,
    )
    return Status(201, [_out(each) for each in made])


@router.post("/bookings/{number}/confirm", response=BookingOut, summary="Confirm a hold")
def confirm(request: HttpRequest, number: str) -> BookingOut:
    """A hold becomes a booking."""
    return _out(actions.confirm(number, actor=actor_of(request), at=timezone.now()))


@router.post("/bookings/{number}/cancel", response=BookingOut, summary="Cancel a booking")
def cancel(request: HttpRequest, number: str) -> BookingOut:
    """Give it back; who waits moves up."""
    return _out(actions.cancel(number, actor=actor_of(request), at=timezone.now()))


@router.post("/bookings/{number}/check-in", response=BookingOut, summary="Check in")
def check_in(request: HttpRequest, number: str) -> BookingOut:
    """Whoever booked is there and gets the number of the day; for officials of the place."""
    return _out(actions.check_in(number, actor=actor_of(request), at=timezone.now()))


@router.post("/resources/check-in", response=BookingOut, summary="Check in by a code or a plate")
def arrived(request: HttpRequest, body: ArrivedIn) -> BookingOut:
    """Whoever shows this QR code, or has this reference, is there; for officials of the place."""
    actor, at = actor_of(request), timezone.now()
    if body.code:
        found = queries.by_code(actor, body.code.replace("\0", "").rstrip("/").rpartition("/")[2])
    else:
        found = queries.by_reference(actor, body.resource, body.reference, at)
    if found is None:
        raise NotFound([checks.NOT_HERE])
    return _out(actions.check_in(found.number, actor=actor, at=at))


@router.post("/resources/call", response=BookingOut, summary="Call the next number")
def call(request: HttpRequest, body: CallIn, resource: _Code) -> BookingOut:
    """Call who is next to a counter; for officials of the place."""
    return _out(
        actions.call_next(resource, body.counter, actor=actor_of(request), at=timezone.now())
    )
