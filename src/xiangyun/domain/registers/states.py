"""What is true of records: as of any day, and as known on any day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from . import sealing


@dataclass(frozen=True, slots=True)
class State:
    """What is true of a record on a day: the fact that counts, with where it comes from.

    `data` is as the fact has it, sensitive values encrypted; null where the record has ended.
    """

    record: int
    register: str
    key: str
    division: int
    holder: UUID | None
    merged_into: int | None
    fact: int
    version: int
    data: Mapping[str, Any] | None
    valid_from: date
    valid_to: date | None
    recorded_at: datetime
    source: str
    why: str
    superseded_by: int | None
    superseded_at: datetime | None
    batch: int | None
    leaf: int

    @property
    def opened(self) -> Mapping[str, Any] | None:
        """The data with sensitive values readable; for the platform and journalled looks alone."""
        if self.data is None or not any(type(v) is dict for v in self.data.values()):
            return self.data  # what is sealed is an object, and nothing else is
        return sealing.opened(self.register, self.record, self.data)

    @property
    def recorded_on(self) -> date:
        """The day, where the office is, on which it was written down."""
        return timezone.localtime(self.recorded_at).date()


_COLUMNS = """
r.id, r.register, r.key, r.division, r.holder, r.merged_into_id, f.id, f.version, f.data,
f.valid_from, f.valid_to, f.recorded_at, f.source, f.why, f.superseded_by, f.superseded_at,
f.batch, f.leaf
"""
_STATES = f"""
SELECT {_COLUMNS} FROM registers_record r CROSS JOIN LATERAL (
    SELECT * FROM registers_fact f WHERE f.record_id = r.id
        AND f.valid_from <= %(day)s AND (f.valid_to IS NULL OR f.valid_to > %(day)s)
        AND f.recorded_at < %(known)s
        AND (f.superseded_at IS NULL OR f.superseded_at >= %(known)s)
    ORDER BY f.valid_from DESC, f.id DESC LIMIT 1
) f WHERE r.id = ANY(%(records)s)
"""
_ABOUT = (
    _STATES.partition("WHERE r.id = ANY")[0]
    + """
WHERE r.holder = %(holder)s AND r.merged_into_id IS NULL AND f.data IS NOT NULL
ORDER BY f.valid_from, f.id
"""
)
_HISTORY = f"""
SELECT {_COLUMNS} FROM registers_record r JOIN registers_fact f ON f.record_id = r.id
WHERE r.id = ANY(%(records)s) ORDER BY f.id
"""
_ALWAYS = "infinity"


def states(
    records: Iterable[int],
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    using: str = "default",
) -> dict[int, State]:
    """The states of records by their ids, as the asker may see; one statement.

    On the day `as_of` (today), as it was known at the end of the day `known_on` (now). Records
    of which nothing was true then are absent; of ended ones `data` is None.
    """
    wanted = list(records)
    if not wanted:
        return {}
    day = as_of or timezone.localdate()
    values = {"records": wanted, "day": day, "known": _end_of(known_on)}
    return {state.record: state for state in _rows(_STATES, values, using)}


def about(holder: UUID, *, as_of: date | None = None) -> list[State]:
    """What is true on a day of the records about a party, as the asker may see, the oldest first;
    one statement, which asks row-level security once."""
    day = as_of or timezone.localdate()
    return _rows(_ABOUT, {"holder": holder, "day": day, "known": _ALWAYS}, "default")


def history(records: Iterable[int], *, using: str = "default") -> list[State]:
    """Every fact of records, in the order in which they were recorded; one statement."""
    return _rows(_HISTORY, {"records": list(records)}, using)


def state_in(facts: Iterable[State], day: date, known: datetime | None = None) -> State | None:
    """The fact among these that counts on a day, as known before a moment: as `states` chooses."""
    holding = [
        fact
        for fact in facts
        if fact.valid_from <= day
        and (fact.valid_to is None or fact.valid_to > day)
        and (known is None or fact.recorded_at < known)
        and (fact.superseded_at is None or (known is not None and fact.superseded_at >= known))
    ]
    return max(holding, key=lambda fact: (fact.valid_from, fact.fact), default=None)


def divided(facts: Sequence[State], day: date) -> tuple[list[State], list[State]]:
    """The facts that count on a day or on a later one, and all others."""
    if all(fact.valid_to is None and fact.superseded_by is None for fact in facts):
        # Each counts until the next one begins: of those begun, the last.
        ordered = sorted(facts, key=lambda fact: (fact.valid_from, fact.fact))
        begun = max((at for at, f in enumerate(ordered) if f.valid_from <= day), default=0)
        first = [
            f
            for f, after in zip(ordered, [*ordered[1:], None], strict=True)
            if after is None or after.valid_from != f.valid_from
        ]
        live_ones = [f for f in first if f.valid_from > day or f is ordered[begun]]
        kept = {f.fact for f in live_ones}
        return live_ones, [f for f in facts if f.fact not in kept]
    days = {day}
    for fact in facts:
        days |= {each for each in (fact.valid_from, fact.valid_to) if each and each > day}
    live = {state.fact for each in days if (state := state_in(facts, each)) is not None}
    return [f for f in facts if f.fact in live], [f for f in facts if f.fact not in live]


def _rows(sql: str, values: Mapping[str, Any], using: str) -> list[State]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return [State(*(*row[:8], data_of(row[8]), *row[9:])) for row in rows]


def data_of(value: object) -> dict[str, Any] | None:
    """The data of a fact as a statement written by hand gives it; numbers keep every digit."""
    if isinstance(value, str | bytes):
        value = json.loads(value, parse_float=Decimal)
    return value  # type: ignore[return-value]


def _end_of(day: date | None) -> datetime | str:
    if day is None or day == date.max:
        return _ALWAYS
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
