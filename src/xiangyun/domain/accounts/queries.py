"""Read accounts, and turn an account into the actor it acts as."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    check_password,
    make_password,
)
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from xiangyun.domain.editions import remembered
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.together import row_of

from . import representing, sessions
from .access import ANONYMOUS, SYSTEM, Actor, MandateHeld, acting_as, reporter
from .models import Account, Token
from .models import Deputy as Deputy
from .models import Mandate as Mandate
from .roles import general, is_across


@cache
def _nobody() -> str:
    """Compared against when the login is unknown, so that both answers take equally long."""
    return make_password("nobody")


def actor_of(account: Account) -> Actor:
    """The actor behind an account, with the mandates that stand today: its own, and as a deputy."""
    deputises: Iterable[Deputy] = ()
    if getattr(account, "is_deputy", True):
        prefetch_related_objects([account], "deputises__absent__mandates")
        deputises = account.deputises.all()
    own = account.mandates.all() if getattr(account, "has_mandates", True) else ()
    return _actor(
        account,
        own,
        [(each, each.absent.mandates.all()) for each in deputises],
        getattr(account, "joined", ()),
    )


def _actor(
    account: Account,
    own: Iterable[Mandate],
    deputises: Iterable[tuple[Deputy, Iterable[Mandate]]],
    joined: Iterable[UUID],
) -> Actor:
    """The actor of an account with its mandates, and with those of the ones it is deputy for."""
    today = timezone.localdate()
    return Actor(
        name=account.name,
        kind=account.kind,
        account=account.pk,
        mandates=(
            *_held(own, today, ""),
            *(
                held
                for each, theirs in deputises
                if each.stands(today) and each.absent.is_active
                for held in _held(theirs, today, each.absent.name)
            ),
        ),
        joined=tuple(joined),
    )


def _held(mandates: Iterable[Mandate], today: date, deputy_for: str) -> list[MandateHeld]:
    """The mandates that stand today."""
    return [
        MandateHeld(m.role, m.division_id, m.low, m.high, m.desk, deputy_for, m.across)
        for m in mandates
        if m.stands(today)
    ]


def _usable() -> QuerySet[Account]:
    """The accounts that may log in, with what an actor is made of.

    Fictitious ones may in a demonstration only, whichever server runs the site.
    """
    return _accounts(settings.DEMONSTRATION)


@cache
def _accounts(fictitious: bool) -> QuerySet[Account]:
    """The same, put together once: each page asks."""
    found = Account.objects.filter(is_active=True)
    # Hardly anybody has or is one: for all others mandates and deputies are not asked for.
    found = found.annotate(
        is_deputy=Exists(Deputy.objects.filter(deputy=OuterRef("pk"))),
        has_mandates=Exists(Mandate.objects.filter(account=OuterRef("pk"))),
    )
    if not fictitious:
        found = found.filter(fictitious=False)
    return found.annotate(joined=parties.joined())


def actor_by_session(session: Mapping[str, Any]) -> Actor:
    """The actor of a session; anonymous when the account is gone, blocked, or its password new."""
    if party := session.get(sessions.REPORT):
        return reporter(UUID(party))
    if isinstance(session, sessions.SessionStore) and (told := session.take()) is not None:
        return _told(session, told) or ANONYMOUS
    return _proved(session) or ANONYMOUS


def actor_half_in(session: Mapping[str, Any], at: datetime) -> Actor | None:
    """Whose password was right a short while ago, and who is not logged in before the next step."""
    half = sessions.half_of(session, at)
    return _proved(half) if half else None


def _told(session: Mapping[str, Any], told: Mapping[str, Any]) -> Actor | None:
    """The actor of a session, from what the database told with it; the same as `_proved`."""
    if not (account_id := session.get(sessions.ACCOUNT)) or told["account"] is None:
        return None
    account: Account = row_of(Account, told["account"])
    if str(account.pk) != account_id or not _may_log_in(account):
        return None
    if not sessions.is_of(session, account):
        return None
    deputises = []
    for each in told["deputises"] or ():
        deputy: Deputy = row_of(Deputy, each["deputy"])
        deputy.absent = row_of(Account, each["absent"])
        deputises.append((deputy, _mandates(each["mandates"])))
    joined = [UUID(each) for each in told["joined"]]
    return _for(session, _actor(account, _mandates(told["mandates"]), deputises, joined))


def _mandates(told: Sequence[Mapping[str, Any]] | None) -> list[Mandate]:
    return [row_of(Mandate, each) for each in told or ()]


def _may_log_in(account: Account) -> bool:
    """Whether it is one of `_usable`."""
    return account.is_active and (settings.DEMONSTRATION or not account.fictitious)


def _for(session: Mapping[str, Any], actor: Actor) -> Actor:
    """The actor, acting for the party that the session names."""
    party = session.get(sessions.SUBJECT)
    return representing.for_party(actor, UUID(party)) or actor if party else actor


def _proved(session: Mapping[str, Any]) -> Actor | None:
    """The actor whose account a session names, if it proves to be the account's."""
    if not (account_id := session.get(sessions.ACCOUNT)):
        return None
    with acting_as(SYSTEM):
        account = _usable().filter(pk=account_id).first()
        if account is None or not sessions.is_of(session, account):
            return None
        return _for(session, actor_of(account))


def actor_by_password(login: str, password: str) -> Actor | None:
    """The actor whose login and password these are, or None.

    A hash of an earlier kind or of other costs is replaced by one as they are made today; other
    log-ins of the account end by that, once.
    """
    with acting_as(SYSTEM):
        account = _usable().filter(login=login.strip()).first()
        if account is None:
            check_password(password, _nobody())
            return None
        return actor_of(account) if account.check_password(password) else None


def actor_by_login(login: str) -> Actor | None:
    """The actor with this login name; for commands of the one who runs the instance."""
    with acting_as(SYSTEM):
        account = _usable().filter(login=login).first()
        return actor_of(account) if account else None


def actor_by_account(account_id: UUID) -> Actor | None:
    """The actor of an account, for whoever was proved to be its owner; None for a locked one."""
    with acting_as(SYSTEM):
        account = _usable().filter(pk=account_id).first()
        return actor_of(account) if account else None


@dataclass(frozen=True, slots=True)
class Officer:
    """An official by name, with the office of a mandate."""

    account: UUID
    name: str
    desk: str
    login: str = ""


def officers(roles: Collection[str], division: int, most: int = 200) -> list[Officer]:
    """The officials who hold one of these roles in a division today, each once, by name.

    A mandate across departments gives the role of each of them.
    """
    return list(_officers(frozenset(roles), division, timezone.localdate())[:most])


@remembered("accounts")
def _officers(roles: frozenset[str], division: int, today: date) -> tuple[Officer, ...]:
    unnarrowed = {general(role) for role in roles}
    wanted = Q(role__in={*roles, *filter(is_across, unnarrowed)})
    wanted |= Q(role__in=unnarrowed, across=True)
    with acting_as(SYSTEM):
        held = Mandate.objects.filter(
            wanted, low__lte=division, high__gte=division, account__is_active=True
        ).select_related("account")
        found = {
            each.account_id: Officer(
                each.account_id, each.account.name, each.desk, each.account.login
            )
            for each in held.order_by("account__name", "low")
            if each.stands(today)
        }
    return tuple(found.values())


def has_person(id_number: str) -> bool:
    """Whether somebody with this identity number has an account."""
    with acting_as(SYSTEM):
        return Account.objects.filter(kind=Account.Kind.PERSON, id_number=id_number).exists()


def actor_by_token(token: str, at: datetime) -> Actor | None:
    """The actor a token of the interface was given to, or None when unknown or expired."""
    digest = hashlib.sha256(token.encode()).digest()
    with acting_as(SYSTEM):
        given = Token.objects.filter(digest=digest, expires_at__gt=at)
        account = _usable().filter(pk__in=given.values("account")).first()
        return actor_of(account) if account else None


def account(account_id: UUID) -> Account | None:
    """An account, as far as the asking actor may see it."""
    return Account.objects.select_related("division").filter(pk=account_id).first()


def own_account(actor: Actor) -> Account:
    """The account that acts. Raises `Account.DoesNotExist` for nobody."""
    if actor.account is None:
        raise Account.DoesNotExist
    return Account.objects.select_related("division").get(pk=actor.account)


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """What is kept of the account that acts, for a copy of its own data."""
    found = own_account(actor)
    names = ("login", "name", "kind", "id_number", "mobile", "last_login")
    yield "account.json", {name: getattr(found, name) for name in names}


def desks_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The office nearest to each (role, division) that holds the role there; absent for none.

    Which office has what work is public; who works there is not told.
    """
    asked = set(wanted)
    held, today = Q(pk__in=[]), timezone.localdate()
    for role, division in asked:
        held |= Q(role__in={role, general(role)}, low__lte=division, high__gte=division)
    with acting_as(SYSTEM):
        rows = [
            MandateHeld(m.role, m.division_id, m.low, m.high, m.desk, across=m.across)
            for m in Mandate.objects.filter(held).order_by("pk")
            if m.stands(today)
        ]
    found: dict[tuple[str, int], str] = {}
    for role, division in asked:
        near = [m for m in rows if m.gives(role) and m.low <= division <= m.high]
        if near:
            found[role, division] = min(near, key=lambda m: m.high - m.low).desk
    return found


def holders_of(role: str, division: int) -> list[UUID]:
    """The officials who hold a role in a division today, and the deputies of those who are absent.

    As the platform: who works where is not public.
    """
    today = timezone.localdate()
    held = Mandate.objects.filter(
        role__in={role, general(role)},
        low__lte=division,
        high__gte=division,
        account__is_active=True,
    )
    found = [
        m.account_id
        for m in held.order_by("pk")
        if m.stands(today) and MandateHeld(m.role, 0, m.low, m.high, m.desk).gives(role)
    ]
    deputies = Deputy.objects.filter(absent__in=found, deputy__is_active=True).order_by("pk")
    return list(dict.fromkeys([*found, *(d.deputy_id for d in deputies if d.stands(today))]))


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """A fictitious account as the login page lists it; `home` is where a person lives."""

    login: str
    name: str
    kind: str
    home: str
    mandates: tuple[MandateHeld, ...]


def any_account() -> bool:
    """Whether anybody has an account: an instance that is begun already."""
    with acting_as(SYSTEM):
        return Account.objects.exists()


def fictitious_logins() -> list[str]:
    """The logins of fictitious accounts that may be used."""
    with acting_as(SYSTEM):
        found = Account.objects.filter(fictitious=True, is_active=True)
        return list(found.order_by("login").values_list("login", flat=True))


def demonstration_actor(login: str) -> Actor | None:
    """The actor of a fictitious account, whom anybody may be; None outside a demonstration."""
    if not settings.DEMONSTRATION:
        return None
    with acting_as(SYSTEM):
        account = _usable().filter(login=login, fictitious=True).first()
        return actor_of(account) if account else None


def demonstration_accounts(most: int = 150) -> list[ListedAccount]:
    """The fictitious accounts that the demonstration lists on its login page, `most` of each kind.

    Those with a password, which a demonstration made, stand first. A simulated year has thousands
    of people, a load a million: those found first stand for all.
    """
    with acting_as(SYSTEM):
        all_of_them = (
            Account.objects.filter(fictitious=True)
            .select_related("division")
            .prefetch_related("mandates__division", "deputises__absent__mandates")
            .annotate(unusable=Q(password__startswith=UNUSABLE_PASSWORD_PREFIX))
            .order_by("unusable", "login")
        )
        found = (
            account
            for kind in sorted(Account.Kind.values)
            for account in all_of_them.filter(kind=kind)[:most]
        )
        return [
            ListedAccount(
                account.login,
                account.name,
                account.kind,
                account.division.name if account.division else "",
                actor_of(account).mandates,
            )
            for account in found
        ]


@dataclass(frozen=True, slots=True)
class Staffer:
    """An official with everything that is given: mandates of all times, deputies that stand."""

    account: UUID
    login: str
    name: str
    kind: str
    active: bool
    division: int | None
    mandates: tuple[Mandate, ...]
    deputies: tuple[Deputy, ...]
    """Who stands in for this official, now or later."""
    deputises: tuple[Deputy, ...]
    """For whom this official stands in, now or later."""


def staff(account: UUID | None = None) -> list[Staffer]:
    """The officials, or one account of any kind; for whoever knows that the actor may see them."""
    today = timezone.localdate()
    found = Account.objects.prefetch_related(
        "mandates__division", "deputies__deputy", "deputises__absent"
    )
    one = Q(kind=Account.Kind.OFFICIAL) if account is None else Q(pk=account)
    return [
        Staffer(
            each.pk,
            each.login,
            each.name,
            each.kind,
            each.is_active,
            each.division_id,
            tuple(sorted(each.mandates.all(), key=lambda m: (m.has_ended(today), m.role, m.pk))),
            tuple(one for one in each.deputies.all() if one.comes(today)),
            tuple(one for one in each.deputises.all() if one.comes(today)),
        )
        for each in found.filter(one)
    ]


def account_id_of(login: str) -> UUID | None:
    """Whose login this is, locked or not; for commands and administrators."""
    with acting_as(SYSTEM):
        found = Account.objects.filter(login=login.strip()).values_list("pk", flat=True)
        return found.first()
