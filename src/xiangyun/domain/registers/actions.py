"""Write registers: record, correct, end. Nothing is overwritten; each act is a journal entry."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.parties import queries as parties
from xiangyun.kernel.findings import Conflict, NotFound, Refused, Stale
from xiangyun.kernel.pack import Declaration
from xiangyun.kernel.record.data import as_json

from . import access, checks, declarations, proofs, sealing, settled, terms
from .declarations import Used
from .looking import subject_of
from .models import Batch, Fact, Record
from .states import State, history, states

__all__ = [
    "Written",
    "correct",
    "declare",
    "end",
    "enter_record",
    "publish",
    "record",
]


@dataclass(frozen=True, slots=True)
class Written:
    """What an act left: the record, its new fact, the entry of the journal that proves it, and the
    party that it is about."""

    record: int
    key: str
    fact: int
    entry: int
    holder: UUID | None = None


def declare(text: str, path: str, pack: str, *, at: datetime) -> Used:
    """Publish a register's declaration: its version, readers and searched fields.

    As the platform (`acting_as(SYSTEM)`). The same text again changes nothing. Old facts keep the
    version they were recorded under; where other fields are searched, what is recorded already is
    indexed anew. Raises Refused for a declaration that is not right.
    """
    with transaction.atomic():
        used, anew = declarations.declare(text, path, pack, at=at)
        last = 0
        while anew:
            some = Record.objects.filter(number=used.number, pk__gt=last).order_by("pk")[:1_000]
            for found in some:
                reach = used.reach(found.division)
                if (reach, used.matter) != (found.reach, found.matter):
                    Record.objects.filter(pk=found.pk).update(reach=reach, matter=used.matter)
                _index(used, found, at)
                last = found.pk
            anew = len(some) == 1_000
    return used


def publish(declaration: Declaration, number: int, *, at: datetime) -> None:
    """Take over a declaration that the catalogue publishes; `declare` says what follows."""
    (path, text), *_ = declaration.files.items()
    declare(text, path, declaration.pack, at=at)


def record(
    register: str,
    key: str,
    data: Mapping[str, Any],
    *,
    valid_from: date,
    source: str,
    at: datetime,
    valid_to: date | None = None,
    actor: Actor = SYSTEM,
    pack: str = "",
    desk: str = "",
    holder: UUID | None = None,
    division: int | None = None,
    why: str = "",
    own: bool = False,
) -> Written:
    """Record what is true of a key from a day on; what was true before stays true until then.

    `data` is whole, as JSON or FEEL has it; `source` says where it comes from, such as a case.
    `holder` is the party it is about where no field names one, `division` its place likewise: what
    is recorded about an old person is theirs, also in the case that a child filed. `own`: the actor
    enters it for themselves, and the caller has made sure that it is theirs. Raises Refused with
    the faults by field, Forbidden `register.E014` where the declaration lets them not write.
    """
    used = declarations.used_or_new(register)
    values = _read(used, data)
    if used.declaration is not None:
        _key(used, values, key)
        key = str(values[used.declaration.key])
    lies_in = _place(used, values, division)
    access.refuse_writing(used, actor, lies_in, pack, own=own)
    holder = _subject(used, values) or holder
    act = _Act("fact.recorded", used, actor, desk, source, why, at)
    with transaction.atomic(), acting_as(SYSTEM):
        found = _locked(used, key)
        if found is None:
            found = _new(used, used.keyed(key), lies_in, holder)
        elif (found.division, found.holder) != (lies_in, holder or found.holder):
            place(used, found, lies_in, holder or found.holder)
        written = _put(act, found, values, valid_from, valid_to)
        _index(used, found, at)
        return written


def correct(
    register: str,
    key: str,
    changes: Mapping[str, Any],
    *,
    why: str,
    source: str,
    at: datetime,
    valid_from: date | None = None,
    actor: Actor = SYSTEM,
    pack: str = "",
    desk: str = "",
    seen: int | None = None,
) -> Written:
    """Correct some fields of what is true on a day (today): the fact is superseded, and stays.

    `changes` by field, null takes a value away. From `valid_from` on, where that lies within the
    fact's time; without it, for all of it. `seen` is the fact that was looked at. Raises Refused
    `register.E015` without a reason, Stale `register.E017` where somebody was first, NotFound
    `register.E016` where nothing is true.
    """
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    used = declarations.used_or_new(register)
    read = _read(used, changes, partial=True)
    with transaction.atomic(), acting_as(SYSTEM):
        found, before = _in_force(used, key, valid_from or timezone.localtime(at).date(), seen)
        values = {**sealing.opened(used.code, found.pk, before.data or {})}
        values |= read
        for name, value in changes.items():
            if value is None or value == "":
                values.pop(name, None)
        lies_in = _place(used, values, found.division)
        access.refuse_writing(used, actor, found.division, pack)
        access.refuse_writing(used, actor, lies_in, pack)
        if used.declaration is not None and _key(used, values, None) != used.keyed(key):
            raise Conflict([checks.other_key(used)])
        act = _Act("fact.corrected", used, actor, desk, source, why, at)
        if lies_in != found.division:
            place(used, found, lies_in, found.holder)
        begins = before.valid_from if valid_from is None else valid_from
        written = _put(act, found, values, begins, before.valid_to)
        if begins <= before.valid_from:
            _supersede([before.fact], written.fact, at)
        _index(used, found, at)
        return written


def end(
    register: str,
    key: str,
    *,
    on: date,
    why: str,
    source: str,
    at: datetime,
    actor: Actor = SYSTEM,
    pack: str = "",
    desk: str = "",
    seen: int | None = None,
    own: bool = False,
) -> Written:
    """End a record: from this day on nothing is true of it; what was true stays known."""
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    used = declarations.used_or_new(register)
    with transaction.atomic(), acting_as(SYSTEM):
        found, _ = _in_force(used, key, on, seen)
        access.refuse_writing(used, actor, found.division, pack, own=own)
        act = _Act("record.ended", used, actor, desk, source, why, at)
        written = _put(act, found, None, on, None)
        _index(used, found, at)
        return written


def enter_record(
    *,
    register: str,
    key: str,
    division: int,
    data: Mapping[str, Any],
    source: str,
    on: date,
    holder: UUID | None = None,
) -> Written:
    """Enter what is true of a key from a day on, by the platform, at the beginning of that day."""
    return record(
        register,
        key,
        data,
        valid_from=on,
        source=source,
        at=timezone.make_aware(datetime.combine(on, time())),
        holder=holder,
        division=division,
    )


# The parts of an act -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Act:
    """Who does what, from where, why and when: what the journal is told."""

    verb: str
    used: Used
    actor: Actor
    desk: str
    source: str
    why: str
    at: datetime


def _read(used: Used, data: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
    """The data by the declared types, as JSON keeps it. Raises Refused with all that is wrong."""
    if used.declaration is None:
        return dict(data)
    read = declarations.reader(used.declaration, False).read(data, partial=partial)
    if read.errors:
        raise Refused(read.errors)
    return as_json(used.declaration, read.values)


def _key(used: Used, values: Mapping[str, Any], given: str | None) -> str:
    assert used.declaration is not None
    key = used.keyed(str(values[used.declaration.key]))
    if given is not None and used.keyed(given) != key:
        raise Refused([checks.other_key(used)])
    return key


def _place(used: Used, values: Mapping[str, Any], given: int | None) -> int:
    field = used.declaration.division if used.declaration else ""
    if field and values.get(field):
        return int(values[field])
    return given or 0


def _subject(used: Used, values: Mapping[str, Any]) -> UUID | None:
    """The party that a record is about, by the code in its data; None where nobody has it."""
    declared = used.declaration
    if declared is None or declared.subject == "none":
        return None
    code = values.get(declared.subject_field)
    if code is None:
        return None
    with acting_as(SYSTEM):
        found = parties.by_code(declared.subject, str(code))
    return found.pk if found else None


def _locked(used: Used, key: str) -> Record | None:
    """The record with a key, and nobody else writes it until we are done."""
    records = Record.objects.select_for_update()
    found = records.filter(register=used.code, key__in=used.keys(key)).first()
    while found is not None and found.merged_into_id is not None:
        found = records.get(pk=found.merged_into_id)
    return found


def _new(used: Used, key: str, division: int, holder: UUID | None) -> Record:
    with connection.cursor() as cursor:
        reach = used.reach(division)
        cursor.execute(_NEW, [used.code, used.number, key, division, holder, used.matter, reach])
        cursor.execute(_COUNTY, [used.number, division // terms.COUNTY])
    found = _locked(used, key)
    assert found is not None
    return found


_NEW = """
INSERT INTO registers_record (register, number, key, division, holder, matter, reach)
VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (register, key) DO NOTHING
"""
_COUNTY = """
INSERT INTO registers_county (register, county) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""


def place(used: Used, found: Record, division: int, holder: UUID | None) -> None:
    """The record lies elsewhere, or is about somebody else, and its index rows with it."""
    reach, moved = used.reach(division), division // terms.COUNTY - found.division // terms.COUNTY
    Record.objects.filter(pk=found.pk).update(division=division, holder=holder, reach=reach)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registers_term SET lane = lane + %s, reach = %s WHERE record_id = %s",
            [moved, reach, found.pk],
        )
        cursor.execute(_COUNTY, [used.number, division // terms.COUNTY])
    found.division, found.holder, found.reach = division, holder, reach


def _in_force(used: Used, key: str, day: date, seen: int | None) -> tuple[Record, State]:
    """The record and what is true of it on a day."""
    found = _locked(used, key)
    before = states([found.pk], as_of=day).get(found.pk) if found else None
    if found is None or before is None or before.data is None:
        raise NotFound([checks.nothing_true(used)])
    if seen is not None and before.fact != seen:
        raise Stale([checks.was_first(before)])
    return found, before


def _put(
    act: _Act,
    found: Record,
    values: Mapping[str, Any] | None,
    valid_from: date,
    valid_to: date | None,
) -> Written:
    """A new fact with its proof and its entry."""
    used = act.used
    if valid_to is not None and valid_to <= valid_from:
        raise Refused([checks.NO_TIME])
    salt = secrets.token_bytes(16)
    text = proofs.leaf_text(
        used.code, found.key, values, valid_from, valid_to, proofs.salt_of(salt, 0)
    )
    root = proofs.hash_of(text)
    entry = journal.record(
        journal.entry_of(
            verb=act.verb,
            subject=subject_of(used.code, found.pk),
            division=found.division,
            owner=found.holder,
            actor=act.actor.account,
            actor_name=act.actor.name,
            desk=act.desk,
            at=act.at,
            data={
                "register": used.code,
                "version": used.version,
                "facts": 1,
                "root": root.hex(),
                "valid_from": valid_from.isoformat(),
            },
            private={"key": found.key, "source": act.source, "why": act.why},
        )
    )
    batch = Batch.objects.create(
        register_id=used.number, at=act.at, size=1, root=root, salt=salt, entry=entry.pk
    )
    sensitive = used.sensitive
    kept = None if values is None else sealing.sealed(used.code, found.pk, values, sensitive)
    settled.begin_writing(connection)
    fact = Fact.objects.create(
        record_id=found.pk,
        version=used.version,
        data=kept,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=act.at,
        source=act.source,
        why=act.why,
        batch=batch.pk,
        leaf=0,
        sealed_by=sealing.newest_key() if values and sensitive & values.keys() else None,
    )
    shown = {name: value for name, value in (kept or {}).items() if name not in sensitive}
    Record.objects.filter(pk=found.pk).update(
        fact=fact.pk, data=shown, source=act.source, recorded_on=fact.valid_from
    )
    return Written(found.pk, found.key, fact.pk, entry.pk, found.holder)


def _supersede(facts: list[int], by: int, at: datetime) -> None:
    Fact.objects.filter(pk__in=facts, superseded_by=None).update(superseded_by=by, superseded_at=at)


def _index(used: Used, found: Record, at: datetime) -> None:
    """The index rows of a record: what is true now or will be, and what was once.

    All of a record's rows are written anew: they are some twenty, and one mechanism serves every
    act.
    """
    facts = history([found.pk])
    rows = terms.rows(
        used, found.pk, found.key, found.division, facts, timezone.localtime(at).date()
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registers_term WHERE record_id = %s", [found.pk])
        cursor.execute(_INDEX, [list(column) for column in zip(*rows, strict=True)])


_INDEX = """
INSERT INTO registers_term (lane, text, latin, initials, number, record_id, reach)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
    %s::bigint[])
"""
