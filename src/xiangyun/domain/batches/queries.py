"""Read batches: how far one is, and what became of each task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.findings import Text

from .choosing import MOST, Chosen, Offer, offers
from .models import Batch, Item, State

__all__ = ["MOST", "Chosen", "Line", "Offer", "Progress", "offers", "progress", "recent"]


@dataclass(frozen=True, slots=True)
class Line:
    """A task of a batch: its case, and what became of it."""

    case: UUID
    number: str
    subject: str
    state: str
    said: Text | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch with its lines, and how many are done, refused and waiting."""

    id: UUID
    words: Text
    note: str
    at: datetime
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        return sum(line.state == State.DONE for line in self.lines)

    @property
    def refused(self) -> int:
        return sum(line.state == State.REFUSED for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.state == State.WAITING for line in self.lines)


def progress(actor: Actor, batch_id: UUID) -> Progress:
    """How far a batch of one's own is. Raises `Batch.DoesNotExist` for any other."""
    if actor.account is None:
        raise Batch.DoesNotExist
    batch = Batch.objects.get(pk=batch_id, account=actor.account)
    items = Item.objects.filter(batch=batch).select_related("case").order_by("place")
    shown = items.only("state", "said", "case__number", "case__subject")
    lines = tuple(
        Line(
            item.case_id,
            item.case.number,
            item.case.subject,
            item.state,
            Text.from_json(item.said) if item.said else None,
        )
        for item in shown
    )
    return Progress(batch.pk, Text.from_json(batch.words), batch.note, batch.at, lines)


def recent(actor: Actor, limit: int = 20) -> list[Batch]:
    """The batches that one began, the latest first."""
    if actor.account is None:
        return []
    return list(Batch.objects.filter(account=actor.account).order_by("-at")[:limit])
