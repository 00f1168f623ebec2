"""Read who works where, with which mandates, for whoever administers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.accounts.queries import Staffer
from xiangyun.domain.accounts.roles import department_of
from xiangyun.kernel.codes.department import key_of, number_of
from xiangyun.kernel.findings import NotFound

from . import checks
from .access import Reach, reaches
from .models import Member


@dataclass(frozen=True, slots=True)
class Person:
    """An official with the office, the mandates and the deputies, as an administrator sees them."""

    staffer: Staffer
    office: str
    department: str
    division: int | None

    @property
    def account(self) -> UUID:
        return self.staffer.account

    @property
    def named(self) -> str:
        """Name and login, to look for words in."""
        return f"{self.staffer.name} {self.staffer.login}".casefold()


def people(actor: Actor, words: str = "") -> list[Person]:
    """The officials within an actor's reach, by office and name; `words` narrows by name or login.

    A fixed number of statements however many there are.
    """
    within = reaches(actor)
    if not within:
        return []
    with acting_as(SYSTEM):
        members = {member.account_id: member for member in Member.objects.all()}
        found = [_person(each, members.get(each.account)) for each in accounts.staff()]
    mine = [one for one in found if _is_within(one, within)]
    if words := words.strip().casefold():
        mine = [one for one in mine if words in one.named]
    return sorted(mine, key=lambda one: (one.division or 0, one.office, one.staffer.name))


def person(actor: Actor, account: UUID) -> Person:
    """One official within an actor's reach, for the platform any account.

    Raises NotFound `staff.E001`.
    """
    with acting_as(SYSTEM):
        found = accounts.staff(account)
        member = Member.objects.filter(pk=account).first()
    one = _person(found[0], member) if found else None
    if one is None or not (
        actor.kind == "system"
        or (one.staffer.kind == "official" and _is_within(one, reaches(actor)))
    ):
        raise NotFound([checks.UNKNOWN])
    return one


def by_login(actor: Actor, login: str) -> Person:
    """One official within an actor's reach, by the login. Raises NotFound `staff.E001`."""
    found = accounts.account_id_of(login)
    if found is None:
        raise NotFound([checks.UNKNOWN])
    return person(actor, found)


def _person(staffer: Staffer, member: Member | None) -> Person:
    if member is not None:
        key = key_of(member.department)
        return Person(staffer, member.office, key, member.division_id)
    desks = dict.fromkeys(mandate.desk for mandate in staffer.mandates)
    departments = {department_of(mandate.role) for mandate in staffer.mandates}
    own = departments.pop() if len(departments) == 1 else ""
    return Person(staffer, "、".join(desks), own, staffer.division)


def _is_within(one: Person, within: Sequence[Reach]) -> bool:
    """Whether the office lies within; and so the mandates that the person holds now."""
    division = one.division
    if division is None:
        return any(reach == Reach(*_ALL) for reach in within)
    department = number_of(one.department)
    if not any(reach.covers_number(division, department) for reach in within):
        return False
    today = timezone.localdate()
    return all(
        any(reach.covers(m.low, m.high, department_of(m.role)) for reach in within)
        for m in one.staffer.mandates
        if not m.has_ended(today)
    )


_ALL = (0, 999_999_999_999)


def today() -> date:
    """The day where the office is."""
    return timezone.localdate()


def standing(person: Person, on: date | None = None) -> bool:
    """Whether somebody holds a mandate on a day, today unless said."""
    day = on or timezone.localdate()
    return any(mandate.stands(day) for mandate in person.staffer.mandates)
