"""Bookings as calendars take them: one's own, and what is on for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.findings import Text
from xiangyun.kernel.language import Language
from xiangyun.kernel.occasion.booking import state_words
from xiangyun.kernel.service.calendarfile import Appointment, calendar_file

from . import queries
from .models import Booking

PROGRAMME = 31
"""For so many days a programme tells what is on."""
_GONE = ("cancelled", "expired")


def appointments(actor: Actor, language: Language) -> list[Appointment]:
    """The bookings of an actor, as they stand in his calendar."""
    return _appointments(queries.bookings_of(actor), language)


def file_of(booking: Booking, language: Language) -> str:
    """A booking as a file."""
    return calendar_file(_appointments([booking], language))


def _appointments(rows: Iterable[Booking], language: Language) -> list[Appointment]:
    rows = list(rows)
    names = {code: each.name for code, each in queries.known(r.resource for r in rows).items()}
    return [_appointment(each, names, language) for each in rows]


def _appointment(row: Booking, names: dict[str, Text], language: Language) -> Appointment:
    name = names.get(row.resource) or Text.given(row.resource, row.resource)
    state = state_words(row.state)
    return Appointment(
        uid=f"{row.number}@{_host()}",
        sequence=row.sequence,
        changed_at=row.changed_at,
        title=name.pick(language),
        body=Text("{number}，{state}", "{number}, {state}", number=row.number, state=state).pick(
            language
        ),
        url=f"{settings.PUBLIC_URL.rstrip('/')}/bookings/mine/",
        starts=row.slot.begins,
        ends=row.slot.ends,
        cancelled=row.state in _GONE,
    )


def programme(code: str, language: Language, *, at: datetime) -> str:
    """What a resource offers in the coming days, for everybody; free units are told.

    Raises NotFound `booking.E023`.
    """
    declared = queries.resource(code)
    days = queries.free_slots(code, timezone.localdate(at), PROGRAMME, at=at)
    name = declared.name.pick(language)
    return calendar_file(
        [
            Appointment(
                uid=f"{code.replace('/', '.')}.{each.slot.begin:%Y%m%dT%H%M%z}@{_host()}",
                sequence=0,
                changed_at=at,
                title=name,
                body=Text("空余 {n}", "{n} free", n=each.most).pick(language),
                url=f"{settings.PUBLIC_URL.rstrip('/')}/bookings/of/{code}/",
                starts=each.slot.begin,
                ends=each.slot.end,
            )
            for slots in days.values()
            for each in slots
            if each.slot.end > at
        ],
        name,
    )


def _host() -> str:
    return str(settings.PUBLIC_URL).partition("://")[2].partition("/")[0] or "xiangyun"
