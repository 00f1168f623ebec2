"""Accounts of officials: opened, locked, given a new password. Each in the journal."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.authentication import actions as authentication
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel import codes
from xiangyun.kernel.codes.department import DEPARTMENTS, department, number_of
from xiangyun.kernel.findings import Conflict, Forbidden, Refused

from . import checks, queries
from .access import reaches
from .models import Member

_PASSWORD_BYTES = 12


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened, and the password that it was given, to be told once."""

    account: UUID
    login: str
    password: str


def place_of(typed: str | int) -> int:
    """The code of a division as somebody typed it. Raises Refused `staff.E013`."""
    digits = str(typed).strip()
    code = codes.division.typed(codes.division.widen(digits) if digits.isdigit() else digits)
    if not code or not divisions.Division.objects.filter(pk=code).exists():
        raise Refused([checks.no_division(str(typed))])
    return code


def department_of(typed: str) -> str:
    """The key of a department as somebody typed it, or nothing. Raises Refused `staff.E012`."""
    if not typed.strip():
        return ""
    found = department(typed)
    if found is None:
        raise Refused([checks.no_department(typed, DEPARTMENTS)])
    return found.key


def open_account(
    by: Actor,
    *,
    login: str,
    name: str,
    division: str | int,
    office: str,
    at: datetime,
    department: str = "",
    mobile: str = "",
    password: str = "",
    fictitious: bool = False,
) -> Opened:
    """Open an official's account at an office within the actor's reach.

    Without a password one is made, which is told once. Raises Refused: what is missing or wrong,
    Conflict `staff.E007` for a login that is taken, Forbidden `staff.E003` beyond the reach.
    """
    if not (login.strip() and name.strip() and office.strip() and str(division).strip()):
        raise Refused([checks.INCOMPLETE])
    place, key = place_of(division), department_of(department)
    if not any(reach.covers(place, place, key) for reach in reaches(by)):
        raise Forbidden([checks.BEYOND])
    if account_reads.account_id_of(login) is not None:
        raise Conflict([checks.LOGIN_TAKEN])
    given = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    if not accounts.is_good_password(given, login=login, name=name):
        raise Refused([checks.WEAK])
    account = accounts.open_account(
        login=login.strip(),
        password=given,
        name=name.strip(),
        kind="official",
        mobile=mobile.strip(),
        division=place,
        fictitious=fictitious,
    )
    join(account.pk, place, key, office.strip(), at)
    accounts.record_about(account.pk, "account.opened", by=by, at=at, data={"login": login.strip()})
    return Opened(account.pk, account.login, given)


def join(account: UUID, division: int, department: str, office: str, at: datetime) -> None:
    """Say which office an official works for."""
    with acting_as(SYSTEM):
        Member.objects.update_or_create(
            pk=account,
            defaults={
                "department": number_of(department),
                "division_id": division,
                "office": office,
            },
            create_defaults={
                "department": number_of(department),
                "division_id": division,
                "office": office,
                "since": at,
            },
        )


def lock(by: Actor, account: UUID, *, reason: str, at: datetime) -> None:
    """Nobody logs in with this account any more, and its open log-ins end. Its history stays."""
    _switch(by, account, active=False, reason=reason, at=at)


def unlock(by: Actor, account: UUID, *, reason: str, at: datetime) -> None:
    """The account may be used again; not by oneself."""
    if by.account == account:
        raise Forbidden([checks.NOT_ONESELF])
    _switch(by, account, active=True, reason=reason, at=at)


def _switch(by: Actor, account: UUID, *, active: bool, reason: str, at: datetime) -> None:
    one = queries.person(by, account)
    if one.staffer.active == active:
        raise Conflict([checks.ALREADY])
    accounts.set_active(account, active)
    verb = "account.unlocked" if active else "account.locked"
    accounts.record_about(account, verb, by=by, at=at, data={}, private={"reason": reason})


def set_password(by: Actor, account: UUID, *, at: datetime, password: str = "") -> str:
    """A new password in place of a forgotten one; its log-ins end. Returns it, to be told once.

    Raises Refused `staff.E008` for a weak one, Forbidden for the own account.
    """
    if by.account == account:
        raise Forbidden([checks.NOT_ONESELF])
    one = queries.person(by, account)
    given = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    if not accounts.is_good_password(given, login=one.staffer.login, name=one.staffer.name):
        raise Refused([checks.WEAK])
    accounts.put_password(account, given)
    accounts.record_about(account, "account.password_set", by=by, at=at, data={})
    return given


def reset_second_factor(by: Actor, account: UUID, *, reason: str, at: datetime) -> int:
    """Take the second factors from an account whose owner lost them; how many there were."""
    if by.account == account:
        raise Forbidden([checks.NOT_ONESELF])
    queries.person(by, account)
    return authentication.reset(account, by=by, reason=reason, at=at)
