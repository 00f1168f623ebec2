"""Who orders, reveals and changes draws: whoever holds the role that `draws.yaml` names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.roles import spelled
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers.queries import used
from xiangyun.kernel.codes import department
from xiangyun.kernel.findings import Finding, Forbidden, Text
from xiangyun.kernel.occasion.draws import DeclaredDraw
from xiangyun.kernel.pack.kind import Declaration

PROVINCE: Final = 220000000000
"""Where what belongs to no county lies; draws of a whole register do."""


def places(actor: Actor, declared: DeclaredDraw) -> list[tuple[int, int]]:
    """The ranges of divisions in which an official draws so, the widest first; none: not at all.

    A mandate that is narrowed to a department draws from the registers of that department.
    """
    held = declared.orders
    narrowed = spelled(held, department.spelled(used(declared.frame.register).department))
    found = {(m.low, m.high) for m in actor.mandates if m.gives(held) or m.gives(narrowed)}
    return sorted(found, key=lambda range_: range_[0] - range_[1])


def ordered_by(actor: Actor) -> list[Declaration]:
    """The declared draws that an official orders."""
    if not actor.mandates:
        return []
    with acting_as(SYSTEM):
        return [each for each in catalogue.declared("draw") if places(actor, each.value)]


def orders_some(actor: Actor) -> bool:
    """Whether an official orders any draws: the entry of the navigation asks."""
    return bool(ordered_by(actor))


def place_of(actor: Actor, declaration: Declaration) -> tuple[int, int] | None:
    """Where an actor draws so; None for everywhere, which is the platform's own.

    Raises Forbidden `draw.E012` for whoever lacks the role.
    """
    if actor.kind == SYSTEM.kind:
        return None
    if found := places(actor, declaration.value):
        return found[0]
    raise Forbidden([_not_his(declaration)])


def sees(actor: Actor, declaration: Declaration, order: Mapping[str, Any]) -> bool:
    """Whether an order lies in a place where an actor draws so.

    Raises Forbidden `draw.E012` for whoever lacks the role.
    """
    if place_of(actor, declaration) is None:
        return True
    place = int(order.get("place") or PROVINCE)
    return any(low <= place <= high for low, high in places(actor, declaration.value))


def _not_his(declaration: Declaration) -> Finding:
    return Finding(
        "draw.E012",
        "error",
        Text(
            "抽查“{name}”不归您管。",
            "The draw “{name}” is not yours to order.",
            name=declaration.name,
        ),
        hint=Text("请有这个角色的同事办理。", "Ask somebody who holds its role."),
    )
