"""Who may see how the instance is."""

from __future__ import annotations

from xiangyun.domain.accounts.access import Actor

OPERATOR = "operator"


def is_operator(actor: Actor) -> bool:
    """Whether somebody runs the instance."""
    return any(mandate.role == OPERATOR for mandate in actor.mandates)
