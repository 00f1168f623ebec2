"""Who may see drafts of packs and write them: authors and publishers, by their mandates."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.catalogue.drafts import must_write, publishes, writes

__all__ = ["must_write", "publishes", "works_here", "writes"]


def works_here(actor: Actor) -> bool:
    """Whether the studio is in somebody's navigation."""
    return writes(actor)
