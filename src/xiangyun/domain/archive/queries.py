"""Reads of the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, Sum

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.cases.queries import ARCHIVED
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.kernel.service.retention import Retention
from xiangyun.kernel.service.secrecy import SEALED

from . import volumes as files
from .models import State, Volume
from .ports import shelf

__all__ = ["ARCHIVED", "State", "Volume"]


def due(today: date, at_most: int) -> Iterator[tuple[Any, Retention]]:
    """Closed cases whose time online is over, the oldest first, with their terms.

    The terms are those of the version in force: a rule that changes holds for what is kept now. As
    the platform.
    """
    left, back = at_most, _back(today)
    for code, _, retention in catalogue.retained():
        if retention is None or left <= 0:
            continue
        for case in cases.ended_cases(code, retention, today, left + len(back)):
            if case.pk not in back and left > 0:
                left -= 1
                yield case, retention


def _back(today: date) -> set[UUID]:
    """The cases that were brought back and stay for now."""
    found = Volume.objects.filter(state=State.BACK, back_until__gt=today)
    return set(found.values_list("case", flat=True))


@dataclass(frozen=True, slots=True)
class Shelved:
    """What the archive holds of a service: files, bytes, those on the way, those past their term.

    `waiting`: closed cases that are due and have not moved.
    """

    service: str
    files: int
    bytes: int
    under_way: int
    past: int
    destroyed: int
    first: date | None


def by_service(today: date) -> list[Shelved]:
    """What the archive holds, by service; for the operator, and so without any number of a case."""
    with acting_as(SYSTEM):
        rows = (
            Volume.objects.values("service")
            .annotate(
                files=Count("pk", filter=Q(state=State.MOVED)),
                bytes=Sum("size", filter=Q(state=State.MOVED)),
                under_way=Count("pk", filter=Q(state=State.WRITTEN)),
                past=Count("pk", filter=Q(state=State.MOVED, kept_until__lte=today)),
                destroyed=Count("pk", filter=Q(state=State.DESTROYED)),
                first=Min("kept_until", filter=Q(state=State.MOVED)),
            )
            .order_by("service")
        )
        return [
            Shelved(
                row["service"],
                row["files"],
                row["bytes"] or 0,
                row["under_way"],
                row["past"],
                row["destroyed"],
                row["first"],
            )
            for row in rows
        ]


def volumes(after: str = "", limit: int = 200) -> list[Volume]:
    """The rows of the archive by number, as far as the asker sees them."""
    return list(Volume.objects.filter(number__gt=after).order_by("number")[:limit])


def own(actor: Actor) -> list[Volume]:
    """The archived cases of the party acted for, the newest first."""
    with acting_as(actor):
        found = Volume.objects.filter(owner__in=actor.subjects, state=State.MOVED)
        return list(found.order_by("-ended_on", "number")[:200])


def own_one(actor: Actor, case: UUID) -> Volume | None:
    """The archived case of the party acted for that had this id while it was online; None else."""
    with acting_as(actor):
        found = Volume.objects.filter(owner__in=actor.subjects, state=State.MOVED, case=case)
        return found.first()


def own_parts(volume: Volume) -> Mapping[str, bytes]:
    """What one's own archived case gives: its letters, decisions, receipt and files, by name.

    The file itself holds more: what others wrote and were written, and notes of officials. Nothing
    of a sealed case, and of a file that is lost.
    """
    content = shelf().get(volume.place) if volume.need < SEALED else None
    return files.own_parts(content) if content is not None else {}


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """One's own archived cases, for a copy of all own data, each in a folder of its number."""
    for volume in own(actor):
        for name, content in own_parts(volume).items():
            yield f"archive/{volume.number}/{name}", content
