"""For whom the account of a token may act: what may stand in the header `Xiangyun-Subject`."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from xiangyun.domain.accounts import representing

from .asking import actor_of
from .words import Words, words

router = Router(tags=["subjects"])


class SubjectOut(Schema):
    """A party that you may act for; in the matters of these departments, none for all."""

    party: UUID
    name: str
    kind: str
    matters: list[Words]
    until: date | None


@router.get("/subjects", response=list[SubjectOut])
def subjects(request: HttpRequest) -> list[SubjectOut]:
    """For whom you may act today, besides yourself."""
    return [
        SubjectOut(
            party=each.party,
            name=each.name,
            kind=each.kind,
            matters=[words(name) for name in each.matters],
            until=each.to_on,
        )
        for each in representing.choices(actor_of(request))
    ]
