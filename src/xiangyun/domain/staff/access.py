"""How far an administrator reaches: the place and the department of the own office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiangyun.domain.accounts.access import EVERYWHERE, Actor
from xiangyun.domain.accounts.roles import department_of, general
from xiangyun.kernel.codes.department import number_of

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Reach:
    """An office: the divisions with codes from low to high, and a department (empty: all)."""

    low: int
    high: int
    department: str = ""

    def covers(self, low: int, high: int, department: str) -> bool:
        """Whether a place, and a department or all of them (empty), lie within."""
        return self.low <= low and high <= self.high and self.department in ("", department)

    def covers_number(self, division: int, department: int) -> bool:
        """Whether an office at a place, of a department by its number, lies within."""
        mine = number_of(self.department)
        return self.low <= division <= self.high and mine in (0, department)


def reaches(actor: Actor) -> tuple[Reach, ...]:
    """How far an actor may manage people; none for whoever is no administrator."""
    if actor.kind == "system":
        return (Reach(*EVERYWHERE),)
    return tuple(
        Reach(m.low, m.high, department_of(m.role))
        for m in actor.mandates
        if general(m.role) == ADMINISTRATOR
    )


def administers(actor: Actor) -> bool:
    """Whether somebody is an administrator: who sees the entry of the navigation."""
    return bool(reaches(actor))


def may_give(within: Iterable[Reach], role: str, low: int, high: int) -> bool:
    """Whether a mandate of this role over these codes is no more than one of the offices holds.

    Without a department it is for nobody's matters, or for all where the role is one across
    departments: either takes an office across departments.
    """
    return any(reach.covers(low, high, department_of(role)) for reach in within)


__all__ = ["ADMINISTRATOR", "Reach", "administers", "may_give", "reaches"]
