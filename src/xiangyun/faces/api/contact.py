"""Where the applicant of a case is reached about it: read, and changed while the case runs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from xiangyun.domain.cases import access
from xiangyun.domain.contact import actions, queries

from .asking import actor_of

router = Router(tags=["contact"])


class ContactIn(Schema):
    """At least one of the three; an empty one: not by this."""

    telephone: str = Field(default="", max_length=1000)
    email: str = Field(default="", max_length=1000)
    address: str = Field(default="", max_length=1000)


class ContactOut(ContactIn):
    """What holds for this case alone; `at` is null where nobody has said anything inside it."""

    at: datetime | None = None


@router.get("/cases/{case_id}/contact", response=ContactOut)
def read_contact(request: HttpRequest, case_id: UUID) -> ContactOut:
    """Where the applicant is reached about this case, as those read it who see the case."""
    return _out(queries.of_case(access.case_for(actor_of(request), case_id).pk))


@router.put("/cases/{case_id}/contact", response=ContactOut)
def change_contact(request: HttpRequest, case_id: UUID, payload: ContactIn) -> ContactOut:
    """Say, as the applicant, where you are reached from now on; said again, nothing changes."""
    return _out(
        actions.change(
            case_id,
            telephone=payload.telephone,
            email=payload.email,
            address=payload.address,
            actor=actor_of(request),
            at=timezone.now(),
        )
    )


def _out(held: queries.CaseContact | None) -> ContactOut:
    if held is None:
        return ContactOut()
    return ContactOut(telephone=held.telephone, email=held.email, address=held.address, at=held.at)
