"""The rows that hang on one case; while a page is read, those of all kinds by one statement.

As whoever acts may see them, and masked as whoever acts reads them.
"""

from __future__ import annotations

from typing import Any

from xiangyun.domain.accounts.access import acting
from xiangyun.domain.reading import is_reading, once
from xiangyun.domain.together import Rows, together
from xiangyun.domain.vault.sealing import is_masking

from .models import (
    Case,
    CaseParty,
    Decision,
    Evidence,
    Kind,
    Letter,
    Material,
    Rating,
    ServiceCall,
    TaskAnswers,
    WorkItem,
)

_KINDS = {
    rows.model: rows
    for rows in (
        Rows(WorkItem, ("opened_at", "id")),
        Rows(Decision, ("-id",)),
        Rows(ServiceCall, ("id",)),
        Rows(Letter, ("-id",)),
        Rows(CaseParty, ("role", "id")),
        Rows(Evidence, ("added_at", "id")),
        Rows(TaskAnswers, ("id",)),
        Rows(Material, ("added_at", "id"), of="draft_id", without=("content",)),
        Rows(Rating, ("id",)),
    )
}


def items_of(case: Case) -> list[WorkItem]:
    """Its tasks, open and done, in the order in which they opened."""
    return _rows(case, WorkItem)


def open_items(case: Case) -> list[WorkItem]:
    """Those of its tasks that wait, in the order in which they opened."""
    return [each for each in items_of(case) if each.closed_at is None]


def drawn_items(case: Case) -> list[WorkItem]:
    """The tasks of the drawing, done and open, without what the platform asks beside them."""
    return [each for each in items_of(case) if each.kind != Kind.EXTENSION]


def decisions_of(case: Case) -> list[Decision]:
    """The decisions the rules took, the latest first, each with its trace and findings."""
    return _rows(case, Decision)


def service_calls_of(case: Case) -> list[ServiceCall]:
    """Work handed to other departments, with their answers."""
    return _rows(case, ServiceCall)


def letters_of(case: Case) -> list[Letter]:
    """What the office wrote, the latest first."""
    return _rows(case, Letter)


def parties_in(case: Case) -> list[CaseParty]:
    """The parties of a case besides the one that applied, in the order of their roles."""
    return _rows(case, CaseParty)


def evidence_of(case: Case) -> list[Evidence]:
    """The files of its tasks, in the order in which they came."""
    return _rows(case, Evidence)


def task_answers_of(case: Case) -> list[TaskAnswers]:
    """What the forms of its tasks were answered with."""
    return _rows(case, TaskAnswers)


def materials_of(case: Case) -> list[Material]:
    """The files handed in, without their content."""
    return _rows(case, Material)


def rating_of(case: Case) -> Rating | None:
    """The applicant's rating, or None."""
    return next(iter(_rows(case, Rating)), None)


def _rows(case: Case, kind: type[Any]) -> list[Any]:
    if not is_reading():
        return _with_case(case, together([_KINDS[kind]], case.pk)[0])
    actor = acting()
    asker = actor.told if actor else None, is_masking()
    found = once((_rows, case.pk, asker), lambda: _all(case))
    return list(found[kind])


def _all(case: Case) -> dict[type[Any], list[Any]]:
    found = together(tuple(_KINDS.values()), case.pk)
    return {kind: _with_case(case, rows) for kind, rows in zip(_KINDS, found, strict=True)}


def _with_case(case: Case, rows: list[Any]) -> list[Any]:
    for row in rows:
        if not isinstance(row, Material):
            row.case = case
    return rows
