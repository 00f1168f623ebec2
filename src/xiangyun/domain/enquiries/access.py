"""Who answers a question about a case."""

from __future__ import annotations

from django.db.models import Q

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import general

from .models import Enquiry


def may_answer(actor: Actor, enquiry: Enquiry) -> bool:
    """Whether an official holds the role that answers, in the place of the case."""
    return actor.holds(enquiry.role, enquiry.place)


def within(actor: Actor) -> Q:
    """The questions that the mandates of an official let him answer."""
    found = Q(pk__in=[])
    for mandate in actor.mandates:
        role = Q(role=mandate.role)
        if mandate.is_across:
            plain = general(mandate.role)
            role |= Q(role=plain) | Q(role__startswith=f"{plain}:")
        found |= Q(place__range=(mandate.low, mandate.high)) & role
    return found
