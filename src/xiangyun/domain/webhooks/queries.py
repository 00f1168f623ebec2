"""One's own webhooks, and what became of their calls."""

from __future__ import annotations

from uuid import UUID

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.journal.ports import signer

from .models import Call, State, Webhook

__all__ = ["Call", "State", "Webhook", "calls", "key", "mine"]
SHOWN = 100
"""Calls that are listed, the latest first."""


def mine(actor: Actor) -> list[Webhook]:
    """The webhooks of the party acted for that stand, the latest first."""
    found = Webhook.objects.filter(owner__in=actor.subjects, ended_at=None)
    return list(found.order_by("-made_at"))


def calls(webhook: UUID, actor: Actor) -> list[Call]:
    """The latest calls of an own webhook. `Webhook.DoesNotExist` for a stranger."""
    found = Webhook.objects.get(pk=webhook, owner__in=actor.subjects)
    return list(found.calls.order_by("-at")[:SHOWN])


def key() -> tuple[str, str]:
    """The key that signs calls: its id, and the public key in PEM."""
    held = signer()
    return held.key_id, held.public_key_pem
