"""Time goes on: divisions merge, duplicates are found, people die. Records follow, with a trace.

Nothing of what was true is changed: a record that lies elsewhere from a day on gets a new fact, a
duplicate says which record goes on for it, and each of it is an entry of the journal with a reason.
A register that goes to another department does so by a new version of its declaration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.journal import actions as journal
from xiangyun.domain.succession import Succession
from xiangyun.kernel.codes.division import subtree
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Refused, Text

from . import actions, checks, declarations
from .looking import subject_of
from .models import Record
from .states import states

_PIECE = 500


def succeed(happened: Succession) -> int:
    """Records follow what happened to a party or a division; how many.

    Those of a department follow by a new version of their register's declaration.
    """
    by = Actor(name=happened.by_name or SYSTEM.name, kind="system", account=happened.by)
    if happened.what == "division":
        old, new = happened.numbers
        return move_division(
            old,
            new,
            on=happened.on,
            why=happened.why,
            at=happened.at,
            source=happened.why,
            actor=by,
        )
    if not isinstance(happened.old, UUID):
        return 0
    if happened.what == "death":
        return note_death(
            happened.old,
            on=happened.on,
            why=happened.why,
            at=happened.at,
            source=happened.why,
            actor=SYSTEM,
        )
    assert isinstance(happened.new, UUID)
    return follow_party(happened.old, happened.new, at=happened.at, actor=by)


def move_division(
    old: int, new: int, *, on: date, why: str, at: datetime, source: str, actor: Actor = SYSTEM
) -> int:
    """Records that lie in a division, or below it, lie in another one from a day on; how many.

    A place below keeps its last digits where the new division has a place with them, and else is
    the new division itself. What a place is the key of tells of that place and stays. Begun again,
    it goes on with what has not moved yet. Raises Refused `register.E015` without a reason,
    NotFound `register.E029` for a new division that is not there.
    """
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    _division(new)
    low, high = subtree(old)
    known = {new, *divisions.places(*subtree(new))}
    moved = 0
    for record in _records_in(low, high):
        place = new + record.division - old
        target = place if place in known else new
        used = declarations.used(record.register)
        field = used.declaration.division if used.declaration else ""
        if field and used.declaration and used.declaration.key == field:
            continue
        with transaction.atomic(), acting_as(SYSTEM):
            state = states([record.pk], as_of=on).get(record.pk)
            if field and state is not None and state.data is not None:
                actions.record(
                    used.code,
                    record.key,
                    {**(state.opened or {}), field: f"{target:012}"},
                    valid_from=on,
                    source=source,
                    why=why,
                    at=at,
                    holder=record.holder,
                )
            else:  # nothing says where it lies but its row; or it has ended
                actions.place(used, record, target, record.holder)
            _note(record, "record.moved", {"from": old, "to": target}, why, actor, at)
        moved += 1
    return moved


def _records_in(low: int, high: int) -> Iterator[Record]:
    last = 0
    while True:
        with acting_as(SYSTEM):
            within = Record.objects.filter(division__range=(low, high), pk__gt=last)
            some = list(within.order_by("pk")[:_PIECE])
        if not some:
            return
        yield from some
        last = some[-1].pk


def join(
    register: str, duplicate: str, stays: str, *, why: str, at: datetime, actor: Actor = SYSTEM
) -> None:
    """Two records are about the same: one goes on, the other says so and is listed no more.

    The duplicate's facts stay in the history of both. Raises Refused `register.E015` without a
    reason, NotFound `register.E016`, Conflict `register.E030` for one record twice.
    """
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    used = declarations.used(register)
    with transaction.atomic(), acting_as(SYSTEM):
        locked = Record.objects.select_for_update().order_by("pk")
        keys = [*used.keys(duplicate), *used.keys(stays)]
        found = {r.key: r for r in locked.filter(register=used.code, key__in=keys)}
        away, on = (_of(found, used.keys(key)) for key in (duplicate, stays))
        if away is None or on is None:
            raise NotFound([checks.nothing_true(used)])
        if away.pk == on.pk or on.merged_into_id is not None or away.merged_into_id is not None:
            raise Conflict([_SAME])
        Record.objects.filter(pk=away.pk).update(merged_into=on)
        Record.objects.filter(merged_into=away).update(merged_into=on)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM registers_term WHERE record_id = %s", [away.pk])
        for one, other in ((away, on), (on, away)):
            _note(one, "record.joined", {"with": other.pk}, why, actor, at)


def _of(found: Mapping[str, Record], keys: Sequence[str]) -> Record | None:
    return next((found[key] for key in keys if key in found), None)


def follow_party(duplicate: UUID, stays: UUID, *, at: datetime, actor: Actor = SYSTEM) -> int:
    """Records about a party that was joined with another are about that one; how many."""
    with transaction.atomic(), acting_as(SYSTEM):
        found = list(Record.objects.select_for_update().filter(holder=duplicate))
        for record in found:
            Record.objects.filter(pk=record.pk).update(holder=stays)
            record.holder = stays
            _note(record, "record.followed", {}, "", actor, at)
    return len(found)


def note_death(
    holder: UUID, *, on: date, why: str, at: datetime, source: str, actor: Actor = SYSTEM
) -> int:
    """Somebody has died: records about the person end on that day, in registers of persons.

    How many. What is recorded about things and organisations stays, and so do all facts.
    """
    if not why.strip():
        raise Refused([checks.WHY_WANTED])
    ended = 0
    with transaction.atomic(), acting_as(SYSTEM):
        for record in Record.objects.filter(holder=holder, merged_into=None).order_by("pk"):
            used = declarations.used(record.register)
            state = states([record.pk], as_of=on).get(record.pk)
            if used.declaration is None or used.declaration.subject != "person":
                continue
            if state is not None and state.data is not None:
                actions.end(
                    used.code, record.key, on=on, why=why, source=source, at=at, actor=actor
                )
                ended += 1
    return ended


def _division(code: int) -> None:
    try:
        divisions.division(code)
    except divisions.Division.DoesNotExist:
        raise NotFound([_no_division(code)]) from None


def _note(
    record: Record, verb: str, data: dict[str, object], why: str, actor: Actor, at: datetime
) -> None:
    journal.record(
        journal.entry_of(
            verb=verb,
            subject=subject_of(record.register, record.pk),
            division=record.division,
            owner=record.holder,
            actor=actor.account,
            actor_name=actor.name,
            desk="",
            at=at,
            data={"register": record.register, **data},
            private={"key": record.key, "why": why},
        )
    )


def _no_division(code: int) -> Finding:
    return Finding(
        "register.E029",
        "error",
        Text("没有区划 {code}。", "There is no division {code}.", code=f"{code:012}"),
        hint=Text("请核对 12 位区划代码。", "Check the code of 12 digits."),
    )


_SAME = Finding(
    "register.E030",
    "error",
    Text("这两条记录已经合并，或者是同一条。", "The two records are joined already, or are one."),
    hint=Text("请核对两个主键。", "Check both keys."),
)
