"""Verbs of bookings. Each locks the slots it changes, applies the rules of the kernel's `Book`, and
writes what became of every booking of those slots: also of others who move up.

The lock is one row per resource and slot: who comes first is served first, and however many come
at once, no unit is given twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.numbers import actions as numbers
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound
from xiangyun.kernel.occasion import booking as rules
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.pack.booked import book_by, extended
from xiangyun.kernel.worktime import office_time, office_zone

from . import access, checks, engaging, queries, standing
from .models import Booking, Extension, Slot
from .rows import Asked, alone, keep, locked, maker, note, party_for, rows_of


def book(
    code: str,
    begins: datetime,
    *,
    actor: Actor,
    at: datetime,
    lane: str = "",
    units: int = 1,
    weeks: int = 1,
    party: UUID | None = None,
    case: Asked | None = None,
    reference: str = "",
) -> list[Booking]:
    """Book a slot, or a series of one a week: all of them or none. A single one may wait.

    `begins`: without an offset a time of the office's clock. `party`: whom it is for, if not the
    party acted for; only the platform and officials of the place say so. `case`: the case that
    books, which is confirmed as soon as there are units, and counts for no limit of a party.
    `reference`: what finds it at the door. Raises NotFound, Forbidden, Refused, and
    Conflict `booking.E040` where somebody who attends it is elsewhere at that time.
    """
    declared = queries.resource(code)
    book_by(declared, case.service if case else "")
    whom = party_for(actor, declared, party)
    most = max(1, declared.series)
    times = weeks if 1 <= weeks <= most else most + 1  # so many the rules refuse
    begins_all = rules.weekly(rules.moment_on(begins, office_zone()), times)
    with transaction.atomic(), acting_as(SYSTEM):
        alone(code, declared, whom)
        slots = locked(code, declared, begins_all)
        engaging.keep_free(code, declared, slots.values())
        kept = rows_of(slots.values())
        own = [each for each in standing.own_of(code, whom) if each.pk not in kept]
        facts = standing.facts(declared, lane, whom, case.application if case else None)
        after, taken = queries.book_of(code, declared, [*kept.values(), *own], at.date()).book(
            str(whom), begins_all, office_time(at), lane, units, facts, limited=case is None
        )
        new = {each.number for each in taken}
        row_of = maker(code, declared, whom, actor, at, case)
        made = [row_of(each, slots[each.slot.begin.timestamp()], reference) for each in taken]
        for row in made:
            row.save(force_insert=True)
        keep(kept, [each for each in after.bookings if each.number not in new], at)
        for row in made:
            note("booking.made", row, actor, at)
    return made


def confirm(number: str, *, actor: Actor, at: datetime) -> Booking:
    """A hold becomes a booking. Raises NotFound `booking.E021`, Conflict."""
    return _turn(number, rules.Book.confirm, "booking.confirmed", actor, at)


def cancel(number: str, *, actor: Actor, at: datetime) -> Booking:
    """Give a booking back; who waits moves up. Raises NotFound `booking.E021`, Conflict."""
    return _turn(number, rules.Book.cancel, "booking.cancelled", actor, at)


def give_back(number: str, *, case: UUID, at: datetime) -> None:
    """A case gives its booking back; what can be cancelled no more, or is over, stays."""
    if _is_of(number, case):
        _turn(number, rules.Book.given_back, "booking.cancelled", SYSTEM, at)


def let_in(number: str, *, case: UUID, at: datetime) -> str:
    """Whoever booked for a case is let in: how the booking stands, which may be over already."""
    if not _is_of(number, case):
        return ""
    return _turn(number, rules.Book.arrived, "booking.checked_in", SYSTEM, at).state


_BECOMES = {
    "booking.confirmed": "confirmed",
    "booking.cancelled": "cancelled",
    "booking.checked_in": "checked in",
}


def _is_of(number: str, case: UUID) -> bool:
    with acting_as(SYSTEM):
        return Booking.objects.filter(pk=queries.key_of(number), case=case).exists()


def check_in(number: str, *, actor: Actor, at: datetime) -> Booking:
    """Whoever booked is there, and gets the next number of the slot's day, to be called by.

    By an official of the place, who sees that somebody came. Raises NotFound, Conflict.
    """
    return _turn(number, rules.Book.check_in, "booking.checked_in", actor, at, by_office=True)


def call_next(code: str, counter: str, *, actor: Actor, at: datetime) -> Booking:
    """Call who is next: by lane, then in the order of checking in. Raises Conflict `booking.E022`.

    Two counters that call at once call two.
    """
    declared = queries.resource(code)
    if not works_at(actor, declared):
        raise Forbidden([checks.NOT_HERE])
    with transaction.atomic(), acting_as(SYSTEM):
        today = timezone.localdate(at)
        for waiting in queries.waiting_to_be_called(SYSTEM, code, today):
            rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
            row = rows.filter(pk=waiting.pk, called_at=None).select_related("slot").first()
            if row is not None:
                row.called_at, row.counter = at, counter.replace("\0", "").strip()[:40]
                row.save(update_fields=["called_at", "counter"])
                note("booking.called", row, actor, at, {"queue": str(row.queue)})
                return row
    raise Conflict([checks.NOBODY_WAITS])


def extend(
    code: str,
    first: date,
    last: date,
    hours: str,
    *,
    actor: Actor,
    at: datetime,
    case: UUID | None = None,
) -> Extension:
    """Grant hours beside the usual ones, as far as the resource allows. Raises Refused."""
    declared = queries.resource(code)
    if not works_at(actor, declared):
        raise Forbidden([checks.NOT_HERE])
    with transaction.atomic(), acting_as(SYSTEM):
        queries.book_of(code, declared, (), first).extend(extended(first, last, hours))
        made = Extension.objects.create(
            resource=code, first=first, last=last, hours=hours,
            granted_at=at, granted_by=actor.name, case=case,
        )  # fmt: skip
        entry = journal.entry_of(
            verb="hours.extended", subject=f"resource:{code}", division=int(declared.division),
            owner=None, actor=actor.account, actor_name=actor.name,
            desk=actor.desk_in(int(declared.division)), at=at,
            data={"resource": code, "hours": hours, "first": first.isoformat(),
                  "last": last.isoformat()},
        )  # fmt: skip
        journal.record(entry)
    return made


def handles(actor: Actor, booking: Booking) -> bool:
    """Whether a booking is one of the office that somebody works at."""
    return access.manages(actor, booking.division, booking.matter)


def works_at(actor: Actor, declared: Resource) -> bool:
    """Whether somebody works at the place of a resource, in the matters of its department."""
    return access.manages(actor, int(declared.division), standing.matter_of(declared))


def time_passes(at: datetime) -> int:
    """Let holds expire, note who did not come, let others move up; how many slots were looked at.

    Each slot is a transaction of its own; done twice, the second finds nothing to do.
    """
    looked = 0
    resources: list[tuple[str, Resource]] = [(e.code, e.value) for e in queries.resources()]
    for code, declared in (*resources, *queries.others_in_use(SYSTEM)):
        with acting_as(SYSTEM):
            some = Booking.objects.filter(resource=code)
            due = some.filter(state="on hold", until__lte=at).values_list("slot", flat=True)
            slots = set(due)
            over = some.filter(state="waiting", slot__begins__lte=at)
            slots |= set(over.values_list("slot", flat=True))
            if declared.no_show is not None:
                late = at - declared.no_show.after
                missed = some.filter(state="confirmed", slot__begins__lte=late)
                slots |= set(missed.values_list("slot", flat=True))
        for slot in sorted(slots):
            with acting_as(SYSTEM):
                locked = Slot.objects.select_for_update().filter(pk=slot)
                kept = rows_of(locked)
                after = queries.book_of(code, declared, kept.values())
                keep(kept, after.passed(office_time(at)).bookings, at)
                looked += 1
    return looked


def _turn(
    number: str,
    verb: Callable[[rules.Book, int, datetime], rules.Book],
    noted: str,
    actor: Actor,
    at: datetime,
    *,
    by_office: bool = False,
) -> Booking:
    with transaction.atomic(), acting_as(SYSTEM):
        found = Booking.objects.filter(pk=queries.key_of(number)).first()
        allowed = found is not None and (
            access.manages(actor, found.division, found.matter)
            or (not by_office and actor.speaks_for(found.party))
        )
        if found is None or not allowed:
            raise NotFound([checks.NOT_HERE])
        declared = queries.resource(found.resource)
        kept = rows_of(Slot.objects.select_for_update().filter(pk=found.slot_id))
        before = kept[found.pk].state  # others may have turned it until now
        book_now = queries.book_of(found.resource, declared, kept.values())
        after = verb(book_now, found.pk, office_time(at))
        keep(kept, after.bookings, at)
        row = kept[found.pk]
        if row.state == before or row.state != _BECOMES[noted]:
            return row  # what was over, or done before, stays
        if noted == "booking.checked_in":
            day = timezone.localdate(row.slot.begins)
            row.queue = numbers.take(f"queue:{row.resource}:{day:%m%d}", day.year, row.division)
            row.save(update_fields=["queue"])
        note(noted, row, actor, at)
    return row
