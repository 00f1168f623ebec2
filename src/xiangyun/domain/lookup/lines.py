"""What of a case is found: its line and its index rows, written anew after each of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from xiangyun.domain.accounts.access import MATTER, NEED
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.journal.queries import Entry
from xiangyun.domain.parties import queries as parties
from xiangyun.domain.registers import names
from xiangyun.domain.vault.ports import cipher

from .models import County, Done, Line, Term

CODES, NAMES = 0, 1
COUNTY = 1_000_000
"""Kinds of lanes, and lanes of a kind: one for each county."""
_SEALED = 2


class Found(NamedTuple):
    """An index row without its place: its kind and what is compared."""

    kind: int
    text: str
    latin: str | None = None
    initials: str | None = None


def take(entries: Sequence[Entry]) -> None:
    """Write anew the rows of every case that these entries are about, and who did what.

    A case is read as it stands now, so entries of before and behind lead to the same rows.
    """
    told = {case.number: case for case in cases.numbered({entry.subject for entry in entries})}
    write(list(told.values()))
    Done.objects.bulk_create(
        [
            Done(
                entry=entry.pk,
                account=entry.actor,
                case=told[entry.subject],
                element=entry.data["task"],
                action=entry.data["action"],
                at=entry.at,
            )
            for entry in entries
            if entry.verb == "task.done" and entry.actor and entry.subject in told
        ],
        ignore_conflicts=True,
    )


def write(told: Sequence[cases.Case]) -> None:
    """Bring the lines and index rows of cases to what the cases are now.

    Most steps change neither, and then nothing is written.
    """
    known = Line.objects.in_bulk([case.pk for case in told])
    owners = parties.parties({case.owner for case in told})
    lines = [_line(case, _code(owners.get(case.owner))) for case in told]
    changed = [
        (case, line)
        for case, line in zip(told, lines, strict=True)
        if case.pk not in known or _values(line) != _values(known[case.pk])
    ]
    County.objects.bulk_create(
        [County(county=county) for county in {line.county for _, line in changed}],
        ignore_conflicts=True,
    )
    Line.objects.bulk_create(
        [line for _, line in changed],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=_WRITTEN,
    )
    anew = [
        (case, line)
        for case, line in changed
        if case.pk not in known or line.found_by != known[case.pk].found_by
    ]
    Term.objects.filter(case__in=[case.pk for case, _ in anew]).delete()
    Term.objects.bulk_create(
        [
            Term(
                lane=found.kind * COUNTY + line.county,
                text=found.text,
                latin=found.latin,
                initials=found.initials,
                case=case,
                reach=line.reach,
                spot=line.spot,
            )
            for case, line in anew
            for found in dict.fromkeys(_terms(case, _code(owners.get(case.owner))))
        ]
    )


_WRITTEN = ["county", "service", "submitted_at", "ended", "reach", "spot", "found_by"]
_values = attrgetter(*_WRITTEN)


def _line(case: cases.Case, code: str) -> Line:
    spot = case.need * NEED + case.division
    reach = spot + case.matter * MATTER
    made_of = "\n".join([str(reach), code, *_names(case)])
    return Line(
        case=case,
        county=case.division // COUNTY,
        service=case.version.code,
        submitted_at=case.submitted_at,
        ended=case.ended_at is not None,
        reach=reach,
        spot=spot,
        found_by=hashed(made_of),
    )


def _code(owner: parties.Party | None) -> str:
    return owner.code if owner else ""


def _names(case: cases.Case) -> list[str]:
    named = {case.applicant_name, case.subject, *(party.name for party in case.parties.all())}
    return sorted(named - {""})


def _terms(case: cases.Case, code: str) -> Iterator[Found]:
    """What a case is found by besides its number; nothing where it is sealed.

    A code is kept as a keyed hash: that of a person is the identity number.
    """
    if case.need >= _SEALED:
        return
    if code:
        yield Found(CODES, hashed(code))
    for name in _names(case):
        for part in names.parts(name):
            yield Found(NAMES, *part)


def hashed(code: str) -> str:
    """The keyed hash by which a code is found."""
    return cipher().fingerprint(code.strip().upper(), about="lookup.code").hex()
