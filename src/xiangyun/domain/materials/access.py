"""Who checks a promise, and who is told of a paper that did not come."""

from __future__ import annotations

from django.db.models import Q

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import general

from .models import Substitute


def may_check(actor: Actor, found: Substitute) -> bool:
    """Whether an official holds the role that the service names, where the case lies."""
    return actor.holds(found.role, found.case.division)


def within(actor: Actor) -> Q:
    """What the mandates of an official let him check."""
    found = Q(pk__in=[])
    for mandate in actor.mandates:
        role = Q(role=mandate.role)
        if mandate.is_across:
            plain = general(mandate.role)
            role |= Q(role=plain) | Q(role__startswith=f"{plain}:")
        found |= Q(case__division__range=(mandate.low, mandate.high)) & role
    return found
