"""Bookings follow parties that were joined, and departments that were merged."""

from __future__ import annotations

from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.succession import Succession

from .models import Booking


def succeed(happened: Succession) -> int:
    """Bookings that are another's from now on; how many."""
    if happened.what == "department":
        old, new = happened.numbers
        with acting_as(SYSTEM):
            return Booking.objects.filter(matter=old).update(matter=new)
    if happened.what != "party" or not isinstance(happened.new, UUID):
        return 0
    with acting_as(SYSTEM):
        return Booking.objects.filter(party=happened.party).update(party=happened.new)
