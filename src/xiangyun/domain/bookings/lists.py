"""Whole lists are booked at once; each line becomes the booking of the case that opens for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import NotFound
from xiangyun.kernel.occasion import booking as rules
from xiangyun.kernel.occasion.lists import book_list as book_lines
from xiangyun.kernel.occasion.lists import coming_slots
from xiangyun.kernel.pack.booked import book_by, lines_asked
from xiangyun.kernel.service.bookables import Asking, ListLine
from xiangyun.kernel.worktime import office_time, office_zone

from . import checks, engaging, queries, standing
from .models import Booking
from .rows import Asked, keep, locked, maker, noted, party_for, rows_of


def book_list(
    code: str,
    lines: Sequence[ListLine],
    begins: datetime,
    *,
    actor: Actor,
    at: datetime,
    party: UUID,
    case: Asked,
) -> list[Booking]:
    """Book every line of a list for a case, as confirmed, or none. Raises Refused with every wrong
    line, NotFound, Forbidden."""
    declared = queries.resource(code)
    book_by(declared, case.service)
    now, first = office_time(at), rules.moment_on(begins, office_zone())
    whom = party_for(actor, declared, party)
    with transaction.atomic(), acting_as(SYSTEM):
        empty = queries.book_of(code, declared, (), at.date())
        own_times = [rules.moment_on(each.begins, office_zone()) for each in lines if each.begins]
        wanted = {each.begin for each in coming_slots(empty, first, now)} | {
            each for each in own_times if any(s.begin == each for s in empty.slots(each))
        }
        slots = locked(code, declared, sorted(wanted))
        kept = rows_of(slots.values())
        missed = [
            e for e in standing.own_of(code, whom) if e.pk not in kept and e.state == "no-show"
        ]
        asking = Asking(
            case.service, standing.kind_of(whom), None, lambda code: standing.records(code, whom)
        )
        book_now = queries.book_of(code, declared, [*kept.values(), *missed], at.date())
        after, taken = book_lines(
            book_now, str(whom), lines_asked(declared, lines, asking), first, now
        )
        row_of = maker(code, declared, whom, actor, at, case)
        made = [
            row_of(each, slots[each.slot.begin.timestamp()], line.reference)
            for each, line in zip(taken, lines, strict=True)
        ]
        used = {each.slot_id: slots[each.slot.begins.timestamp()] for each in made}
        engaging.keep_free(code, declared, used.values())
        Booking.objects.bulk_create(made)
        new = {each.number for each in taken}
        keep(kept, [each for each in after.bookings if each.number not in new], at)
        journal.record_all(noted("booking.made", row, actor, at) for row in made)
    return made


def take(code: str, reference: str, *, party: UUID, of: UUID, case: UUID) -> Booking:
    """What one case booked by a list becomes another's, also where its time has passed meanwhile:
    then the gate sees so. Raises NotFound `booking.E021`."""
    with transaction.atomic(), acting_as(SYSTEM):
        rows = Booking.objects.select_for_update(of=("self",)).select_related("slot")
        own = rows.filter(resource=code, party=party, case=of, reference=reference)
        found = own.order_by("pk").first()
        if found is None:
            raise NotFound([checks.NOT_HERE])
        found.case = case
        found.save(update_fields=["case"])
    return found
