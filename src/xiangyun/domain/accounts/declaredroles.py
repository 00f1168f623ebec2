"""The roles that apps bring, as packs declare theirs: for checks, also without a database."""

from __future__ import annotations

from xiangyun import manifest
from xiangyun.kernel.pack.kind import Declaration
from xiangyun.kernel.pack.kinds.role import KIND, DeclaredRole

PLATFORM = "platform"
"""What stands for the pack of a role that an app brings."""


def declared_roles() -> list[Declaration]:
    """Each role as a declaration, by which whoever names one is judged."""
    found = []
    for key, role in manifest.roles().items():
        value = DeclaredRole(key, role.words, role.does, role.across)
        found.append(Declaration(KIND.name, key, PLATFORM, role.words, {}, value))
    return found
