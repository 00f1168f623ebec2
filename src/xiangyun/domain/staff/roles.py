"""The roles that may be given: those of the apps and those of published packs."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.roles import department_of, general
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.codes.department import department, spelled
from xiangyun.kernel.findings import Finding
from xiangyun.kernel.pack.kinds.role import DeclaredRole

from . import checks
from .access import reaches


def known_roles() -> Mapping[str, DeclaredRole]:
    """Every role, by its key."""
    return catalogue.roles()


def offered(actor: Actor) -> Mapping[str, DeclaredRole]:
    """The roles in force that an administrator's office has: of its departments, or of any."""
    mine = {reach.department for reach in reaches(actor)}
    return {
        key: role
        for key, role in known_roles().items()
        if "" in mine or not role.departments or mine & set(map(spelled, role.departments))
    }


def problem(role: str, place: int, known: Mapping[str, DeclaredRole]) -> Finding | None:
    """Why a role cannot be given at a place; None where it can.

    It is declared nowhere, does not exist in the department, or is not held at that level.
    """
    found = known.get(general(role))
    if found is None:
        return checks.no_role(general(role), known)
    narrowed = department(department_of(role))
    exists_in = {each.key: each for key in found.departments if (each := department(key))}
    somewhere = found.across if narrowed is None else narrowed.key in exists_in
    if exists_in and not somewhere:
        return checks.not_there(found.words, [each.name for each in exists_in.values()])
    level = divisions.Level(divisions.division(place).level).name.lower()
    if found.levels and level not in found.levels:
        return checks.not_at_level(found.words, found.levels)
    return None
