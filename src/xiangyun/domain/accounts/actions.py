"""Make accounts, mandates and tokens."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from xiangyun import manifest
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.findings import Finding, Refused, Text

from . import sessions
from .access import SYSTEM, Actor, acting_as
from .models import Account, Mandate, Token
from .queries import own_account
from .roles import general


def open_account(
    *,
    login: str,
    password: str,
    name: str,
    kind: str,
    id_number: str = "",
    mobile: str = "",
    division: int | None = None,
) -> Account:
    """Open an account; one with this login that is there already is left as it is."""
    with acting_as(SYSTEM):
        if known := Account.objects.filter(login=login).first():
            return known
        account = Account(
            login=login,
            name=name,
            kind=kind,
            id_number=id_number,
            mobile=mobile,
            division_id=division,
        )
        account.set_password(password)
        account.save()
        return account


def give_mandate(account: Account, *, role: str, division: int, desk: str) -> Mandate:
    """Give an official a role (`reviewer`, `reviewer:fire`) in a division and all below it.

    Raises ValueError for a role that does not exist.
    """
    if general(role) not in manifest.roles():
        raise ValueError(f"no role {role}; there are {', '.join(sorted(manifest.roles()))}")
    low, high = divisions.subtree(division)
    with acting_as(SYSTEM):
        mandate, _ = Mandate.objects.update_or_create(
            account=account,
            role=role,
            division_id=division,
            defaults={"low": low, "high": high, "desk": desk},
        )
        return mandate


def issue_token(actor: Actor, *, label: str, at: datetime, days: int = 90) -> str:
    """A new token for the interface; shown once, kept only as its digest."""
    if actor.account is None:
        raise PermissionError("a token needs an account")
    token = f"xy_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        account_id=actor.account,
        digest=hashlib.sha256(token.encode()).digest(),
        label=label,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token


WRONG_PASSWORD = Finding(
    "account.E001",
    "error",
    Text("原密码不对。", "The present password is wrong."),
    hint=Text("请再输一遍。", "Type it once more."),
)
WEAK_PASSWORD = Finding(
    "account.E002",
    "error",
    Text(
        "新密码太容易猜到，没有更改。",
        "The new password is too easily guessed; nothing was changed.",
    ),
    hint=Text(
        "请用至少 10 个字符，不要全是数字，不要与登录名相近。",
        "Use at least 10 characters, not digits alone, and nothing like the login name.",
    ),
)


def change_password(actor: Actor, *, present: str, new: str, session_key: str | None) -> int:
    """Give the own account a new password and end its other log-ins; how many there were.

    The session with `session_key` stays, if it is told the new proof (`sessions.begin`). Raises
    `Refused` for a wrong present password and for one that is easily guessed.
    """
    account = own_account(actor)
    if not account.check_password(present):
        raise Refused([WRONG_PASSWORD])
    try:
        validate_password(new, account)
    except ValidationError:
        raise Refused([WEAK_PASSWORD]) from None
    account.set_password(new)
    account.save(update_fields=["password"])
    return sessions.end_others(account.pk, session_key)
