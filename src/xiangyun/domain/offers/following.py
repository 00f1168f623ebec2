"""Saved searches follow parties that were joined."""

from __future__ import annotations

from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.succession import Succession

from .models import Search


def succeed(happened: Succession) -> int:
    """Searches that are the joined party's from now on; how many."""
    if happened.what != "party" or not isinstance(happened.new, UUID):
        return 0
    with acting_as(SYSTEM):
        return Search.objects.filter(party=happened.party).update(party=happened.new)
