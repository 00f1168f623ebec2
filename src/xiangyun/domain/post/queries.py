"""Parcels of cases, and those that an office has to send."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q, QuerySet

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import access as case_access
from xiangyun.domain.cases import queries as cases

from .models import Parcel, State

__all__ = ["Parcel", "State", "may_ask", "of_case", "owned", "to_send", "waiting"]
_MEANINGS = ("granted",)


def of_case(case: UUID) -> list[Parcel]:
    """The parcels of a case, the latest first."""
    return list(Parcel.objects.filter(case=case).order_by("-asked_at"))


def may_ask(actor: Actor, case: cases.Case) -> bool:
    """Whether the actor may have the result of a case sent: it was granted, the service sends by
    post, and no parcel is on its way or there."""
    service = cases.pack_of(case).service
    if case.ended_at is None or case.need or not service.by_post:
        return False
    outcome = service.outcome(case.outcome)
    granted = outcome is not None and outcome.meaning in _MEANINGS
    sent = Parcel.objects.filter(case=case.pk).exclude(state=State.RETURNED).exists()
    return granted and not sent and case_access.is_applicant(actor, case)


def to_send(actor: Actor) -> QuerySet[Parcel]:
    """Parcels that wait to be posted in the places of an official, the oldest first."""
    within = Q(pk__in=[])
    for mandate in actor.mandates:
        within |= Q(place__range=(mandate.low, mandate.high))
    found = Parcel.objects.filter(within, state=State.ASKED)
    return found.select_related("case").order_by("asked_at")


def waiting(actor: Actor) -> int:
    """How many parcels wait to be posted by an official."""
    return to_send(actor).count() if actor.mandates else 0


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """The parcels of one's own cases, for a copy of all own data."""
    own = Parcel.objects.filter(case__owner__in=actor.subjects).select_related("case")
    found = [
        {
            "case": each.case.number,
            "recipient": each.recipient,
            "phone": each.phone,
            "address": each.address,
            "state": each.state,
            "number": each.number,
            "events": each.events,
        }
        for each in own.order_by("asked_at")
    ]
    if found:
        yield "parcels.json", found
