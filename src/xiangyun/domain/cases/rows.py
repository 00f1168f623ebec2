"""The rows that hang on one case; while a page is read, those of all kinds by one statement.

As whoever acts may see them, and masked as whoever acts reads them.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils.module_loading import import_string

from xiangyun import manifest
from xiangyun.domain.accounts.access import acting
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.reading import forget, is_reading, once
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

Row = TypeVar("Row", bound=Model)
_OWN: dict[type[Any], Rows] = {
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


def entries_of(case: Case) -> list[journal.Entry]:
    """What the journal has of it, in order, as far as whoever acts may read it."""
    return list(once(_entries_key(case), lambda: journal.history(case.number)))


def forget_entries(case: Case) -> None:
    """Read them anew: one was written while a page is read, such as that somebody looked."""
    forget(_entries_key(case))


def _entries_key(case: Case) -> Hashable:
    return entries_of, case.number, _asker()


def hanging(case: UUID, kind: type[Row]) -> list[Row]:
    """The rows of an app that its manifest says hang on a case (`of_case`), in their order."""
    if not is_reading():
        return list(together([_kinds()[kind]], case)[0])
    return list(once((hanging, case, _asker()), lambda: _all(case))[kind])


def _rows(case: Case, kind: type[Any]) -> list[Any]:
    rows = hanging(case.pk, kind)
    for row in rows:
        if not isinstance(row, Material):
            row.case = case
    return rows


def _all(case: UUID) -> dict[type[Any], list[Any]]:
    return dict(zip(_kinds(), together(tuple(_kinds().values()), case), strict=True))


def _asker() -> Hashable:
    """Who asks: row-level security and masks decide what there is."""
    actor = acting()
    return actor.told if actor else None, is_masking()


@cache
def _kinds() -> dict[type[Any], Rows]:
    """What hangs on a case: of this app, and of those that say so."""
    named = (app.manifest.of_case for app in manifest.apps() if app.manifest.of_case)
    others = (import_string(each.replace(":", ".")) for each in named)
    return _OWN | {rows.model: rows for rows in others}
