"""Orders follow parties that were joined, divisions and departments that were merged."""

from __future__ import annotations

from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.succession import Succession

from .models import Order, State


def succeed(happened: Succession) -> int:
    """Orders of the joined party, and open ones of the place or department; how many."""
    with acting_as(SYSTEM):
        if happened.what == "party" and isinstance(happened.new, UUID):
            return Order.objects.filter(payer=happened.party).update(payer=happened.new)
        if happened.what in ("division", "department"):
            old, new = happened.numbers
            field = "division" if happened.what == "division" else "matter"
            open_ = Order.objects.filter(state__in=(State.WAITING, State.PAID), **{field: old})
            return open_.update(**{field: new})
    return 0
