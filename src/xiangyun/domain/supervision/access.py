"""Who oversees a place, and who answers there."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.service.times import OVERSEER


def oversees_place(actor: Actor, place: int) -> bool:
    """Whether an official supervises whatever is done in a place."""
    return any(m.role == OVERSEER and m.low <= place <= m.high for m in actor.mandates)


def works_in(actor: Actor, place: int) -> bool:
    """Whether an official has any work in a place: one who does may answer for it."""
    return any(m.low <= place <= m.high for m in actor.mandates)
