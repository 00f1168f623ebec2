"""Rows that two people work on: changed by the revision that was looked at, and journalled.

A draft of a pack and a sheet of a place live alike: whoever changes one names the revision he saw,
and who wrote it last does not agree to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal import actions as journal
from xiangyun.kernel.findings import Finding, NotFound

from .models import PackDraft, SheetVersion

Row = TypeVar("Row", PackDraft, SheetVersion)


class Authored(Protocol):
    """What was written by somebody."""

    author: UUID | None


def locked(rows: QuerySet[Row], id: UUID, none: Finding) -> Row:
    """The row to change, locked until the end of the transaction. Raises NotFound with `none`."""
    found = rows.select_for_update().filter(pk=id).first()
    if found is None:
        raise NotFound([none])
    return found


def is_own(row: Authored, actor: Actor) -> bool:
    """Whether somebody would agree to what he wrote himself; nobody in particular never agrees."""
    return actor.account is None or actor.account == row.author


def keep(
    row: Row,
    verb: str,
    actor: Actor,
    at: datetime,
    *,
    subject: str,
    division: int,
    role: str,
    data: Mapping[str, object],
    author: bool = False,
) -> Row:
    """Write the row as its next revision, with the journal's entry.

    `author`: the actor has written it; `role`: by which of his roles he acts.
    """
    row.revision += 1
    row.changed_at = at
    if author:
        row.author, row.author_name = actor.account, actor.name
    new = row._state.adding
    row.save(update_fields=None if new else type(row).privileges.update)
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject,
            division=division,
            owner=None,
            actor=actor.account,
            actor_name=actor.name,
            desk=next((each.desk for each in actor.mandates if each.role == role), ""),
            at=at,
            data=dict(data),
        )
    )
    return row
