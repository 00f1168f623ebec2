"""What stands instead of papers: of a case, and what waits to be checked or to come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.certificates import queries as certificates
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.instead import CERTIFICATE, LATER, PROMISE, WAYS

from . import access
from .models import Substitute
from .offering import EarlierFile, Held, Offer, material_of, offer

__all__ = [
    "EarlierFile",
    "Held",
    "Offer",
    "Standing",
    "Substitute",
    "material_of",
    "of_case",
    "of_draft",
    "offer",
    "outstanding",
    "standing",
    "to_check",
    "to_follow",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that stands for a paper of a case, as it is now.

    `due` is the last day for a paper to come, or for a promise to be checked; None while nothing
    is due. `stands`: whether a certificate stands today; None for what is none.
    """

    row: Substitute
    name: Text
    way: Text
    due: date | None
    stands: bool | None


def of_case(case: cases.Case) -> list[Standing]:
    """All that stands for papers of a case, in the order in which it was chosen.

    Nothing is asked where the files of the case, which its pages read anyway, are all files.
    """
    if not any(each.instead for each in cases.materials_of(case)):
        return []
    today = timezone.localdate()
    rows = list(Substitute.objects.filter(case=case.pk).order_by("material__added_at"))
    for row in rows:
        row.case = case
    return [_standing(row, due_of(row), today) for row in rows]


def of_draft(draft: UUID) -> list[Standing]:
    """All that stands for papers of an application that is not sent: nothing of it is due yet."""
    today = timezone.localdate()
    rows = Substitute.objects.filter(case=draft).order_by("material__added_at")
    return [_standing(row, None, today) for row in rows]


def to_follow(case: cases.Case) -> list[Standing]:
    """The papers of a case that were to follow and did not come yet."""
    return [each for each in of_case(case) if each.row.way == LATER and not each.row.settled_at]


def to_check(actor: Actor) -> QuerySet[Substitute]:
    """Promises of ended cases that this official checks, those ended longest ago first."""
    found = Substitute.objects.filter(
        access.within(actor), way=PROMISE, settled_at=None, case__ended_at__isnull=False
    )
    return found.select_related("case", "material").order_by("case__ended_at")


def outstanding(actor: Actor) -> QuerySet[Substitute]:
    """Papers that were to follow to cases of this official's place, the oldest first."""
    found = Substitute.objects.filter(access.within(actor), way=LATER, settled_at=None)
    return found.select_related("case", "material").order_by("case__submitted_at")


def due_of(row: Substitute) -> date | None:
    """The last day for a paper to come, or for a promise to be checked; None: nothing is due."""
    if row.way == LATER:
        since = row.case.submitted_at
    elif row.way == PROMISE and row.case.ended_at:
        since = row.case.ended_at
    else:
        return None
    return timezone.localdate(since) + timedelta(days=row.days)


def standing(rows: Collection[Substitute]) -> list[Standing]:
    """Rows as they stand today."""
    today = timezone.localdate()
    return [_standing(row, due_of(row), today) for row in rows]


def _standing(row: Substitute, due: date | None, today: date) -> Standing:
    stands = None
    if row.way == CERTIFICATE:
        stands = certificates.standing(row.identifier, today).in_force
    return Standing(row, Text.given(row.name_zh, row.name_en), WAYS[row.way], due, stands)
