"""Enter parties, and who acts for whom. Each is for the platform: whoever asks for it checks first.

What an account may do here, `accounts.representing` says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.journal import actions as journal
from xiangyun.domain.succession import Succession, follow
from xiangyun.kernel.codes.department import DEPARTMENTS

from . import queries
from .models import Kind, Party, Representation

PROVINCE = 220000000000
HIDDEN = 1
"""The class of what only the parties themselves and the platform may know."""


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, for the journal: the account, its name, the office, when."""

    account: UUID | None
    name: str
    desk: str
    at: datetime


def ensure(
    kind: str, code: str, name: str, *, division: int | None = None, fictitious: bool = True
) -> Party:
    """The party of this kind with this code, entered if nobody knew it. Needs a code."""
    code = code.strip().upper()
    if not code:
        raise ValueError("a party is found by its code")
    if known := queries.by_code(kind, code):  # of what was joined, the one that stays
        return known
    found, _ = Party.objects.get_or_create(
        kind=kind,
        code=code,
        merged_into=None,
        defaults={"name": name, "division": division, "fictitious": fictitious},
    )
    return found


def unknown_person() -> Party:
    """A party that stands for somebody who stays unknown: without a code, found by nobody."""
    return Party.objects.create(kind=Kind.PERSON, name="不具名", fictitious=False)


def load_departments() -> int:
    """Enter the departments of the province as organisations; how many there are.

    A second run changes nothing but names. A department's organisation is found by its number.
    """
    with transaction.atomic():
        known = {
            party.code: party
            for party in Party.objects.filter(
                kind=Kind.ORGANISATION,
                code__in=[code_of_department(d.number) for d in DEPARTMENTS.values()],
            )
        }
        for each in DEPARTMENTS.values():
            code = code_of_department(each.number)
            party = known.get(code)
            if party is None:
                Party.objects.create(
                    kind=Kind.ORGANISATION,
                    code=code,
                    name=each.name.zh,
                    division=PROVINCE,
                    department=each.number,
                    fictitious=each.fictitious,
                )
            elif party.name != each.name.zh:
                party.name = each.name.zh
                party.save(update_fields=["name"])
    return len(DEPARTMENTS)


def code_of_department(number: int) -> str:
    """The code of a department's organisation: none that an office has, so that none is taken."""
    return f"DEPARTMENT-{number:03}"


def represent(
    party: Party,
    representative: Party,
    *,
    matters: Iterable[int],
    from_on: date,
    to_on: date | None,
    proof: str,
    reference: str,
    by: By,
) -> Representation:
    """Enter that one party acts for another."""
    with transaction.atomic():
        given = Representation.objects.create(
            party=party,
            representative=representative,
            matters=sorted(set(matters)),
            from_on=from_on,
            to_on=to_on,
            proof=proof,
            reference=reference,
            given_at=by.at,
            given_by=by.account,
        )
        _record("party.represented", given, by, {"proof": proof, "reference": reference})
        return given


def end(given: Representation, *, reason: str, by: By) -> Representation:
    """End a representation, from the next request on. One that has ended stays as it is."""
    with transaction.atomic():
        given = (
            Representation.objects.select_for_update(of=("self",))
            .select_related("party", "representative")
            .get(pk=given.pk)
        )
        if given.ended_at is None:
            given.ended_at, given.ended_by = by.at, by.account
            given.save(update_fields=["ended_at", "ended_by"])
            _record("party.representation_ended", given, by, {"reason": reason})
        return given


def merge(duplicate: UUID, stays: UUID, *, why: str, on: date, by: By) -> dict[str, int]:
    """Say that two parties are one from a day on, and let everything follow (`domain.succession`).

    What names the duplicate is then seen by the one that stays, and what runs for the duplicate
    goes on for it. How many things followed, by app. `succession` refuses what does not fit.
    """
    found = Party.objects.get(pk=stays)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT xiangyun_merge_party(%s, %s)", [duplicate, stays])
        enter("party.merged", found, by, {"duplicate": str(duplicate)}, {})
        return follow(Succession("party", duplicate, stays, on, why, by.at, by.account, by.name))


def _record(verb: str, given: Representation, by: By, private: dict[str, str]) -> None:
    """Who acts for whom is no public fact: the names stand in the private part."""
    enter(
        verb,
        given.party,
        by,
        {"representation": given.pk, "matters": list(given.matters)},
        {"representative": given.representative.name, **private},
    )


def enter(
    verb: str,
    party: Party,
    by: By,
    data: dict[str, object],
    private: dict[str, object] | dict[str, str],
) -> None:
    """Write into the journal what happened to a party; only itself and the platform read it."""
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=f"party/{party.pk}",
            division=party.division or PROVINCE,
            owner=party.pk,
            actor=by.account,
            actor_name=by.name,
            desk=by.desk,
            at=by.at,
            data=data,
            private=private,
            need=HIDDEN,
        )
    )
