"""Does a service take this application? Asked when it is begun and again when it is sent.

What holds is what the service says now, in its current version: one that was suspended or taken off
the catalogue meanwhile takes no application that was begun before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

from xiangyun.domain.accounts import checks as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, MandateHeld, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.parties import queries as parties
from xiangyun.kernel.findings import Conflict, Finding, Forbidden, Text
from xiangyun.kernel.pack import ServiceItem
from xiangyun.kernel.service import admission
from xiangyun.kernel.service.openings import APPLICANT

from .models import Draft

_REFUSED = "XY004"
"""What the database says of an application that its service does not take."""
_NOT_OFFERED = Finding(
    "service.E001",
    "error",
    Text("这个事项已不再受理。", "This service takes no applications any more."),
    hint=Text(
        "填写的内容还在；请在首页查找现在办理的事项。",
        "What you filled in is kept; look for a service of today on the first page.",
    ),
)


def refuse_unless_taken(draft: Draft, at: datetime) -> None:
    """Raise `Conflict` with every reason why the service does not take the application."""
    current = catalogue.offered(catalogue.service_of(draft.version_id))
    if current is None:
        raise Conflict([_NOT_OFFERED])
    item = catalogue.pack(current.pk).service
    if draft.opened != APPLICANT:
        if found := admission.not_opened(item, draft.opened, timezone.localdate(at)):
            raise Conflict(found)
        return
    found = admission.refusals(
        item,
        on=timezone.localdate(at),
        applicant=_applicant(draft.owner),
        desk=_desk(draft),
    )
    if found:
        raise Conflict(found)


def stops(item: ServiceItem, actor: Actor, at: datetime) -> list[Finding]:
    """Why the actor cannot apply by itself, before anything is begun; nothing where it can.

    Of somebody unknown the platform cannot say whether the service is for such applicants.
    """
    who = _applicant(actor.subject) if actor.subject else item.applicants[0]
    return admission.refusals(item, on=timezone.localdate(at), applicant=who, desk="online")


def desk_that_files(item: ServiceItem, actor: Actor, owner: UUID, at: datetime) -> MandateHeld:
    """The desk of the actor's at which it files for the party `owner`: one that the service takes.

    Raises `Forbidden` for an actor without any desk, `Conflict` with every reason where the
    service takes the application at none of them.
    """
    desks = [mandate for mandate in actor.mandates if mandate.role == "desk"]
    if not desks:
        raise Forbidden([accounts.without_role("desk")])
    day, who = timezone.localdate(at), _applicant(owner)
    reasons: list[Finding] = []
    for desk in desks:
        here = _desk_in(desk.division)
        found = admission.refusals(item, on=day, applicant=who, desk=here)
        if not found:
            return desk
        reasons = reasons or found
    raise Conflict(reasons)


@contextmanager
def held() -> Iterator[None]:
    """What the database refuses within as `refuse_unless_taken` does, told in the same way.

    It looks again when an application is written: a service may be suspended between both.
    Encloses a transaction of its own.
    """
    try:
        yield
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != _REFUSED:
            raise
        raise Conflict([_NOT_OFFERED]) from error


def _applicant(owner: UUID) -> str:
    with acting_as(SYSTEM):  # a desk need not see the party it files for
        party = parties.party(owner)
    return admission.applicant_kind(party.kind == "person", party.code)


def _desk(draft: Draft) -> admission.Desk:
    return "online" if draft.filed_in is None else _desk_in(draft.filed_in)


def _desk_in(division: int) -> admission.Desk:
    return admission.desk_at(divisions.division(division).level)
