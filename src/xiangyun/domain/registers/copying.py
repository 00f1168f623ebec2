"""A batch as the texts that COPY takes: records, facts and index rows, put together in memory."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from json.encoder import encode_basestring
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from xiangyun.domain.vault.ports import cipher
from xiangyun.kernel.ledger import spelled

from . import proofs, sealing, settled, terms
from .declarations import Used
from .states import State

New = tuple[dict[str, Any], date, date | None, int | None]
"""A fact to be written: data in clear, from, to, and the fact that it corrects."""
_BACK = "\\"
_NULL = "\\N"


class Copied:
    """What a batch writes, put together beside the database; ids are drawn when it is written.

    A record is told by its id, or by -1 - n as the n-th new one.
    """

    def __init__(self, used: Used, at: datetime, source: str, why: str) -> None:
        self.used, self.at, self.salt = used, at, secrets.token_bytes(16)
        self.hashes: list[bytes] = []
        self._records: list[tuple[str, int, str]] = []
        self._facts: list[_Fact] = []
        self._terms: list[tuple[int, int, list[str]]] = []
        self._again: list[int] = []
        self._moved: list[tuple[int, int]] = []
        self._tail = f"{at.isoformat()}\t{_copied(source)}\t{_copied(why)}"
        self._register, self._today = spelled(used.code), timezone.localtime(at).date()
        self._first = terms.lane(used.number, 0)
        fields = sorted(used.declaration.by_name) if used.declaration else []
        self._names = [(name, f"{spelled(name)}:") for name in fields]
        declared = used.declaration.fields if used.declaration else ()
        self._whole = [f.name for f in declared if f.type == "integer" and not f.sensitive]

    @property
    def size(self) -> int:
        """How many facts it has."""
        return len(self._facts)

    @property
    def codes(self) -> set[str]:
        """The codes of those that new records are about."""
        return {about for _, _, about in self._records if about}

    def add(
        self,
        record: int | None,
        key: str,
        division: int,
        about: str,
        new: Sequence[New],
        old: Sequence[State],
        *,
        moved: bool,
    ) -> None:
        """New facts of one key; `old` are those that its record has, `about` is whose it is."""
        if record is None:
            record = -1 - len(self._records)
            self._records.append((key, division, about))
        else:
            self._again.append(record)
            if moved:
                self._moved.append((record, division))
        spelled_key, facts = spelled(key), list(old)
        for data, valid_from, valid_to, corrects in new:
            text, leaf = self._text(data), len(self._facts)
            salt = proofs.salt_of(self.salt, leaf)
            told = proofs.leaf_of(self._register, spelled_key, text, valid_from, valid_to, salt)
            self.hashes.append(proofs.hash_of(told))
            times = f"{valid_from}\t{valid_to or _NULL}\t{leaf}\t{self._tail}\n"
            if self._whole and any(abs(data.get(name, 0)) > 2**53 for name in self._whole):
                # A leaf tells the digits of a large one, a fact the number itself.
                text = json.dumps(data, ensure_ascii=False)
            secret = bool(self.used.sensitive & data.keys())
            line = "" if secret else f"{text.replace(_BACK, _BACK * 2)}\t{_NULL}\t{times}"
            self._facts.append(_Fact(record, line, times, data if secret else None, corrects))
            facts = [f for f in facts if f.fact != corrects]
            facts.append(self._state(record, key, division, data, valid_from, valid_to))
        self._terms.append((record, division, self._pieces(key, division, facts)))

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

    def _pieces(self, key: str, division: int, facts: Sequence[State]) -> list[str]:
        """The index rows of a record, as far as they say nothing of its id."""
        first, pieces = self._first + division // terms.COUNTY, []
        placed = terms.placed(self.used, key, facts, self._today)
        for (field, text, latin, initials, number), is_past in placed.items():
            lane = first + (field * 2 + is_past) * terms.COUNTY
            if latin is not None:  # a part of a name: nothing in it has to be escaped
                pieces.append(f"{lane}\t{text}\t{latin}\t{initials}\t\\N\t")
            elif text is not None:
                pieces.append(f"{lane}\t{_copied(text)}\t\\N\t\\N\t\\N\t")
            else:
                pieces.append(f"{lane}\t\\N\t\\N\t\\N\t{number}\t")
        return pieces

    def _state(
        self,
        record: int,
        key: str,
        division: int,
        data: Mapping[str, Any],
        valid_from: date,
        valid_to: date | None,
    ) -> State:
        number = (1 << 62) + len(self._facts)  # after all that is recorded already
        return State(
            record, self.used.code, key, division, None, None, number, self.used.version, data,
            valid_from, valid_to, self.at, "", "", None, None, None, 0,
        )  # fmt: skip

    def write(
        self, connection: BaseDatabaseWrapper, batch: int, holders: Mapping[str, UUID]
    ) -> None:
        """Write it, in the caller's transaction, by COPY.

        COPY writes past row-level security, or not at all: whoever is not the owner of the tables
        copies beside them, and inserts from there.
        """
        used = self.used
        with connection.cursor() as cursor:
            records = _drawn(cursor, "registers_record_id_seq", len(self._records))
            settled.begin_writing(connection)
            facts = _drawn(cursor, "registers_fact_id_seq", self.size)
            if self._again:
                cursor.execute(_NO_TERMS, [self._again])
            for record, division in self._moved:
                cursor.execute(_MOVED, [division, used.reach(division), record])
            counties = {division // terms.COUNTY for _, division, _ in self._terms}
            cursor.execute(_COUNTIES, [used.number, sorted(counties)])
            into = _copy if connection.alias == OWNER else _insert
            into(cursor, *_RECORDS, self._record_lines(records, holders))
            into(cursor, *_FACTS, self._fact_lines(records, facts, batch))
            into(cursor, *_TERMS, self._term_lines(records))
            for fact, one in zip(facts, self._facts, strict=True):
                if one.corrects is not None:
                    cursor.execute(_SUPERSEDED, [fact, self.at, one.corrects])

    def _record_lines(self, ids: Sequence[int], holders: Mapping[str, UUID]) -> Iterator[str]:
        used = self.used
        head = f"{_copied(used.code)}\t{used.number}"
        for ident, (key, division, about) in zip(ids, self._records, strict=True):
            yield (
                f"{ident}\t{head}\t{_copied(key)}\t{division}\t{holders.get(about) or _NULL}"
                f"\t{used.matter}\t{used.reach(division)}\n"
            )

    def _fact_lines(self, records: Sequence[int], ids: Sequence[int], batch: int) -> Iterator[str]:
        used, keys = self.used, cipher() if self.used.sensitive else None
        for ident, (record, line, times, data, _) in zip(ids, self._facts, strict=True):
            own = record if record >= 0 else records[-1 - record]
            if data is not None:
                closed = spelled(sealing.sealed(used.code, own, data, used.sensitive, keys))
                line = f"{closed.replace(_BACK, _BACK * 2)}\t{sealing.newest_key()}\t{times}"
            yield f"{ident}\t{own}\t{used.version}\t{batch}\t{line}"

    def _term_lines(self, records: Sequence[int]) -> Iterator[str]:
        for record, division, pieces in self._terms:
            own = record if record >= 0 else records[-1 - record]
            end = f"{own}\t{self.used.reach(division)}\n"
            yield end.join(pieces) + end


class _Fact(NamedTuple):
    """A fact: whose it is, its line without ids; its data where they are to be encrypted."""

    record: int
    line: str
    times: str
    data: dict[str, Any] | None
    corrects: int | None


def _drawn(cursor: Any, sequence: str, count: int) -> list[int]:
    cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
    return [number for (number,) in cursor.fetchall()]


_NO_TERMS = "DELETE FROM registers_term WHERE record_id = ANY (%s)"
_MOVED = "UPDATE registers_record SET division = %s, reach = %s WHERE id = %s"
_SUPERSEDED = "UPDATE registers_fact SET superseded_by = %s, superseded_at = %s WHERE id = %s"
_COUNTIES = """
INSERT INTO registers_county (register, county) SELECT %s, unnest(%s::integer[])
ON CONFLICT DO NOTHING
"""
OWNER = "owner"
"""The connection of the owner of the tables, whom row-level security does not bind."""
_RECORDS = ("registers_record", "id, register, number, key, division, holder, matter, reach")
_FACTS = (
    "registers_fact",
    "id, record_id, version, batch, data, sealed_by, valid_from, valid_to, leaf, recorded_at,"
    " source, why",
)
_TERMS = ("registers_term", "lane, text, latin, initials, number, record_id, reach")
_PIECE = 1_000
"""Lines handed over at once."""


def _copy(cursor: Any, table: str, columns: str, lines: Iterator[str]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as writing:
        while some := "".join(islice(lines, _PIECE)):
            writing.write(some)


def _insert(cursor: Any, table: str, columns: str, lines: Iterator[str]) -> None:
    beside = f"beside_{table}"
    cursor.execute(
        f"CREATE TEMP TABLE {beside} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
    )
    _copy(cursor, beside, columns, lines)
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {beside}")
    cursor.execute(f"DROP TABLE {beside}")


def _copied(text: str) -> str:
    """A text as COPY takes it."""
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        return text.replace("\t", "\\t").replace("\r", "\\r")
    return text
