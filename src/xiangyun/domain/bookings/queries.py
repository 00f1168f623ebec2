"""Read bookings: what can be booked, what is free, whose bookings, who waits to be called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.ports import counting_calendar
from xiangyun.domain.cases.rows import hanging
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.together import Rows
from xiangyun.kernel.findings import NotFound
from xiangyun.kernel.occasion import booking as rules
from xiangyun.kernel.occasion.counters import COUNTER, code_of, counters, read_code
from xiangyun.kernel.occasion.openings import Extended, Slot, read_hours
from xiangyun.kernel.occasion.resource import Each, Resource
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.service.model import ServiceItem
from xiangyun.kernel.service.tasks.booking_book import read_reference
from xiangyun.kernel.worktime import office_hours, office_time

from . import checks, models
from .models import OPEN, Booking, key_of

OF_CASE = Rows(Booking, ("id",), of="case")

__all__ = [
    "OPEN",
    "Booking",
    "FreeSlot",
    "appointments",
    "bookings_of",
    "by_code",
    "by_number",
    "by_reference",
    "called",
    "code_of_one",
    "day_list",
    "each_of",
    "free_slots",
    "key_of",
    "names",
    "of_case",
    "others_in_use",
    "resource",
    "resources",
    "waiting_to_be_called",
]


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot as whoever books sees it: units that each lane can still take, and how many wait."""

    slot: Slot
    free: dict[str, int]
    waiting: int
    may_wait: bool
    bookable: bool

    @property
    def most(self) -> int:
        """What the luckiest lane can still take."""
        return max(self.free.values(), default=0)


def resources() -> list[Declaration]:
    """What can be booked now, by its code; without what each of many has."""
    found = (each for each in catalogue.declared("resource") if each.value.each is None)
    return sorted(found, key=lambda each: each.code)


def each_of(code: str) -> Each | None:
    """Who have one each of a declared resource, None for what there is once, or nobody declares."""
    found = _declared(code)
    return found.each if found is not None else None


def code_of_one(code: str, whose: str) -> str:
    """The code of the resource that one of many has."""
    return f"{code}@{whose}"


def resource(code: str) -> Resource:
    """The resource of a code, that of one of many who have one each, or the counters of a service
    that takes appointments.

    Raises NotFound `booking.E023`.
    """
    counter = read_code(code)
    found = (_counters(*counter) if counter else None) or _declared(code) or _of_one(code)
    if found is None or found.each is not None:
        raise NotFound([checks.no_resource(code)])
    return found


def _declared(code: str) -> Resource | None:
    with acting_as(SYSTEM):
        found = catalogue.declaration("resource", code)
    return found.value if found is not None else None


def _of_one(code: str) -> Resource | None:
    base, _, whose = code.rpartition("@")
    declared = _declared(base) if base and "\0" not in code else None
    if declared is None or declared.each is None:
        return None
    with acting_as(SYSTEM):
        page = registers.search(declared.each.register, filters={declared.each.by: whose})
        # Who has taken back what it offered keeps what was booked.
        if not page.states and not models.Slot.objects.filter(resource=code).exists():
            return None
    divisions_of = [state.division for state in page.states]
    held = [state.data or {} for state in page.states]
    return declared.of(whose, held, next(iter(divisions_of), int(declared.division)))


def _counters(service: str, division: int) -> Resource | None:
    version = None if "\0" in service else catalogue.offered(service)
    if version is None or not divisions.is_there(division):
        return None
    item = catalogue.pack(version.pk).service
    at = divisions.at_level(division, int(item.level))
    if not item.appointment or at is None or at.code != division:
        return None
    return counters(item.name, division, office_hours(), item.department)


def version_of(code: str) -> int:
    """The version of the declaration that a resource stands in."""
    if counter := read_code(code):
        found = catalogue.offered(counter[0])
        return found.number if found else 0
    return catalogue.declared_version("resource", code.partition("@")[0])


def appointments(service: ServiceItem, code: str, division: int) -> str | None:
    """What is booked for a visit to the counters of a service around a place; None for nothing.

    A resource `counter` of the service's own pack comes before the usual counters.
    """
    at = divisions.at_level(division, int(service.level)) if service.appointment else None
    if at is None:
        return None
    own = f"{code}:{COUNTER}"
    return code_of(code, at.code) if _declared(own) is None else own


def others_in_use(actor: Actor) -> list[tuple[str, Resource]]:
    """What has no declaration of its own, counters and what each of many has, and is booked as far
    as the actor may see."""
    with acting_as(actor):
        found = Booking.objects.filter(resource__contains="@", state__in=(*OPEN, "checked in"))
        codes = sorted(set(found.values_list("resource", flat=True)))
    return list(known(codes).items())


def known(codes: Iterable[str]) -> dict[str, Resource]:
    """Those of some resources that can be booked still, by their codes."""
    wanted, found = set(codes), dict[str, Resource]()
    declared: dict[str, Resource] = {each.code: each.value for each in resources()}
    for code in wanted:
        with suppress(NotFound):
            found[code] = declared[code] if code in declared else resource(code)
    return found


def book_of(
    code: str, declared: Resource, bookings: Iterable[Booking], since: date | None = None
) -> rules.Book:
    """The kernel's book with these rows in it; `since`: extended hours that end before are left."""
    extended = models.Extension.objects.filter(resource=code)
    if since is not None:
        extended = extended.filter(last__gte=since)
    return rules.Book(
        declared,
        counting_calendar(),
        tuple(_ruled(each, declared) for each in bookings),
        tuple(
            Extended(each.first, each.last, read_hours(each.hours) or ())
            for each in extended.order_by("pk")
        ),
    )


def free_slots(code: str, first: date, days: int, *, at: datetime) -> dict[date, list[FreeSlot]]:
    """The slots of some days with what is free, counted for everybody. Raises NotFound."""
    declared = resource(code)
    begin = timezone.make_aware(datetime.combine(first, time()))
    with acting_as(SYSTEM):
        rows = Booking.objects.filter(
            resource=code, slot__begins__gte=begin, slot__begins__lt=begin + timedelta(days=days)
        )
        taken = rows.filter(state__in=(*rules.TAKING, "waiting")).select_related("slot")
        book = book_of(code, declared, taken.order_by("pk"), first).passed(office_time(at))
    found: dict[date, list[FreeSlot]] = {}
    for day in (first + timedelta(days=n) for n in range(days)):
        noon = office_time(timezone.make_aware(datetime.combine(day, time(12))))
        found[day] = [_free(book, slot, at) for slot in book.slots(noon)]
    return found


def _free(book: rules.Book, slot: Slot, at: datetime) -> FreeSlot:
    waiting = sum(
        each.state == "waiting" and rules.same(each.slot.begin, slot.begin)
        for each in book.bookings
    )
    declared = book.resource
    return FreeSlot(
        slot,
        {lane.id: book.free(slot, lane.id) for lane in declared.lanes},
        waiting,
        waiting < declared.waiting,
        slot.begin - declared.opens <= at <= slot.begin - declared.closes and slot.begin > at,
    )


def bookings_of(actor: Actor, most: int = 200) -> list[Booking]:
    """The bookings of the party acted for, the latest slot first."""
    with acting_as(actor):
        mine = Booking.objects.filter(party__in=actor.subjects).select_related("slot")
        return list(mine.order_by("-slot__begins", "-pk")[:most])


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The bookings of the party acted for."""
    for found in bookings_of(actor, most=10_000):
        told = {
            "resource": found.resource,
            "begins": found.slot.begins,
            "units": found.units,
            "state": found.state,
            "made_at": found.made_at,
        }
        yield f"bookings/{found.pk}.json", told


def by_number(actor: Actor, number: str) -> Booking | None:
    """A booking by its number, if the actor may see it."""
    with acting_as(actor):
        return Booking.objects.select_related("slot").filter(pk=key_of(number)).first()


def by_code(actor: Actor, code: str) -> Booking | None:
    """A booking by what stands in its QR code, if the actor may see it."""
    with acting_as(actor):
        return Booking.objects.select_related("slot").filter(code=code.strip()).first()


def by_reference(actor: Actor, code: str, text: str, at: datetime) -> Booking | None:
    """A booking of a resource by what finds it at the door, such as a plate: of several open ones
    that whose slot is nearest; if the actor may see it."""
    wanted = read_reference(text)
    if not wanted:
        return None
    with acting_as(actor):
        rows = Booking.objects.select_related("slot").filter(resource=code, reference=wanted)
        found = list(rows.filter(state__in=(*OPEN, "checked in", "no-show")).order_by("-pk")[:50])
    return min(found, key=lambda each: abs(each.slot.begins - at), default=None)


def of_case(actor: Actor, case: UUID) -> list[Booking]:
    """What a case has booked and not given back, if the actor may see it."""
    with acting_as(actor):
        rows = [row for row in hanging(case, Booking) if row.state not in ("cancelled", "expired")]
        prefetch_related_objects(rows[:20], "slot")
    return rows[:20]


def day_list(actor: Actor, code: str, day: date, most: int = 500) -> list[Booking]:
    """The bookings of a day as an official of its place sees them, in order."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    with acting_as(actor):
        rows = Booking.objects.select_related("slot").filter(
            resource=code, slot__begins__gte=begin, slot__begins__lt=begin + timedelta(days=1)
        )
        return list(rows.order_by("slot__begins", "pk")[:most])


def waiting_to_be_called(actor: Actor, code: str, day: date) -> list[Booking]:
    """Who has checked in on a day and was not called yet: by lane, then by the number."""
    declared = resource(code)
    order = {lane.id: lane.priority for lane in declared.lanes}
    rows = [
        each
        for each in day_list(actor, code, day)
        if each.state == "checked in" and each.called_at is None
    ]
    return sorted(rows, key=lambda each: (order.get(each.lane, 0), each.queue or 0))


def called(code: str, day: date, most: int = 6) -> list[tuple[int, str]]:
    """The numbers called last on a day, each with its counter; for the screen everybody sees."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    with acting_as(SYSTEM):
        rows = Booking.objects.filter(
            resource=code,
            queue__isnull=False,
            called_at__gte=begin,
            called_at__lt=begin + timedelta(days=1),
        )
        some = rows.order_by("-called_at", "-pk").values_list("queue", "counter")
        return [(int(number or 0), counter) for number, counter in some[:most]]


def names(bookings: Iterable[Booking]) -> dict[UUID, str]:
    """The names of those who have these bookings; for pages of officials of the place."""
    with acting_as(SYSTEM):
        return parties.names({each.party for each in bookings})


def _ruled(row: Booking, declared: Resource) -> rules.Booking:
    """A row as the rules know it; one of a lane that is declared no more is of the first."""
    lane = declared.lane(row.lane) or declared.lanes[0]
    slot = Slot(office_time(row.slot.begins), office_time(row.slot.ends))
    until = office_time(row.until) if row.until else None
    state: rules.State = row.state  # type: ignore[assignment]
    return rules.Booking(
        row.pk, str(row.party), lane.id, slot, row.units, state, until, row.case is not None
    )
