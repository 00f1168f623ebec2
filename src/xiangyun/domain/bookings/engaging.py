"""When people are where: set by cases, and by bookings of what they attend; never twice at once.

Who changes somebody's time holds a lock on that person, taken in the order of the codes; so of two
at once the second finds what the first has set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.kernel.occasion.booking import TAKING
from xiangyun.kernel.occasion.engagement import Engaged, refuse_twice
from xiangyun.kernel.occasion.resource import Resource
from xiangyun.kernel.worktime import office_time

from . import queries
from .models import Booking, Engagement, Slot


def engage(
    people: Sequence[str], begins: datetime, ends: datetime, *, case: UUID, source: str
) -> None:
    """Set when people are there for a case, instead of what it had set before.

    Raises Conflict `booking.E040` where one of them is elsewhere, Refused `booking.E041` for a span
    that is none; what was set before stands then.
    """
    with transaction.atomic(), acting_as(SYSTEM):
        lock(people)
        Engagement.objects.filter(case=case).delete()
        refuse_twice(people, begins, ends, elsewhere(people, begins, ends))
        Engagement.objects.bulk_create(
            Engagement(person=each, begins=begins, ends=ends, case=case, source=source)
            for each in people
        )


def release(case: UUID) -> int:
    """Free the people of a case; how many it had engaged."""
    with acting_as(SYSTEM):
        return Engagement.objects.filter(case=case).delete()[0]


def keep_free(code: str, declared: Resource, slots: Iterable[Slot]) -> None:
    """Whoever attends a resource is nowhere else in slots of it that are booked now, and gets no
    other work there before this transaction ends. Raises Conflict `booking.E040`."""
    if not declared.people:
        return
    lock(declared.people)
    for slot in slots:
        span = office_time(slot.begins), office_time(slot.ends)
        refuse_twice(declared.people, *span, elsewhere(declared.people, *span, but=code))


def lock(people: Collection[str]) -> None:
    """Whoever else sets the time of these people waits for the end of this transaction."""
    with connection.cursor() as cursor:
        for each in sorted(set(people)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), 1)", [f"engaged:{each}"])


def elsewhere(
    people: Collection[str], begins: datetime, ends: datetime, but: str = ""
) -> Iterator[Engaged]:
    """Who of some people is engaged within a span, by cases and by bookings; `but`: of another
    resource than this."""
    found = Engagement.objects.filter(person__in=people, begins__lt=ends, ends__gt=begins)
    for each in found.order_by("begins", "person"):
        yield Engaged(each.person, office_time(each.begins), office_time(each.ends), each.source)
    attended = {
        each.code: [who for who in each.value.people if who in people]
        for each in queries.resources()
        if each.code != but
    }
    codes = [code for code, some in attended.items() if some]
    booked = Booking.objects.filter(
        resource__in=codes, state__in=TAKING, slot__begins__lt=ends, slot__ends__gt=begins
    )
    slots = booked.values_list("resource", "slot__begins", "slot__ends").distinct()
    for code, first, last in slots.order_by("slot__begins", "resource"):
        for person in attended[code]:
            yield Engaged(person, office_time(first), office_time(last), code)
