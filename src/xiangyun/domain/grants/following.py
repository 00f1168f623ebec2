"""Grants follow organisations that were joined: whose records are looked at, and who looks."""

from __future__ import annotations

from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.succession import Succession

from . import actions
from .models import Grant


def succeed(happened: Succession) -> int:
    """Grants of an organisation, or to it, that go on for the one it was joined with; how many.

    Nothing follows from a death: only organisations give and hold grants.
    """
    if happened.what != "party" or not isinstance(happened.new, UUID):
        return 0
    by = Actor(name=happened.by_name or SYSTEM.name, kind="system", account=happened.by)
    followed = 0
    with acting_as(SYSTEM):
        for side in ("company", "bank"):
            for grant in Grant.objects.filter(**{side: happened.party}):
                setattr(grant, side, happened.new)
                grant.save(update_fields=[side])
                actions.note("grant.followed", grant, by, happened.at, happened.told)
                followed += 1
    return followed
