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
from xiangyun.domain.planned import planned
from xiangyun.kernel.findings import Text

_Row = tuple[Any, ...]
"""The work item or the case, then the version of the service, the place and the deadline."""
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
    return [_untaken(row) for row in _asked("xiangyun_untaken", "item, NULL::uuid")]


def overseen() -> list[OverseenRow]:
    """The cases under way that whoever asks may look at as an overseer."""
    return [_overseen(row) for row in _asked("xiangyun_overseen", "NULL::bigint, id")]


def untaken_and_overseen() -> tuple[list[UntakenRow], list[OverseenRow]]:
    """Both, by one statement."""
    parts = [_select("xiangyun_untaken", "item, NULL"), _select("xiangyun_overseen", "NULL, id")]
    rows = _rows(" UNION ALL ".join(parts), [MOST, MOST])
    return (
        [_untaken(row) for row in rows if row[0] is not None],
        [_overseen(row) for row in rows if row[0] is None],
    )


def _asked(function: str, which: str) -> list[_Row]:
    return _rows(_select(function, which), [MOST])


def _select(function: str, which: str) -> str:
    return f"SELECT {which}, version, place, due_on FROM {function}(%s)"


def _rows(statement: str, values: list[int]) -> list[_Row]:
    with planned(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _untaken(row: _Row) -> UntakenRow:
    item, _, version, place, due_on = row
    return UntakenRow(item, _service(version), divisions.division(place).words, _due(due_on))


def _overseen(row: _Row) -> OverseenRow:
    _, ident, version, place, due_on = row
    return OverseenRow(ident, _service(version), divisions.division(place).words, _due(due_on))


def handlers_of(case: Case) -> list[Handler]:
    """Who knows of a case, or knew of it, in the order in which they came to."""
    return list(Handler.objects.filter(case=case).order_by("since", "id"))


def _service(version: UUID) -> Text:
    return catalogue.pack(version).service.name


def _due(due_on: date) -> date | None:
    return None if due_on == clock.NEVER else due_on
