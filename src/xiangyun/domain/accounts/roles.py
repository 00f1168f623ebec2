"""What a mandate lets its holder do, in words. Without Django: tools without a database say it too.

A role may be narrowed to a department, `reviewer:fire`; neither then implies the other.
"""

from __future__ import annotations

from xiangyun.kernel.findings import Text

ROLES = {
    "desk": Text("帮办窗口", "desk"),
    "assessor": Text("评估", "assessor"),
    "town_reviewer": Text("乡镇初审", "town reviewer"),
    "acceptor": Text("受理", "acceptor"),
    "reviewer": Text("审查", "reviewer"),
    "approver": Text("决定", "approver"),
    "supervisor": Text("督办", "supervisor"),
    "publisher": Text("事项发布", "publisher"),
}
"""By what process files write in `candidateGroups`."""


def general(role: str) -> str:
    """The role without the department that it may be narrowed to."""
    return role.partition(":")[0]


def role_words(role: str) -> Text:
    """A role in words; of one that is narrowed to a department, the role alone."""
    return ROLES.get(general(role)) or Text(role, role)


def full_words(role: str) -> Text:
    """A role in words with the department that it is narrowed to, by its key."""
    words, _, department = role_words(role), *role.partition(":")[1:]
    if not department or general(role) not in ROLES:
        return words
    return Text(f"{words.zh} {department}", f"{words.en} {department}")
