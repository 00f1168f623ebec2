"""Registers handed on: what is true on a day, what has changed since, a fact with its proof."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import queries as journal
from xiangyun.kernel.findings import Finding, NotFound, Text

from . import proofs, sealing
from .declarations import Used, used
from .models import Batch, Record
from .states import State, data_of, history, states

_PIECE = 2_000


def records(
    register: str, *, as_of: date | None = None, known_on: date | None = None
) -> Iterator[State]:
    """What is true of every record on a day, as the asker may see, by the records' numbers."""
    one, last = used(register), 0
    while True:
        some = list(
            Record.objects.filter(number=one.number, pk__gt=last, merged_into=None)
            .order_by("pk")
            .values_list("pk", flat=True)[:_PIECE]
        )
        if not some:
            return
        found = states(some, as_of=as_of, known_on=known_on)
        yield from (found[pk] for pk in some if pk in found and found[pk].data is not None)
        last = some[-1]


def row_of(one: Used, state: State) -> dict[str, Any]:
    """A record as a row of an export: every declared field but the sensitive ones, and its time."""
    data = state.data or {}
    names = [f.name for f in one.declaration.fields] if one.declaration else sorted(data)
    row = {name: data.get(name) for name in names if name not in one.sensitive}
    if one.declaration is None or one.hides_key:
        row["key"] = state.key
    return row | {
        "valid_from": state.valid_from.isoformat(),
        "valid_to": state.valid_to.isoformat() if state.valid_to else None,
    }


@dataclass(frozen=True, slots=True)
class Change:
    """A fact of the feed: where it stands in the journal, what it is, and what it superseded."""

    index: int
    state: State

    def as_json(self, one: Used) -> dict[str, Any]:
        """As a line of the feed; sensitive values are masked."""
        state = self.state
        return {
            "index": self.index,
            "register": state.register,
            "key": state.key,
            "fact": state.fact,
            "data": None if state.data is None else dict(sealing.masked(state.data)),
            "valid_from": state.valid_from.isoformat(),
            "valid_to": state.valid_to.isoformat() if state.valid_to else None,
            "recorded_at": timezone.localtime(state.recorded_at).isoformat(),
            "source": state.source,
            "why": state.why,
            "superseded_by": state.superseded_by,
            "version": state.version,
        }


_BATCHES = """
SELECT l.index, b.id FROM journal_leaf l JOIN registers_batch b ON b.entry = l.entry_id
WHERE l.index >= %s AND b.register = %s ORDER BY l.index LIMIT %s
"""
_CHANGED = """
SELECT DISTINCT f.record_id FROM registers_fact f WHERE f.batch = %s
"""


def changes(register: str, since: int = 0, batches: int = 100) -> Iterator[Change]:
    """What was recorded since a place in the journal, in its order: nothing twice, nothing missed.

    `since` is the size of the journal that is known already, such as 1 + the last `index`. Only
    what is sealed is told: what commits late gets a later place.
    """
    one = used(register)
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_BATCHES, [since, one.number, batches])
        found = cursor.fetchall()
    for index, batch in found:
        with connection.cursor() as cursor:
            cursor.execute(_CHANGED, [batch])
            touched = [record for (record,) in cursor.fetchall()]
        for at in range(0, len(touched), _PIECE):
            for fact in history(touched[at : at + _PIECE]):
                if fact.batch == batch:
                    yield Change(index, fact)


def proof_of(register: str, key: str, fact: int | None = None) -> Mapping[str, Any]:
    """The proof of a fact, the latest one without `fact`, with the receipt of its entry.

    As the asker may see the record; the leaf shows sensitive values, so that it is for its
    subject and for offices. Raises NotFound `register.E016`.
    """
    one = used(register)
    found = Record.objects.filter(register=one.code, key__in=one.keys(key)).first()
    facts = [f for f in history([found.pk]) if f.batch is not None] if found else []
    chosen = [f for f in facts if fact in (None, f.fact)]
    if not chosen:
        raise NotFound([_nothing(one)])
    asked = chosen[-1]
    with acting_as(SYSTEM):
        batch = Batch.objects.get(pk=asked.batch or 0)
        receipt = journal.receipt(batch.entry)
        assert receipt is not None
        # A register that was declared later may have had another code when it was recorded.
        code = json.loads(receipt["entries"][0]["leaf"])["data"]["register"]
        texts = leaves(code, batch)
    return {**proofs.proof_of(texts, asked.leaf), "receipt": receipt}


_OF_A_BATCH = """
SELECT r.id, r.register, r.key, f.data, f.valid_from, f.valid_to FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id WHERE f.batch = %s ORDER BY f.leaf
"""


def leaves(code: str, batch: Batch) -> list[str]:
    """The leaves of a batch, in order, from what is stored now; `code` as the journal has it."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_A_BATCH, [batch.pk])
        rows = cursor.fetchall()
    salt, texts = bytes(batch.salt), []
    for leaf, (record, register, key, data, begins, ends) in enumerate(rows):
        kept = data_of(data)
        clear = None if kept is None else sealing.opened(register, record, kept)
        own = proofs.salt_of(salt, leaf)
        texts.append(proofs.leaf_text(code, key, clear, begins, ends, own))
    return texts


def _nothing(one: Used) -> Finding:
    return Finding(
        "register.E016",
        "error",
        Text(
            "{register}里没有可以证明的这条记录。",
            "{register} has no such record that could be proved.",
            register=one.name,
        ),
        hint=Text("请核对主键。", "Check the key."),
    )
