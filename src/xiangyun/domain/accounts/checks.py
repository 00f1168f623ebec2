"""What an account may not do, in words for whoever tried it."""

from __future__ import annotations

from xiangyun.kernel.findings import Finding, Text

from .roles import role_words

NO_ACCOUNT = Finding(
    "account.E001",
    "error",
    Text("没有登录，不能这样做。", "This takes an account, and nobody is logged in."),
    hint=Text("请先登录。", "Log in first."),
)


OTHER_MATTER = Finding(
    "party.E011",
    "error",
    Text(
        "您的代理权限不包括这一部门的事项。",
        "You act for this party, but not in the matters of this department.",
    ),
    hint=Text("请由本人办理，或扩大授权。", "Let the party apply, or be given more matters."),
)


def without_role(role: str) -> Finding:
    """A verb of a role that the account does not hold."""
    return Finding(
        "account.E002",
        "error",
        Text(
            "没有“{role}”的职责，不能这样做。",
            "This takes the role “{role}”, which this account does not hold.",
            role=role_words(role),
        ),
        hint=Text("请换用有这一职责的账号。", "Use an account that holds it."),
    )
