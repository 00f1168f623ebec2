"""A batch as the texts that COPY takes: records, facts and index rows, put together in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from xiangyun.domain.accounts.ports import cipher
from xiangyun.kernel.ledger import spelled

from . import proofs, sealing, terms
from .declarations import Used
from .states import State

New = tuple[dict[str, Any], date, date | None, int | None]
"""A fact to be written: data in clear, from, to, and the fact that it corrects."""
_NULL = "\\N"


class Copied:
    """What a batch writes; ids of new records and facts are drawn when it is written."""

    def __init__(self, used: Used, at: datetime, source: str, why: str, salt: bytes) -> None:
        self.used, self.at, self.salt = used, at, salt
        self.hashes: list[bytes] = []
        self.records: list[tuple[str, int, UUID | None]] = []
        self.facts: list[tuple[int, dict[str, Any], str, date, date | None, int | None]] = []
        """Record (its id, or -1 - n for the n-th new one), data, its text, from, to, corrects."""
        self.indexed: list[tuple[int, str, int, list[State]]] = []
        self.moved: list[tuple[int, int]] = []
        self.tail = f"{_copied(source)}\t{_copied(why)}"
        self._register = spelled(used.code)
        fields = sorted(used.declaration.by_name) if used.declaration else []
        self._names = [(name, f"{spelled(name)}:") for name in fields]

    @property
    def size(self) -> int:
        """How many facts it has."""
        return len(self.facts)

    def add(
        self,
        record: int | None,
        key: str,
        division: int,
        holder: UUID | None,
        new: Sequence[New],
        old: Sequence[State],
        *,
        moved: bool,
    ) -> None:
        """New facts of one key; `old` are those that its record has."""
        if record is None:
            record = -1 - len(self.records)
            self.records.append((key, division, holder))
        elif moved:
            self.moved.append((record, division))
        spelled_key, facts = spelled(key), list(old)
        for data, valid_from, valid_to, corrects in new:
            text = self._text(data)
            salt = proofs.salt_of(self.salt, len(self.facts))
            leaf = proofs.leaf_of(self._register, spelled_key, text, valid_from, valid_to, salt)
            self.hashes.append(proofs.hash_of(leaf))
            self.facts.append((record, data, text, valid_from, valid_to, corrects))
            facts = [f for f in facts if f.fact != corrects]
            facts.append(self._state(record, key, division, data, valid_from, valid_to))
        self.indexed.append((record, key, division, facts))

    def _text(self, data: Mapping[str, Any]) -> str:
        """The data as canonical JSON, with the names spelled once for all rows."""
        told = []
        for name, begun in self._names:
            value = data.get(name)
            if type(value) is str:
                told.append(begun + encode_basestring(value))
            elif value is not None:
                told.append(begun + spelled(proofs.exact(value)))
        return f"{{{','.join(told)}}}"

    def _state(
        self,
        record: int,
        key: str,
        division: int,
        data: Mapping[str, Any],
        valid_from: date,
        valid_to: date | None,
    ) -> State:
        number = (1 << 62) + len(self.facts)  # after all that is recorded already
        return State(
            record, self.used.code, key, division, None, None, number, self.used.version, data,
            valid_from, valid_to, self.at, "", "", None, None, None, 0,
        )  # fmt: skip


def copy_batch(connection: BaseDatabaseWrapper, copied: Copied, batch: int) -> None:
    """Write a batch, in the caller's transaction, by COPY as the owner of the tables."""
    used = copied.used
    with connection.cursor() as cursor:
        records = _drawn(cursor, "registers_record_id_seq", len(copied.records))
        facts = _drawn(cursor, "registers_fact_id_seq", copied.size)
        if again := [record for record, *_ in copied.indexed if record >= 0]:
            cursor.execute("DELETE FROM registers_term WHERE record_id = ANY (%s)", [again])
        for record, division in copied.moved:
            cursor.execute(_MOVED, [division, used.reach(division), record])
        counties = {division // terms.COUNTY for _, _, division, _ in copied.indexed}
        cursor.execute(_COUNTIES, [used.number, sorted(counties)])
        _copy(cursor, _RECORDS, _record_lines(copied, records))
        _copy(cursor, _FACTS, _fact_lines(copied, records, facts, batch))
        _copy(cursor, _TERMS, _term_lines(copied, records))
        for fact, (*_, corrects) in zip(facts, copied.facts, strict=True):
            if corrects is not None:
                cursor.execute(_SUPERSEDED, [fact, copied.at, corrects])


def _drawn(cursor: Any, sequence: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
    return [number for (number,) in cursor.fetchall()]


_MOVED = "UPDATE registers_record SET division = %s, reach = %s WHERE id = %s"
_SUPERSEDED = "UPDATE registers_fact SET superseded_by = %s, superseded_at = %s WHERE id = %s"
_COUNTIES = """
INSERT INTO registers_county (register, county) SELECT %s, unnest(%s::integer[])
ON CONFLICT DO NOTHING
"""
_RECORDS = """
COPY registers_record (id, register, number, key, division, holder, matter, reach) FROM STDIN
"""
_FACTS = """
COPY registers_fact (id, record_id, version, data, valid_from, valid_to, recorded_at, batch, leaf,
    sealed_by, source, why) FROM STDIN
"""
_TERMS = """
COPY registers_term (lane, text, latin, initials, number, record_id, reach) FROM STDIN
"""
_PIECE = 4_000
"""Lines handed over at once."""


def _copy(cursor: Any, sql: str, lines: Sequence[str]) -> None:
    with cursor.copy(sql) as writing:
        for at in range(0, len(lines), _PIECE):
            writing.write("".join(lines[at : at + _PIECE]))


def _record_lines(copied: Copied, ids: Sequence[int]) -> list[str]:
    used = copied.used
    head = f"{_copied(used.code)}\t{used.number}"
    return [
        f"{ident}\t{head}\t{_copied(key)}\t{division}\t{holder or _NULL}\t{used.matter}"
        f"\t{used.reach(division)}\n"
        for ident, (key, division, holder) in zip(ids, copied.records, strict=True)
    ]


def _fact_lines(
    copied: Copied, records: Sequence[int], facts: Sequence[int], batch: int
) -> list[str]:
    used, sensitive = copied.used, copied.used.sensitive
    keys = cipher() if sensitive else None
    newest = sealing.newest_key() if sensitive else 0
    at, lines = copied.at.isoformat(), []
    fields = used.declaration.fields if used.declaration else ()
    whole = [field.name for field in fields if field.type == "integer" and not field.sensitive]
    for leaf, (ident, (record, data, text, begins, ends, _)) in enumerate(
        zip(facts, copied.facts, strict=True)
    ):
        own = record if record >= 0 else records[-1 - record]
        sealed_by: int | str = _NULL
        if any(abs(data.get(name, 0)) > 2**53 for name in whole):
            text = json.dumps(
                data, ensure_ascii=False
            )  # a leaf tells its digits, a fact the number
        if sensitive and sensitive & data.keys():
            text = spelled(sealing.sealed(used.code, own, data, sensitive, keys))
            sealed_by = newest
        lines.append(
            f"{ident}\t{own}\t{used.version}\t{text.replace(chr(92), chr(92) * 2)}\t{begins}\t"
            f"{ends or _NULL}\t{at}\t{batch}\t{leaf}\t{sealed_by}\t{copied.tail}\n"
        )
    return lines


def _term_lines(copied: Copied, records: Sequence[int]) -> list[str]:
    used, lines = copied.used, []
    first = terms.lane(used.number, 0)
    today = timezone.localtime(copied.at).date()
    for record, key, division, facts in copied.indexed:
        own = record if record >= 0 else records[-1 - record]
        county, end = division // terms.COUNTY, f"{own}\t{used.reach(division)}\n"
        for term, is_past in terms.placed(used, key, facts, today).items():
            field, text, latin, initials, number = term
            lane = first + (field * 2 + is_past) * terms.COUNTY + county
            if latin is not None:  # a part of a name: nothing in it has to be escaped
                lines.append(f"{lane}\t{text}\t{latin}\t{initials}\t\\N\t{end}")
            elif text is not None:
                lines.append(f"{lane}\t{_copied(text)}\t\\N\t\\N\t\\N\t{end}")
            else:
                lines.append(f"{lane}\t\\N\t\\N\t\\N\t{number}\t{end}")
    return lines


def _copied(text: str) -> str:
    """A text as COPY takes it."""
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        return text.replace("\t", "\\t").replace("\r", "\\r")
    return text
