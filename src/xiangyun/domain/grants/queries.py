"""Read grants: what a company has given, what a bank holds, who looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.domain.journal.queries import Entry
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import Used
from xiangyun.kernel.findings import NotFound

from . import checks
from .models import Grant

LOOKS = ("grant.used", "grant.asked")
"""The verbs of the journal by which a bank used a grant; the others say how it came and changed."""

__all__ = [
    "LOOKS",
    "Entry",
    "Grant",
    "Shown",
    "find",
    "given_by",
    "grantable",
    "held_by",
    "owned",
    "shown",
    "signs_for",
    "subject_of",
    "uses_of",
]


@dataclass(frozen=True, slots=True)
class Shown:
    """A grant with the names of what it speaks of."""

    grant: Grant
    company: str
    bank: str
    registers: tuple[Used, ...]
    stands: bool


def subject_of(grant: UUID) -> str:
    """What the journal calls a grant."""
    return f"grant/{grant}"


def find(ident: UUID, actor: Actor) -> Grant:
    """A grant as one of its two parties sees it. Raises NotFound `grant.E001` to all others."""
    with acting_as(actor):
        found = Grant.objects.filter(pk=ident).first()
    if found is None or not (actor.speaks_for(found.company) or actor.speaks_for(found.bank)):
        raise NotFound([checks.NO_GRANT])
    return found


def signs_for(actor: Actor) -> UUID | None:
    """The company in whose name an actor grants; None where there is none."""
    if actor.subject is None or actor.is_official or actor.is_reporter or actor.about:
        return None
    with acting_as(actor):
        found = parties.parties([actor.subject]).get(actor.subject)
    return found.pk if found and found.kind == parties.Kind.ORGANISATION else None


def given_by(actor: Actor) -> list[Grant]:
    """What the party acted for has granted, the latest first."""
    with acting_as(actor):
        return list(Grant.objects.filter(company__in=actor.subjects).order_by("-given_at"))


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """What the party acted for has granted and holds, for a copy of all own data."""
    for side, found in (("given", given_by(actor)), ("received", held_by(actor))):
        for grant in found:
            told = {
                "purpose": grant.purpose,
                "registers": grant.registers,
                "keys": grant.keys,
                "given_at": grant.given_at,
                "until": grant.until,
                "ends_at": grant.ends_at,
                "ended_at": grant.ended_at,
                "version": grant.version,
                "answers_only": grant.answers_only,
                "signed": grant.signed if side == "given" else None,
            }
            yield f"grants/{side}/{grant.pk}.json", told


def held_by(actor: Actor) -> list[Grant]:
    """What was granted to the party acted for, the latest first."""
    with acting_as(actor):
        return list(Grant.objects.filter(bank__in=actor.subjects).order_by("-given_at"))


def uses_of(grant: Grant, actor: Actor) -> list[Entry]:
    """What happened to a grant and each look under it, the latest first; for its two parties."""
    find(grant.pk, actor)
    with acting_as(SYSTEM):
        return list(reversed(journal.history(subject_of(grant.pk))))


def grantable() -> list[Used]:
    """The registers that a company can open: about organisations, of the ordinary class."""
    found = [one for one in registers.all_used() if is_grantable(one)]
    return sorted(found, key=lambda one: one.name.zh)


def is_grantable(one: Used) -> bool:
    """Whether a company can let others see its records of a register."""
    return (
        one.declaration is not None and not one.need and one.declaration.subject == "organisation"
    )


def shown(grants: Sequence[Grant], at: datetime) -> list[Shown]:
    """Grants with names: two statements, however many."""
    if not grants:
        return []
    with acting_as(SYSTEM):
        names = parties.names({p for each in grants for p in (each.company, each.bank)})
        used = {one.number: one for one in registers.all_used()}
    return [
        Shown(
            each,
            names.get(each.company, ""),
            names.get(each.bank, ""),
            tuple(used[number] for number in each.registers if number in used),
            stands(each, at),
        )
        for each in grants
    ]


def stands(grant: Grant, at: datetime) -> bool:
    """Whether a grant opens anything at a moment."""
    used_up = grant.until is None and grant.used_in is not None
    return grant.ended_at is None and at < grant.ends_at and not used_up
