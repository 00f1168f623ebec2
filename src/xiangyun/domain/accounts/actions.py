"""Make accounts, mandates and tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.journal import queries as journal_reads
from xiangyun.kernel.codes.department import number_of
from xiangyun.kernel.findings import Finding, Forbidden, Refused, Text

from . import sessions
from .access import SYSTEM, Actor, acting_as
from .checks import NO_ACCOUNT, held_by
from .models import Account, Deputy, Mandate, Token
from .queries import own_account
from .roles import department_of, spelled

if TYPE_CHECKING:  # reading packs takes its time, and a log-in reads none
    from xiangyun.kernel.pack.kind import Declaration


def open_account(
    *,
    login: str,
    password: str | None,
    name: str,
    kind: str,
    id_number: str = "",
    mobile: str = "",
    division: int | None = None,
    fictitious: bool = True,
) -> Account:
    """Open an account; one with this login that is there already is left as it is.

    Without a password nobody logs in with one: for who is let in by a provider.
    """
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
            fictitious=fictitious,
        )
        account.set_password(password)
        account.save()
        return account


def give_mandate(
    account: Account,
    *,
    role: str,
    division: int,
    desk: str,
    department: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
) -> Mandate:
    """Give an official a role in a division and all below it, from the first to the last day.

    `role` and `department` may come in the one spelling of a task's group, `reviewer:fire`. A
    mandate that is there already has these days afterwards. Whether there is such a role, who
    knows the catalogue asks before. Raises ValueError for a department that does not exist, and
    for days in the wrong order.
    """
    role = spelled(role, department)
    if department_of(role) and not number_of(department_of(role)):
        raise ValueError(f"no department {department_of(role)}")
    if from_on and to_on and to_on < from_on:
        raise ValueError(f"the last day {to_on} precedes the first, {from_on}")
    return give_mandate_to(
        account.pk, role=role, division=division, desk=desk, from_on=from_on, to_on=to_on
    )


def give_mandate_to(
    account_id: UUID,
    *,
    role: str,
    division: int,
    desk: str,
    from_on: date | None = None,
    to_on: date | None = None,
    across: bool = False,
) -> Mandate:
    """Write a mandate whose role, place and days were checked; one that is there is changed.

    `across`: whether the pack that declares the role makes it one for all departments.
    """
    low, high = divisions.subtree(division)
    with acting_as(SYSTEM):
        mandate, _ = Mandate.objects.update_or_create(
            account_id=account_id,
            role=role,
            division_id=division,
            defaults={
                "low": low,
                "high": high,
                "desk": desk,
                "from_on": from_on,
                "to_on": to_on,
                "across": across,
            },
        )
        return mandate


def publish_role(declaration: Declaration, number: int, *, at: datetime) -> None:
    """A role as a pack declares it now: for all departments or not, for whoever holds it, too."""
    with acting_as(SYSTEM):
        held = Mandate.objects.filter(role=declaration.code)
        held.update(across=declaration.value.across)


def holders_of(declaration: Declaration, *, at: datetime) -> list[Finding]:
    """Why a role cannot be withdrawn: `account.E010` names who holds it today or later."""
    today, key = timezone.localdate(at), declaration.code
    with acting_as(SYSTEM):
        held = Mandate.objects.filter(Q(role=key) | Q(role__startswith=f"{key}:"))
        mandates = held.select_related("account").order_by("pk")
        names = list(dict.fromkeys(m.account.name for m in mandates if not m.has_ended(today)))
    return [held_by(declaration.name, names)] if names else []


def record_about(
    account_id: UUID,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, object],
    private: Mapping[str, object] | None = None,
) -> None:
    """Write into the journal what happened to an account; its owner reads it.

    An official's stands where the official works; that of a citizen concerns no office.
    """
    with acting_as(SYSTEM):
        about = Account.objects.get(pk=account_id)
        official = about.kind == Account.Kind.OFFICIAL
        journal.record(
            journal.entry_of(
                verb=verb,
                subject=f"account/{account_id}",
                division=(about.division_id or 0) if official else 0,
                owner=account_id,
                actor=by.account,
                actor_name=by.name,
                desk=by.desk_in(about.division_id or 0),
                at=at,
                data=data,
                private=private,
            )
        )


def confirm_password(actor: Actor, typed: str) -> None:
    """Whoever sits there knows the password, too. Raises Refused `account.E004`."""
    if not own_account(actor).check_password(typed):
        raise Refused([WRONG_PASSWORD])


def mandate(mandate_id: int) -> Mandate | None:
    """A mandate by its number, for whoever finds out whether the actor may end it."""
    with acting_as(SYSTEM):
        return Mandate.objects.filter(pk=mandate_id).first()


def end_mandate(mandate_id: int, *, on: date | None, today: date) -> Mandate | None:
    """Its last day is `on`; without one it gives nothing from today on.

    One that was to begin today or later is removed: it has given nothing. Returns what is left.
    """
    last = on or today - timedelta(days=1)
    with acting_as(SYSTEM):
        found = Mandate.objects.get(pk=mandate_id)
        if found.from_on is not None and last < found.from_on:
            found.delete()
            return None
        found.to_on = last
        found.save(update_fields=["to_on"])
        return found


def put_deputy(
    absent: UUID,
    deputy: UUID,
    *,
    from_on: date,
    to_on: date,
    reason: str,
    at: datetime,
    by: UUID | None,
) -> Deputy:
    """Write down who stands in for whom; who may, the staff's verbs know."""
    with acting_as(SYSTEM):
        return Deputy.objects.create(
            absent_id=absent,
            deputy_id=deputy,
            from_on=from_on,
            to_on=to_on,
            reason=reason,
            given_at=at,
            given_by=by,
        )


def deputy(deputy_id: int) -> Deputy | None:
    """A deputy by the number of the entry."""
    with acting_as(SYSTEM):
        return Deputy.objects.select_related("deputy").filter(pk=deputy_id).first()


def end_deputy(deputy_id: int, at: datetime) -> None:
    """It gives nothing any more."""
    with acting_as(SYSTEM):
        Deputy.objects.filter(pk=deputy_id).update(ended_at=at)


def set_active(account_id: UUID, active: bool) -> None:
    """Lock an account, which ends its log-ins, or unlock it."""
    with acting_as(SYSTEM):
        Account.objects.filter(pk=account_id).update(is_active=active)
        if not active:
            sessions.end_others(account_id, None)


def is_good_password(password: str, *, login: str, name: str) -> bool:
    """Whether a password for a new account is not easily guessed."""
    try:
        validate_password(password, Account(login=login, name=name))
    except ValidationError:
        return False
    return True


def put_password(account_id: UUID, password: str) -> None:
    """Set a password that was checked; all log-ins of the account end."""
    with acting_as(SYSTEM):
        account = Account.objects.get(pk=account_id)
        account.set_password(password)
        account.save(update_fields=["password"])
        sessions.end_others(account_id, None)


def issue_token(actor: Actor, *, label: str, at: datetime, days: int = 90) -> str:
    """A new token for the interface; shown once, kept only as its digest."""
    if actor.account is None:
        raise Forbidden([NO_ACCOUNT])
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
    "account.E004",
    "error",
    Text("原密码不对。", "The present password is wrong."),
    hint=Text("请再输一遍。", "Type it once more."),
)
WEAK_PASSWORD = Finding(
    "account.E005",
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
    confirm_password(actor, present)
    account = own_account(actor)
    try:
        validate_password(new, account)
    except ValidationError:
        raise Refused([WEAK_PASSWORD]) from None
    account.set_password(new)
    account.save(update_fields=["password"])
    return sessions.end_others(account.pk, session_key)


SEARCHES = 60
"""Identity numbers that one desk official may look up in an hour."""


def find_person(actor: Actor, id_number: str, at: datetime) -> Account | None:
    """The person with exactly this identity number, for a desk that files in the person's name.

    Each search is written down, found or not: where it was found, in the history of the person.
    None for whoever files for nobody. Raises Refused `account.E003` after too many in an hour.
    """
    desk = next((m for m in actor.mandates if m.role == "desk"), None)
    if desk is None:
        return None
    subject = f"search/{actor.account}"
    if journal_reads.looks(subject, at - timedelta(hours=1)) >= SEARCHES:
        raise Refused([TOO_MANY])
    with acting_as(SYSTEM):
        people = Account.objects.select_related("division").filter(kind=Account.Kind.PERSON)
        found = people.filter(id_number=id_number.strip().upper()).first()
        journal.record(
            journal.entry_of(
                verb="person.searched",
                subject=subject,
                division=desk.division,
                owner=found.pk if found else None,
                actor=actor.account,
                actor_name=actor.name,
                desk=desk.desk,
                at=at,
                data={"found": found is not None},
                private={"id_number": id_number.strip().upper()},
            )
        )
    return found


TOO_MANY = Finding(
    "account.E003",
    "error",
    Text(
        "一小时内最多按身份号码查询 {searches} 次。",
        "At most {searches} identity numbers can be looked up in an hour.",
        searches=SEARCHES,
    ),
    hint=Text(
        "每次查询都有记录；请稍后再查，或由同事代办。",
        "Each search is recorded. Wait a while, or let a colleague go on.",
    ),
)
