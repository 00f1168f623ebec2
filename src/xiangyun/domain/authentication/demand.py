"""Whether an account needs a second factor now, later or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as

from .models import Grace
from .queries import factors


@dataclass(frozen=True, slots=True)
class Demand:
    """What stands between a right password and being logged in.

    `ask`: a second factor is there and is asked for. `add`: there is none and one has to be added
    first. `until`: there is none, and from this moment on one has to be added.
    """

    ask: bool = False
    add: bool = False
    until: datetime | None = None


def demanded_of_officials() -> bool:
    """Whether officials must have a second factor on this instance."""
    return bool(settings.SECOND_FACTOR == "required")


def demand(actor: Actor, at: datetime) -> Demand:
    """What is demanded of somebody whose password was right.

    An official who was here before second factors were has a grace of so many days, which begins
    with the first call of this function for the account; who came later has none.
    """
    if actor.account is None:
        return Demand()
    with acting_as(SYSTEM):
        if factors(actor.account).any:
            return Demand(ask=True)
        if not actor.is_official or not demanded_of_officials():
            return Demand()
        grace = Grace.objects.filter(pk=actor.account).first()
        if grace is None:
            return Demand(add=True)
        if grace.since is None:
            grace.since = at
            grace.save(update_fields=["since"])
        until = grace.since + timedelta(days=settings.SECOND_FACTOR_GRACE)
        return Demand(until=until) if at < until else Demand(add=True)
