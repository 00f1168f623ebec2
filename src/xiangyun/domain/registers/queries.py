"""Read registers: by a field, by name, about a party; as of any day, as known on any day."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from xiangyun.domain.accounts.access import Actor
from xiangyun.kernel.findings import Conflict, Finding, NotFound, Text

from . import names, sealing, searching, terms
from .declarations import SPAN, Used, all_used, declared, used, used_or_new
from .models import Record
from .searching import Filter
from .states import State, about, history, states

__all__ = [
    "Page",
    "Record",
    "State",
    "Used",
    "all_used",
    "declared",
    "facts_about",
    "facts_of",
    "history",
    "lookup",
    "own_facts",
    "readable",
    "record_of",
    "record_with",
    "records_about",
    "search",
    "state",
    "states_of",
    "used",
]

MOST_FOUND = 1_000
"""Records that one look-up brings at most; more are refused, never left out."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what was found; `after` is where the next one begins, None on the last."""

    states: tuple[State, ...]
    after: str | None


def readable() -> list[Used]:
    """The declared registers that the asker may look into somewhere, by their names."""
    with connection.cursor() as cursor:
        cursor.execute(_READABLE)
        numbers = {number for (number,) in cursor.fetchall()}
    found = [one for one in all_used() if one.declaration is not None and one.number in numbers]
    return sorted(found, key=lambda one: one.name.zh)


_READABLE = f"""
SELECT number FROM registers_register WHERE need > 0 OR int8range(
    number::bigint * {SPAN}, (number::bigint + 1) * {SPAN}) && (SELECT xiangyun_reach())
"""


def record_with(register: str, key: str) -> Record | None:
    """The record with a key, as the asker may see; the one it was joined to, if it was."""
    # The register may be asked for by a code of before; a key with a NUL is nobody's.
    if "\0" in key or "\0" in register:
        return None
    one = _used(register)
    code, keys = (one.code, one.keys(key)) if one else (register, (key,))
    found = Record.objects.filter(register=code, key__in=keys).first()
    while found is not None and found.merged_into_id is not None:
        found = Record.objects.filter(pk=found.merged_into_id).first()
    return found


def _used(register: str) -> Used | None:
    try:
        return used(register)
    except NotFound:
        return None


def facts_of(record: Record) -> list[State]:
    """Every fact of a record and of what was joined with it, in the order they were recorded in."""
    joined = Record.objects.filter(merged_into=record).values_list("pk", flat=True)
    return history([record.pk, *joined])


def state(
    register: str,
    key: str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    opened: bool = False,
) -> State | None:
    """What is true of a record on a day (today), as known on a day (now); None where nothing is.

    Sensitive values stay encrypted unless `opened`, which is for the platform and journalled
    looks alone (see `actions.unmask`).
    """
    found = record_with(register, key)
    if found is None:
        return None
    one = states([found.pk], as_of=as_of, known_on=known_on).get(found.pk)
    return None if one is None or one.data is None else (_opened(one) if opened else one)


def states_of(register: str, keys: Iterable[str], *, as_of: date | None = None) -> dict[str, State]:
    """What `state` says of many records, by the keys that were asked for; those of which nothing is
    true are left out. Three statements, and some more for each record that was joined to another.
    """
    one = _used(register)
    asked = {key: one.keys(key) if one else (key,) for key in keys if "\0" not in key}
    wanted = {each for spelled in asked.values() for each in spelled}
    rows = Record.objects.filter(register=one.code if one else register, key__in=wanted)
    by_key = {row.key: row for row in rows}
    records: dict[str, int] = {}
    for key, spelled in asked.items():
        row = next((by_key[each] for each in spelled if each in by_key), None)
        if row is not None and row.merged_into_id is not None:
            row = record_with(register, key)
        if row is not None:
            records[key] = row.pk
    found = states(set(records.values()), as_of=as_of)
    return {
        key: found[record]
        for key, record in records.items()
        if record in found and found[record].data is not None
    }


def lookup(
    register: str,
    field: str,
    value: Any,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    without_source: str | None = None,
    most: int = MOST_FOUND,
    opened: bool = False,
) -> list[dict[str, Any]]:
    """The data of the records of a register whose `field` is `value`, each with its `key`, by keys.

    `value` is as JSON has it; null is no value, and finds nothing. `field` may be `key`. On the
    day `as_of`, as known on the day `known_on`; `without_source`: not what this source entered.
    Raises Conflict `register.E012` where more than `most` answer, Refused `register.E011` for a
    field that is not searched, NotFound for a register that nobody declared.
    """
    if value is None:
        return []
    one = used_or_new(register)
    found = states(_candidates(one, field, value, most), as_of=as_of, known_on=known_on)
    answering = [
        state if not opened else _opened(state)
        for state in found.values()
        if state.data is not None
        and state.merged_into is None
        and state.source != without_source
        and _is(one, state, field, value)
    ]
    if len(answering) > most:
        raise Conflict([_too_many(one, most)])
    answering.sort(key=lambda state: state.key)
    return [{**(state.data or {}), "key": state.key} for state in answering]


def _candidates(one: Used, field: str, value: Any, most: int) -> list[int]:
    """Records of which the value was true at some time: what the index rows say."""
    if field == "key" or field == one.key_field:
        wanted = Record.objects.filter(register=one.code, key__in=one.keys(str(value)))
        return list(wanted.values_list("pk", flat=True))
    if one.declaration is None:
        with connection.cursor() as cursor:
            cursor.execute(_CONTAINED, [one.code, json.dumps({field: value}, default=str)])
            return [record for (record,) in cursor.fetchall()]
    if isinstance(value, list | dict | bool):
        return []
    way = searching.way_of(one, field, value)
    if way.column == "text":
        low = way.low
        condition, values = "text = %s", [low]
    else:
        condition, values = "number = %s", [way.low]
    first = terms.lane(one.number, way.field)
    sql = f"{_TERMS} AND {condition} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [one.number, first, *values, most * 4 + 1])
        found = {record for (record,) in cursor.fetchall()}
    if len(found) > most * 4:
        raise Conflict([_too_many(one, most)])
    return sorted(found)


_CONTAINED = """
SELECT DISTINCT r.id FROM registers_record r JOIN registers_fact f ON f.record_id = r.id
WHERE r.register = %s AND f.data @> %s::jsonb
"""
# What is true and what was once lie in two neighbouring lanes of every county.
_TERMS = f"""
SELECT t.record_id FROM (
    SELECT county + past * {terms.COUNTY} AS step FROM registers_county, (VALUES (0), (1)) p (past)
    WHERE register = %s
) steps JOIN registers_term t ON t.lane = %s + steps.step
WHERE true
"""


def _is(one: Used, state: State, field: str, value: Any) -> bool:
    """Whether the field of the state is the value: by value and type, as in a rehearsal."""
    if field == "key" or field == one.key_field:
        return state.key in one.keys(str(value))
    held = (state.data or {}).get(field)
    if sealing.is_sealed(held):
        held = (state.opened or {}).get(field)
    if isinstance(held, list):
        return value in held
    declared = one.declaration.by_name.get(field) if one.declaration else None
    if declared is not None and declared.type == "number" and held is not None:
        return terms.measure(declared, held) == terms.measure(declared, value)
    return held == value and isinstance(held, bool) == isinstance(value, bool)


def search(
    register: str,
    text: str = "",
    *,
    filters: Mapping[str, Filter] | None = None,
    within: int | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
    after: str | None = None,
    limit: int = 50,
    recorded: tuple[int, int] | None = None,
    keys: Sequence[str] | None = None,
) -> Page:
    """A page of the records that answer, as the asker may see: three statements, however many.

    `text` is a code, a part of a name, its pinyin or initials; `filters` say what fields have to
    be, a value or (from, to); `within` is a division; `recorded`: only records with facts
    numbered above the first and up to the second; `keys`: only records with these.
    Raises as `searching.hits` does.
    """
    one = used(register)
    past = as_of is not None or known_on is not None
    found = searching.hits(
        one,
        text=text,
        filters=filters,
        within=within,
        after=after,
        limit=limit,
        past=past,
        recorded=recorded,
        keys=keys,
    )
    known = states({hit.record for hit in found}, as_of=as_of, known_on=known_on)
    shown: dict[int, State] = {}
    for hit in found:
        state = known.get(hit.record)
        if state is None or state.data is None or state.merged_into is not None:
            continue
        if _answers(one, state, hit, text, filters or {}, first=hit.record not in shown):
            shown.setdefault(hit.record, state)
    more = len(found) >= min(limit, searching.MOST)
    return Page(tuple(shown.values()), searching.cursor_of(found[-1]) if more else None)


def _answers(
    one: Used,
    state: State,
    hit: searching.Hit,
    text: str,
    filters: Mapping[str, Filter],
    *,
    first: bool,
) -> bool:
    """Whether a hit is true on the day, and the first of its record: it is shown once, there."""
    if not first:
        return False
    data = state.opened or {}
    asked, conditions = searching.leading(one, text, filters)

    def answers(way: searching.Way) -> Iterator[str | int]:
        values = terms.values_in(one, state.key, data, way.field, way.column)
        return (value for value in values if way.holds(value))

    if not all(any(True for _ in answers(way)) for way in conditions):
        return False
    best = next(
        (
            (rank, found)
            for rank, way in enumerate(asked)
            if (found := min(answers(way), default=None)) is not None
        ),
        None,
    )
    if best != (hit.rank, hit.value):
        return False
    # A question that is longer than what is kept of a suffix is compared with the whole name.
    written = names.normal(text)
    if len(written) <= names.LONGEST or not names.is_chinese(text):
        return True
    return any(written in names.normal(str(value)) for value in (state.data or {}).values())


def records_about(holder: UUID, *, as_of: date | None = None, opened: bool = False) -> list[State]:
    """What all registers know about a party on a day, the oldest first.

    Sensitive values stay encrypted unless `opened`: the party itself sees its own.
    """
    found = about(holder, as_of=as_of)
    return [_opened(state) for state in found] if opened else found


def own_facts(one: Used, state: State) -> list[State]:
    """Every fact of a record of `records_about`, in the order they were recorded in, for its party.

    Sensitive values are readable in the one that counts, and in those that name the same party:
    before, the record may have been about another.
    """
    named = one.declaration.subject_field if one.declaration else ""
    party = (state.opened or {}).get(named)

    def is_own(fact: State) -> bool:
        said = (fact.opened or {}).get(named)
        return fact.fact == state.fact or (said is not None and said == party)

    return [_opened(fact) if is_own(fact) else fact for fact in history([state.record])]


def facts_about(holders: Collection[UUID]) -> list[State]:
    """Every fact of every record about some parties, of ended ones too, in the order recorded."""
    held = Record.objects.filter(holder__in=holders, merged_into=None)
    return history(held.values_list("pk", flat=True))


def owned(actor: Actor) -> Iterator[tuple[str, object]]:
    """What every register knows about the party acted for today, readable, with its source."""
    if actor.subject is None:
        return
    for state in records_about(actor.subject, opened=True):
        yield (
            f"registers/{state.register}-{state.record}.json",
            {
                "register": state.register,
                "key": state.key,
                "data": state.data,
                "valid_from": state.valid_from,
                "recorded_at": state.recorded_at,
                "source": state.source,
            },
        )


def record_of(holder: UUID, register: str) -> State | None:
    """What a register knows about a party, with its source and date."""
    about = [state for state in records_about(holder) if state.register == register]
    return about[-1] if about else None


def _opened(state: State) -> State:
    """The state with its sensitive values readable."""
    return replace(state, data=state.opened)


def _too_many(one: Used, most: int) -> Finding:
    return Finding(
        "register.E012",
        "error",
        Text(
            "{register}中符合条件的记录超过 {most} 条，查找没有进行。",
            "More than {most} records of {register} answer; nothing was looked up.",
            register=one.name,
            most=most,
        ),
        hint=Text(
            "请按更确切的字段查找，例如主键或证件号码。",
            "Look up by a field that says more, such as the key or a code.",
        ),
    )
