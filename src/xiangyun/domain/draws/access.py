"""Who orders, reveals and changes draws: whoever holds the role that `draws.yaml` names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.roles import spelled
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.editions import remembered
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
    return _places(actor, roles_of(declared))


def roles_of(declared: DeclaredDraw) -> tuple[str, str]:
    """The role that orders a draw, in general and narrowed to the department of its register."""
    narrowed = department.spelled(used(declared.frame.register).department)
    return declared.orders, spelled(declared.orders, narrowed)


def _places(actor: Actor, roles: Iterable[str]) -> list[tuple[int, int]]:
    found = {(m.low, m.high) for m in actor.mandates if any(m.gives(role) for role in roles)}
    return sorted(found, key=lambda range_: range_[0] - range_[1])


def ordered_by(actor: Actor) -> list[Declaration]:
    """The declared draws that an official orders."""
    if not actor.mandates:
        return []
    return [each for each, roles in _with_roles() if _places(actor, roles)]


@remembered("catalogue", 1)
def _with_roles() -> tuple[tuple[Declaration, tuple[str, str]], ...]:
    with acting_as(SYSTEM):
        return tuple((each, roles_of(each.value)) for each in catalogue.declared("draw"))


def orders_some(actor: Actor) -> bool:
    """Whether an official orders any draws: the entry of the navigation asks."""
    return bool(ordered_by(actor))


def visited_by(actor: Actor) -> list[Declaration]:
    """The declared draws whose inspectors hold a role that an official holds."""
    if not actor.mandates:
        return []
    return [
        each
        for each in catalogue.declared("draw")  # public, as all that is declared
        if (role := each.value.inspectors.role)
        and any(role in (m.role, m.role.partition(":")[0]) for m in actor.mandates)
    ]


def visits_some(actor: Actor) -> bool:
    """Whether an official may be drawn for visits: the entry of the navigation asks."""
    return bool(visited_by(actor))


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
