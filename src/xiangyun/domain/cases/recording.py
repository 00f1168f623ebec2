"""What the journal says of a case: whose it is, where it lies, and who may read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from xiangyun.domain.journal import actions as journal

from . import sealing
from .models import Case

ARCHIVED = "case.archived"
"""The verb of a case whose rows moved to a file; see the app `archive`."""


def about(
    case: Case,
    verb: str,
    *,
    actor: UUID | None,
    actor_name: str,
    desk: str,
    at: datetime,
    data: Mapping[str, Any],
    private: Mapping[str, Any] | None = None,
) -> journal.NewEntry:
    """An entry about a case. Of a sealed one it says nothing in public that came from outside."""
    if sealing.is_sealed(case):
        data, private = sealing.apart(verb, data, private)
    return journal.entry_of(
        verb=verb,
        subject=case.number,
        division=case.division,
        owner=case.owner,
        actor=actor,
        actor_name=actor_name,
        desk=desk,
        at=at,
        data=data,
        private=private or {},
        matter=case.matter,
        need=case.need,
    )
