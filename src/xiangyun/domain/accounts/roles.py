"""What a mandate lets its holder do, in words. Without Django: tools without a database say it too.

Which roles there are, the manifests of the apps say, by what process files write in
`candidateGroups`. A role may be narrowed to a department, `reviewer:fire`; neither then implies
the other.
"""

from __future__ import annotations

from xiangyun import manifest
from xiangyun.kernel.findings import Text


def general(role: str) -> str:
    """The role without the department that it may be narrowed to."""
    return role.partition(":")[0]


def role_words(role: str) -> Text:
    """A role in words; of one that is narrowed to a department, the role alone."""
    found = manifest.roles().get(general(role))
    return found.words if found else Text.given(role, role)


def role_does(role: str) -> Text | None:
    """What one who holds the role does; None for a role that no app brings."""
    found = manifest.roles().get(general(role))
    return found.does if found else None


def full_words(role: str) -> Text:
    """A role in words with the department that it is narrowed to, by its key."""
    words, _, department = role_words(role), *role.partition(":")[1:]
    if not department or general(role) not in manifest.roles():
        return words
    return Text("{words} {department}", "{words} {department}", words=words, department=department)
