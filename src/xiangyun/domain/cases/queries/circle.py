"""What is told of cases that only their handlers may know: lines without names, and handlers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from xiangyun.domain.cases import clock
from xiangyun.domain.cases.models import Case, Handler
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.findings import Text

MOST = 50
"""Lines at once: what is taken leaves the list, and what is due first stands first."""


@dataclass(frozen=True, slots=True)
class UntakenRow:
    """Open work that nobody has taken: of which service, where, until when; and nothing else."""

    item: int
    service: Text
    place: Text
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OverseenRow:
    """A case that an overseer may look at for a reason; the same, and nothing else."""

    case_id: UUID
    service: Text
    place: Text
    due_on: date | None


def untaken() -> list[UntakenRow]:
    """What whoever asks may take over, the first due first."""
    return [
        UntakenRow(item, _service(version), divisions.division(place).words, _due(due_on))
        for item, version, place, due_on, _ in _rows("xiangyun_untaken")
    ]


def overseen() -> list[OverseenRow]:
    """The cases under way that whoever asks may look at as an overseer."""
    return [
        OverseenRow(ident, _service(version), divisions.division(place).words, _due(due_on))
        for ident, version, place, due_on in _rows("xiangyun_overseen")
    ]


def handlers_of(case: Case) -> list[Handler]:
    """Who knows of a case, or knew of it, in the order in which they came to."""
    return list(Handler.objects.filter(case=case).order_by("since", "id"))


def _rows(function: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s)", [MOST])
        return list(cursor.fetchall())


def _service(version: UUID) -> Text:
    return catalogue.pack(version).service.name


def _due(due_on: date) -> date | None:
    return None if due_on == clock.NEVER else due_on
