"""What a mandate lets its holder do, in words. Without Django: tools without a database say it too.

Which roles there are, packs declare (`roles.yaml`), and the manifests of the apps for the few that
the platform itself asks for; `catalogue.queries.roles` has all of them. Process files write them in
`candidateGroups`. A role may be narrowed to a department, `reviewer:fire`; neither then implies
the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol

from xiangyun import manifest
from xiangyun.kernel.codes.department import department
from xiangyun.kernel.findings import Text


class Worded(Protocol):
    """A role in words, whoever declares it."""

    @property
    def words(self) -> Text: ...
    @property
    def does(self) -> Text: ...


def general(role: str) -> str:
    """The role without the department that it may be narrowed to."""
    return role.partition(":")[0]


def department_of(role: str) -> str:
    """The key of the department that a role is narrowed to; empty for none."""
    return role.partition(":")[2]


def spelled(role: str, department: str = "") -> str:
    """A role and a department in the one spelling of a task's group: `reviewer:fire`."""
    return f"{role}:{department}" if department else role


@cache
def is_across(role: str) -> bool:
    """Whether a mandate of one of the platform's roles is one for all departments.

    The role has to say so and to be narrowed to none. Of the roles of packs the mandate says it.
    """
    found = manifest.roles().get(role)
    return found is not None and found.across


@cache
def sees_records(role: str) -> bool:
    """Whether a mandate of this role opens cases and records of its place and matter."""
    found = manifest.roles().get(general(role))
    return found is None or found.sees_records


def role_words(role: str, known: Mapping[str, Worded]) -> Text:
    """A role in words; of one that is narrowed to a department, the role alone."""
    found = known.get(general(role))
    return found.words if found else Text.given(role, role)


def role_does(role: str, known: Mapping[str, Worded]) -> Text | None:
    """What one who holds the role does; None for a role that nobody declares."""
    found = known.get(general(role))
    return found.does if found else None


def full_words(role: str, known: Mapping[str, Worded]) -> Text:
    """A role in words with the department that it is narrowed to."""
    words, key = role_words(role, known), department_of(role)
    if not key or general(role) not in known:
        return words
    where = department(key)
    return Text(
        "{words} {department}",
        "{words} {department}",
        words=words,
        department=where.name if where else key,
    )
