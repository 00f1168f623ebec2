"""Verbs of grants: give, amend by merging or replacing, revoke; signed and journalled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.findings import Forbidden, NotFound, Refused, Stale
from xiangyun.kernel.ledger import canonical

from . import checks, queries
from .models import Grant

How = Literal["merge", "replace"]
_ONE_LOOK = timedelta(days=1)
_AMENDED = ("registers", "purpose", "until", "ends_at", "version", "used_in", "signed")


def give(
    actor: Actor,
    *,
    bank: str,
    purpose: str,
    codes: Iterable[str],
    until: date | None,
    at: datetime,
    answers_only: bool = False,
    keys: Iterable[str] = (),
) -> Grant:
    """Let a bank look into the records of the company acted for.

    `bank`: its unified social credit code; `codes`: those of registers; `until`: the last day,
    None for one look within a day; `answers_only`: its questions are answered (see `asking`), and
    it sees no record; `keys`: of the records that it opens, none for all. Raises Forbidden
    `grant.E003` for who does not represent the company in all matters, Refused otherwise.
    """
    company = _signatory(actor)
    with acting_as(SYSTEM):
        found = parties.by_code(parties.Kind.ORGANISATION, bank)
    if found is None:
        raise NotFound([checks.NO_BANK])
    if found.pk in actor.subjects:
        raise Refused([checks.ONESELF])
    made = Grant(
        company=company,
        bank=found.pk,
        purpose=_purpose(purpose),
        registers=_numbers(codes),
        until=until,
        ends_at=_end(until, at),
        given_at=at,
        answers_only=answers_only,
        keys=sorted(set(keys)),
    )
    made.signed = _signed(made, actor, at)
    with transaction.atomic(), acting_as(SYSTEM):
        made.save(force_insert=True)
        note("grant.given", made, actor, at, said(made))
    return made


def amend(
    actor: Actor,
    ident: UUID,
    *,
    how: How,
    seen: int,
    codes: Iterable[str],
    until: date | None,
    at: datetime,
    purpose: str = "",
) -> Grant:
    """Amend a grant: `merge` adds registers to it, `replace` leaves these alone.

    What was agreed is a new version, and a look by the old one is refused. A grant without a last
    day is for one look again. Raises Stale `grant.E008` for another version than the one `seen`,
    NotFound `grant.E001` to all but the company.
    """
    _signatory(actor)
    with transaction.atomic():
        found = _locked(ident, actor, company_only=True)
        if found.version != seen:
            raise Stale([checks.amended(found.version)])
        if found.ended_at is not None:
            raise Refused([checks.NO_LONGER])
        named = _numbers(codes)
        found.registers = sorted({*found.registers, *named}) if how == "merge" else named
        found.purpose = _purpose(purpose) if purpose else found.purpose
        found.until, found.ends_at = until, _end(until, at)
        found.version, found.used_in = found.version + 1, None
        found.signed = _signed(found, actor, at)
        with acting_as(SYSTEM):
            found.save(update_fields=_AMENDED)
            note("grant.amended", found, actor, at, {"how": how, **said(found)})
    return found


def revoke(actor: Actor, ident: UUID, *, at: datetime) -> Grant:
    """End a grant, for the company or by the bank itself; the next statement sees nothing.

    To end what is ended is no fault. Raises NotFound `grant.E001` to all others.
    """
    with transaction.atomic():
        found = _locked(ident, actor)
        if found.ended_at is None:
            own = actor.speaks_for(found.company)
            found.ended_at, found.ended_by = at, found.company if own else found.bank
            with acting_as(SYSTEM):
                found.save(update_fields=["ended_at", "ended_by"])
                note("grant.revoked", found, actor, at, {"by": "company" if own else "bank"})
    return found


def statement(grant: Grant) -> bytes:
    """What a representative signs: the grant in canonical JSON (RFC 8785)."""
    said: dict[str, object] = {"answers_only": True} if grant.answers_only else {}
    if grant.keys:
        said["keys"] = list(grant.keys)
    return canonical(
        said
        | {
            "company": str(grant.company),
            "bank": str(grant.bank),
            "purpose": grant.purpose,
            "registers": list(grant.registers),
            "until": grant.until.isoformat() if grant.until else None,
            "version": grant.version,
        }
    )


def note(verb: str, grant: Grant, actor: Actor, at: datetime, data: Mapping[str, object]) -> None:
    """Write into the journal what happened to a grant; the company reads it as its own."""
    names = parties.names([grant.bank])
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=queries.subject_of(grant.pk),
            division=0,
            owner=grant.company,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"bank": names.get(grant.bank, ""), "version": grant.version, **data},
        )
    )


def said(grant: Grant) -> dict[str, object]:
    """What a version of a grant allows, for the journal."""
    used = {one.number: one.code for one in registers.all_used()}
    return {
        "registers": [used[number] for number in grant.registers if number in used],
        **({"records": len(grant.keys)} if grant.keys else {}),
        "until": grant.until.isoformat() if grant.until else None,
        "digest": grant.signed["digest"],
    }


def _signatory(actor: Actor) -> UUID:
    """The company that the actor signs for."""
    found = queries.signs_for(actor)
    if found is None:
        raise Forbidden([checks.NO_SIGNATORY])
    return found


def _signed(grant: Grant, actor: Actor, at: datetime) -> dict[str, str]:
    """How this version was signed: by the session of the representative, over its digest."""
    return {
        "account": str(actor.account or ""),
        "name": actor.name,
        "at": at.isoformat(),
        "digest": hashlib.sha256(statement(grant)).hexdigest(),
    }


def _locked(ident: UUID, actor: Actor, *, company_only: bool = False) -> Grant:
    with acting_as(SYSTEM):
        found = Grant.objects.select_for_update().filter(pk=ident).first()
    own = found is not None and actor.speaks_for(found.company)
    theirs = found is not None and actor.speaks_for(found.bank) and not company_only
    if found is None or not (own or theirs):
        raise NotFound([checks.NO_GRANT])
    return found


def _purpose(purpose: str) -> str:
    if not purpose.strip():
        raise Refused([checks.NO_PURPOSE])
    return purpose.strip()


def _numbers(codes: Iterable[str]) -> list[int]:
    numbers = set()
    for code in codes:
        one = registers.used(code)
        if not queries.is_grantable(one):
            raise Refused([checks.not_open(code)])
        numbers.add(one.number)
    if not numbers:
        raise Refused([checks.NO_REGISTER])
    return sorted(numbers)


def _end(until: date | None, at: datetime) -> datetime:
    if until is None:
        return at + _ONE_LOOK
    if until < timezone.localdate(at) or until == date.max:
        raise Refused([checks.OVER])
    return timezone.make_aware(datetime.combine(until + timedelta(days=1), time()))
