"""Mandates given and ended, and deputies in absence: no more than the office holds.

An administrator gives nothing to himself, nothing outside of the own office's place and department,
and nothing to people of others.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.accounts.queries import Deputy, Mandate
from xiangyun.domain.accounts.roles import general, spelled
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.findings import Conflict, Forbidden, NotFound, Refused

from . import checks, queries, roles
from .access import may_give, reaches
from .people import department_of, place_of


def give(
    by: Actor,
    account: UUID,
    *,
    role: str,
    division: str | int,
    at: datetime,
    department: str = "",
    office: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
) -> Mandate:
    """Give an official a role in a division and below, from the first to the last day.

    Raises Refused with what is wrong: an unknown role, department or division, days in the wrong
    order; Forbidden for oneself and beyond the office; NotFound for people of others.
    """
    one = queries.person(by, account)
    if by.account == account:
        raise Forbidden([checks.NOT_ONESELF])
    if one.staffer.kind != "official":
        raise Conflict([checks.NOT_OFFICIAL])
    given = spelled(general(role.strip()), department or role.partition(":")[2])
    known = roles.known_roles()
    if general(given) not in known:
        raise Refused([checks.no_role(general(given), known)])
    given = spelled(general(given), department_of(given.partition(":")[2]))
    place = place_of(division)
    if wrong := roles.problem(given, place, known):
        raise Refused([wrong])
    low, high = divisions.subtree(place)
    if not may_give(reaches(by), given, low, high):
        raise Forbidden([checks.BEYOND])
    today = timezone.localdate(at)
    if to_on is not None and to_on < max(from_on or today, today):
        raise Refused([checks.DAYS])
    desk = office.strip() or one.office
    if not desk:
        raise Refused([checks.INCOMPLETE])
    mandate = accounts.give_mandate_to(
        account,
        role=given,
        division=place,
        desk=desk,
        from_on=from_on,
        to_on=to_on,
        across=given in known and known[given].across,
    )
    _record(by, account, "mandate.given", mandate, at)
    return mandate


def end(by: Actor, mandate: int, *, at: datetime, on: date | None = None) -> Mandate:
    """End a mandate with a day, by default so that today gives nothing any more.

    Raises NotFound `staff.E006` for one that is not there or has ended, Refused for a day that
    has passed, Forbidden beyond the office.
    """
    found = accounts.mandate(mandate)
    if found is None:
        raise NotFound([checks.NO_MANDATE])
    queries.person(by, found.account_id)
    today = timezone.localdate(at)
    if found.has_ended(today):
        raise NotFound([checks.NO_MANDATE])
    if on is not None and on < today:
        raise Refused([checks.DAYS])
    if not may_give(reaches(by), found.role, found.low, found.high):
        raise Forbidden([checks.BEYOND])
    ended = accounts.end_mandate(mandate, on=on, today=today)
    _record(by, found.account_id, "mandate.ended", ended or found, at)
    return ended or found


def end_by_name(
    by: Actor, account: UUID, *, role: str, division: str | int, at: datetime, on: date | None
) -> Mandate:
    """End the mandate of a role in a division. Raises NotFound `staff.E006`."""
    one, place = queries.person(by, account), place_of(division)
    for mandate in one.staffer.mandates:
        if mandate.role == role.strip() and mandate.division_id == place:
            return end(by, mandate.pk, at=at, on=on)
    raise NotFound([checks.NO_MANDATE])


def name_deputy(
    by: Actor,
    absent: UUID,
    deputy: UUID,
    *,
    from_on: date,
    to_on: date,
    reason: str,
    at: datetime,
) -> Deputy:
    """Let one official act with the mandates of another who is absent, for a time.

    Both are people of the actor's office, and what the absent one holds lies within it. Raises
    Forbidden for oneself as the deputy, Refused `staff.E005` for days that are over,
    Conflict `staff.E009` where there is nothing to stand in for.
    """
    gone, stands_in = queries.person(by, absent), queries.person(by, deputy)
    if by.account == deputy or absent == deputy:
        raise Forbidden([checks.NOT_ONESELF])
    if to_on < max(from_on, timezone.localdate(at)):
        raise Refused([checks.DAYS])
    if not any(queries.standing(gone, day) for day in (from_on, to_on)):
        raise Conflict([checks.NOBODY_THERE])
    made = accounts.put_deputy(
        absent, deputy, from_on=from_on, to_on=to_on, reason=reason, at=at, by=by.account
    )
    _record_deputy(by, made, stands_in.staffer.name, "deputy.named", at)
    return made


def end_deputy(by: Actor, deputy: int, *, at: datetime) -> None:
    """A deputy no longer stands in. Raises NotFound `staff.E006`."""
    found = accounts.deputy(deputy)
    if found is None or found.ended_at is not None:
        raise NotFound([checks.NO_MANDATE])
    queries.person(by, found.absent_id)
    accounts.end_deputy(deputy, at)
    _record_deputy(by, found, found.deputy.name, "deputy.ended", at)


def _record(by: Actor, account: UUID, verb: str, mandate: Mandate, at: datetime) -> None:
    data = {
        "role": mandate.role,
        "place": mandate.division_id,
        "desk": mandate.desk,
        "from": mandate.from_on.isoformat() if mandate.from_on else None,
        "to": mandate.to_on.isoformat() if mandate.to_on else None,
    }
    accounts.record_about(account, verb, by=by, at=at, data=data)


def _record_deputy(by: Actor, made: Deputy, name: str, verb: str, at: datetime) -> None:
    """In the history of both: what is done in somebody's place concerns him, too."""
    days = {"from": made.from_on.isoformat(), "to": made.to_on.isoformat()}
    for account in (made.absent_id, made.deputy_id):
        accounts.record_about(
            account, verb, by=by, at=at, data=days, private={"deputy": name, "reason": made.reason}
        )
