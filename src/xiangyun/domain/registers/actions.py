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
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Stale, Text
from xiangyun.kernel.pack import Declaration
from xiangyun.kernel.record.data import as_json

from . import access, declarations, proofs, queries, sealing, terms
from .declarations import Used
from .models import Batch, Fact, Handler, Record
from .states import State, history, states

__all__ = [
    "Written",
    "correct",
    "declare",
    "end",
    "enter_record",
    "name_handler",
    "note_look",
    "publish",
    "record",
    "release_handler",
    "unmask",
]


@dataclass(frozen=True, slots=True)
class Written:
    """What an act left: the record, its new fact, and the entry of the journal that proves it."""

    record: int
    key: str
    fact: int
    entry: int


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
) -> Written:
    """Record what is true of a key from a day on; what was true before stays true until then.

    `data` is whole, as JSON or FEEL has it; `source` says where it comes from, such as a case.
    `holder` is the party it is about, `division` its place where no field says it. Raises Refused
    with the faults by field, Forbidden `register.E014` where the declaration lets them not write.
    """
    used = declarations.used_or_new(register)
    values = _read(used, data)
    if used.declaration is not None:
        key = _key(used, values, key)
    place = _place(used, values, division)
    access.refuse_writing(used, actor, place, pack)
    holder = holder or _subject(used, values)
    act = _Act("fact.recorded", used, actor, desk, source, why, at)
    with transaction.atomic(), acting_as(SYSTEM):
        found = _locked(used, key)
        if found is None:
            found = _new(used, key, place, holder)
        elif (found.division, found.holder) != (place, holder or found.holder):
            _move(found, used, place, holder or found.holder)
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
        raise Refused([_WHY])
    used = declarations.used_or_new(register)
    read = _read(used, changes, partial=True)
    with transaction.atomic(), acting_as(SYSTEM):
        found, before = _in_force(used, key, valid_from or timezone.localtime(at).date(), seen)
        values = {**sealing.opened(used.code, found.pk, before.data or {})}
        values |= read
        for name, value in changes.items():
            if value is None or value == "":
                values.pop(name, None)
        place = _place(used, values, found.division)
        access.refuse_writing(used, actor, found.division, pack)
        access.refuse_writing(used, actor, place, pack)
        if used.declaration is not None and _key(used, values, None) != key:
            raise Conflict([_other_key(used)])
        act = _Act("fact.corrected", used, actor, desk, source, why, at)
        if place != found.division:
            _move(found, used, place, found.holder)
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
) -> Written:
    """End a record: from this day on nothing is true of it; what was true stays known."""
    if not why.strip():
        raise Refused([_WHY])
    used = declarations.used_or_new(register)
    with transaction.atomic(), acting_as(SYSTEM):
        found, _ = _in_force(used, key, on, seen)
        access.refuse_writing(used, actor, found.division, pack)
        act = _Act("record.ended", used, actor, desk, source, why, at)
        written = _put(act, found, None, on, None)
        _index(used, found, at)
        return written


def name_handler(
    register: str, key: str, account: UUID, *, why: str, at: datetime, actor: Actor = SYSTEM
) -> None:
    """Name somebody who may look at a record above ordinary need. Raises as `end` does."""
    used, found = _handled(register, key, why, actor)
    with transaction.atomic(), acting_as(SYSTEM):
        Handler.objects.get_or_create(
            record=found, account=account, defaults={"why": why, "named_at": at}
        )
        _note(used, found, "handler.named", {"account": str(account), "why": why}, actor, at)


def release_handler(
    register: str, key: str, account: UUID, *, why: str, at: datetime, actor: Actor = SYSTEM
) -> None:
    """End that somebody may look at a record; what was looked at stays in the journal."""
    used, found = _handled(register, key, why, actor)
    with transaction.atomic(), acting_as(SYSTEM):
        Handler.objects.filter(record=found, account=account).delete()
        _note(used, found, "handler.released", {"account": str(account), "why": why}, actor, at)


def note_look(state: State, *, actor: Actor, at: datetime, why: str = "") -> None:
    """Write down, once a day and reason, that somebody looked at a record about a person.

    Also of every record above ordinary need; the one it is about is not noted.
    """
    used = declarations.used(state.register)
    person = used.declaration is not None and used.declaration.subject == "person"
    if actor.kind == "system" or actor.speaks_for(state.holder, used.matter):
        return
    if person or used.need or why:
        data: dict[str, object] = {"register": used.code}
        if why:
            data["why"] = why
        entry = _entry_about(used, state, "record.looked", data, {"key": state.key}, actor, at)
        since = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        journal.record_once(entry, since)


def unmask(register: str, key: str, *, why: str, actor: Actor, at: datetime) -> Mapping[str, Any]:
    """The record's sensitive values readable, for a stated reason that the journal keeps.

    For who may see the record; its subject gives no reason. Raises Refused `register.E015`
    without one, NotFound `register.E016` for what is not there or not for the asker.
    """
    used = declarations.used(register)
    state = queries.state(register, key)
    if state is None:
        raise NotFound([_nothing_true(used)])
    if not actor.speaks_for(state.holder, used.matter):
        if not why.strip():
            raise Refused([_WHY])
        private = {"key": key, "why": why}
        data = {"register": used.code, "fields": sorted(used.sensitive & (state.data or {}).keys())}
        journal.record(_entry_about(used, state, "record.unmasked", data, private, actor, at))
    return {name: (state.opened or {}).get(name) for name in sorted(used.sensitive)}


def _entry_about(
    used: Used,
    state: State,
    verb: str,
    data: Mapping[str, object],
    private: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> journal.NewEntry:
    return journal.entry_of(
        verb=verb,
        subject=subject_of(used.code, state.record),
        division=state.division,
        owner=state.holder,
        actor=actor.account,
        actor_name=actor.name,
        desk=actor.desk_in(state.division),
        at=at,
        data=data,
        private=private,
    )


def _handled(register: str, key: str, why: str, actor: Actor) -> tuple[Used, Record]:
    if not why.strip():
        raise Refused([_WHY])
    used = declarations.used(register)
    with acting_as(SYSTEM):
        found = Record.objects.filter(register=register, key=key).first()
    if found is None:
        raise NotFound([_nothing_true(used)])
    access.refuse_writing(used, actor, found.division)
    return used, found


def _note(
    used: Used,
    found: Record,
    verb: str,
    private: Mapping[str, object],
    actor: Actor,
    at: datetime,
) -> None:
    """An entry about a record that is no fact."""
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject_of(used.code, found.pk),
            division=found.division,
            owner=found.holder,
            actor=actor.account,
            actor_name=actor.name,
            desk=actor.desk_in(found.division),
            at=at,
            data={"register": used.code},
            private={"key": found.key, **private},
        )
    )


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


def subject_of(register: str, record: int) -> str:
    """What the journal calls a record; its key may be an identity number and is kept out."""
    return f"register/{register}/{record}"


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
    key = str(values[used.declaration.key])
    if given is not None and given != key:
        raise Refused([_other_key(used)])
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
    found = records.filter(register=used.code, key=key).first()
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


def _move(found: Record, used: Used, division: int, holder: UUID | None) -> None:
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
        raise NotFound([_nothing_true(used)])
    if seen is not None and before.fact != seen:
        raise Stale([_first(before)])
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
        raise Refused([_NO_TIME])
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
    return Written(found.pk, found.key, fact.pk, entry.pk)


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


# Findings ----------------------------------------------------------------------------------------

_WHY = Finding(
    "register.E015",
    "error",
    Text("更正或注销要写明理由。", "A correction or an end says why."),
    hint=Text(
        "例如：与户口簿核对后改正出生日期。",
        "For example: the date of birth was compared with the household book.",
    ),
)
_NO_TIME = Finding(
    "register.E018",
    "error",
    Text("有效期的终止日不在起始日之后。", "It ends on or before the day on which it begins."),
    hint=Text(
        "终止日是不再有效的第一天，请改日期。",
        "The end is the first day on which it is no longer true: change one of the days.",
    ),
)


def _nothing_true(used: Used) -> Finding:
    return Finding(
        "register.E016",
        "error",
        Text(
            "{register}里这一天没有这条记录。",
            "On that day {register} has no such record.",
            register=used.name,
        ),
        hint=Text(
            "请核对主键和日期；尚未登记的先登记。",
            "Check key and day; what is not recorded yet is recorded first.",
        ),
    )


def _other_key(used: Used) -> Finding:
    return Finding(
        "register.E019",
        "error",
        Text(
            "数据里的主键与这条记录的不同。",
            "The data name another key than this record has.",
        ),
        hint=Text(
            "主键（{key}）不能更正；请注销后另行登记，或者合并两条记录。",
            "The key ({key}) cannot be corrected: end the record and record another, or join both.",
            key=used.key_field,
        ),
    )


def _first(before: State) -> Finding:
    return Finding(
        "register.E017",
        "error",
        Text(
            "这条记录在您查看之后已被他人更改（{day}，来源：{source}），您的更正没有写入。",
            "Somebody changed this record after you looked ({day}, source: {source}); your "
            "correction was not written.",
            day=before.recorded_on,
            source=before.source,
        ),
        hint=Text(
            "请查看现在的内容，仍有不对的再更正。",
            "Look at what it says now, and correct what is still wrong.",
        ),
    )
