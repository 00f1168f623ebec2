"""The rows that hang on one case, each kind asked for once while a page is read.

As whoever acts may see them, and masked as whoever acts reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from xiangyun.domain.accounts.access import acting
from xiangyun.domain.cases.models import Case, CaseParty, Decision, Kind, ServiceCall, WorkItem
from xiangyun.domain.reading import once
from xiangyun.domain.vault.sealing import is_masking

Row = TypeVar("Row")


def items_of(case: Case) -> list[WorkItem]:
    """Its tasks, open and done, in the order in which they opened."""
    return _once(case, WorkItem, lambda: list(case.work_items.order_by("opened_at", "id")))


def open_items(case: Case) -> list[WorkItem]:
    """Those of its tasks that wait, in the order in which they opened."""
    return [each for each in items_of(case) if each.closed_at is None]


def drawn_items(case: Case) -> list[WorkItem]:
    """The tasks of the drawing, done and open, without what the platform asks beside them."""
    return [each for each in items_of(case) if each.kind != Kind.EXTENSION]


def decisions_of(case: Case) -> list[Decision]:
    """The decisions the rules took, the latest first, each with its trace and findings."""
    return _once(case, Decision, lambda: list(case.decisions.order_by("-pk")))


def service_calls_of(case: Case) -> list[ServiceCall]:
    """Work handed to other departments, with their answers."""
    return _once(case, ServiceCall, lambda: list(case.service_calls.order_by("pk")))


def parties_in(case: Case) -> list[CaseParty]:
    """The parties of a case besides the one that applied, in the order of their roles."""
    return _once(case, CaseParty, lambda: list(case.parties.order_by("role", "pk")))


def _once(case: Case, kind: type[Any], ask: Callable[[], list[Row]]) -> list[Row]:
    actor = acting()
    return once((kind, case.pk, actor.told if actor else None, is_masking()), ask)
