"""Who works at a resource: by its place, and by the department that it belongs to."""

from __future__ import annotations

from xiangyun.domain.accounts.access import MATTER, Actor


def manages(actor: Actor, division: int, matter: int) -> bool:
    """Whether somebody works at such a place in the matters of a department, or is the platform."""
    wanted = matter * MATTER + division
    return any(low <= wanted <= high for low, high in actor.matters) or any(
        low <= division <= high for low, high in actor.across
    )
