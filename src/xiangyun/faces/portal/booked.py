"""What a case has booked, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.bookings import queries as bookings
from xiangyun.faces.look.qr import qr_of
from xiangyun.kernel.findings import Text
from xiangyun.kernel.occasion.booking import state_words


@dataclass(frozen=True, slots=True)
class Slotted:
    """What a case has booked, with the code that is shown at the door until somebody is there."""

    number: str
    name: Text
    begins: datetime
    state: Text
    code: str


def booked(actor: Actor, case: UUID) -> list[Slotted]:
    """What a case has booked and not given back."""
    rows = bookings.of_case(actor, case)
    known = bookings.known(row.resource for row in rows)
    return [
        Slotted(
            row.number,
            known[row.resource].name
            if row.resource in known
            else Text.given(row.resource, row.resource),
            row.slot.begins,
            state_words(row.state),
            qr_of(reverse("booking-office:arriving", args=[row.code]))
            if row.state == "confirmed"
            else "",
        )
        for row in rows
    ]
