"""Who an account is at a provider: by issuer and subject, never by an address or a name alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts import actions as accounts
from xiangyun.domain.accounts import queries as account_reads
from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.kernel.codes import resident
from xiangyun.kernel.findings import Conflict, NotFound, Refused

from . import checks
from .models import Identity


def account_at(issuer: str, subject: str) -> UUID | None:
    """Whose identity this is; None where no account is linked with it."""
    with acting_as(SYSTEM):
        found = Identity.objects.filter(issuer=issuer, subject=subject)
        return found.values_list("account_id", flat=True).first()


def identities(account: UUID) -> list[Identity]:
    """The identities of an account, as far as the asking actor may see them."""
    return list(Identity.objects.filter(account_id=account).order_by("linked_at"))


def link(actor: Actor, *, provider: str, issuer: str, subject: str, at: datetime) -> None:
    """Link one's own account with an identity. Raises Conflict `authentication.E008` if taken."""
    account = account_reads.own_account(actor)
    if account_at(issuer, subject) is not None:
        raise Conflict([checks.LINKED])
    _put(account.pk, provider, issuer, subject, at)
    accounts.record_about(account.pk, "identity.linked", by=actor, at=at, data={"at": provider})


def unlink(actor: Actor, identity: int, at: datetime) -> None:
    """Take an identity from one's own account.

    Raises NotFound, or Conflict `authentication.E009` for the last one of an account that has no
    password: nobody could log in any more.
    """
    account = account_reads.own_account(actor)
    mine = identities(account.pk)
    found = next((one for one in mine if one.pk == identity), None)
    if found is None:
        raise NotFound([checks.NO_IDENTITY])
    if len(mine) == 1 and not account.has_usable_password():
        raise Conflict([checks.LAST_IDENTITY])
    found.delete()
    accounts.record_about(
        account.pk, "identity.unlinked", by=actor, at=at, data={"at": found.provider}
    )


def open_for(
    *,
    provider: str,
    issuer: str,
    subject: str,
    login: str,
    name: str,
    id_number: str,
    mobile: str,
    fictitious: bool,
    at: datetime,
) -> UUID:
    """Open a person's account for an identity that has none; it has no password.

    Raises Conflict `authentication.E010` where the identity number has an account already: its
    owner logs in and links it, nobody gets in by a number alone.
    """
    number = id_number.strip().upper()
    if number and (wrong := resident.problem(number)):
        raise Refused([wrong])
    if number and account_reads.has_person(number):
        raise Conflict([checks.KNOWN_PERSON])
    taken = account_reads.account_id_of(login) is not None
    account = accounts.open_account(
        login=f"{subject}@{provider}" if taken or not login else login,
        password=None,
        name=name or login,
        kind="person",
        id_number=number,
        mobile=mobile,
        fictitious=fictitious,
    )
    _put(account.pk, provider, issuer, subject, at)
    accounts.record_about(account.pk, "identity.linked", by=SYSTEM, at=at, data={"at": provider})
    return account.pk


def passed(actor: Actor, provider: str, at: datetime) -> None:
    """Somebody was let in because a provider said who it is."""
    if actor.account is not None:
        accounts.record_about(
            actor.account, "identity.passed", by=actor, at=at, data={"at": provider}
        )


def _put(account: UUID, provider: str, issuer: str, subject: str, at: datetime) -> None:
    with acting_as(SYSTEM):
        Identity.objects.create(
            account_id=account, provider=provider, issuer=issuer, subject=subject, linked_at=at
        )
