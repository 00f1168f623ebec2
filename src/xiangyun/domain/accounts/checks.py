"""What an account may not do, in words for whoever tried it."""

from __future__ import annotations

from collections.abc import Sequence

from xiangyun import manifest
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
    """A verb of one of the platform's roles that the account does not hold."""
    return Finding(
        "account.E002",
        "error",
        Text(
            "没有“{role}”的职责，不能这样做。",
            "This takes the role “{role}”, which this account does not hold.",
            role=role_words(role, manifest.roles()),
        ),
        hint=Text("请换用有这一职责的账号。", "Use an account that holds it."),
    )


MOST_NAMED = 5
"""Holders of a role that a refusal names."""


def held_by(role: Text, holders: Sequence[str]) -> Finding:
    """A role that officials hold, and that is therefore not withdrawn."""
    return Finding(
        "account.E010",
        "error",
        Text(
            "“{role}”还有 {count} 人担任，不能撤下：{names}。",
            "“{role}” is held by {count} {count|official|officials} and stays: {names}.",
            role=role,
            count=len(holders),
            names=[*holders[:MOST_NAMED], *(["…"] if len(holders) > MOST_NAMED else [])],
        ),
        hint=Text(
            "请先终止这些职责（xiangyun mandate end），再撤下角色。",
            "End these mandates first (xiangyun mandate end), then withdraw the role.",
        ),
    )
