"""Sensitive values encrypted anew with the newest key: resumable, a piece a transaction.

And those of fields that were not sensitive when they were recorded: in clear until then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection

from . import sealing
from .declarations import all_used
from .states import data_of

_PIECE = 500
_SEALED = """
SELECT f.id, r.id, r.register, f.data FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id
WHERE f.sealed_by IS NOT NULL AND f.sealed_by <> %s ORDER BY f.id LIMIT %s FOR UPDATE OF f
"""
_CLEAR = """
SELECT f.id, r.id, r.register, f.data FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id
WHERE r.number = %s AND f.id > %s AND EXISTS (
    SELECT FROM jsonb_each(f.data) AS e
    WHERE e.key = ANY(%s) AND e.value <> 'null' AND NOT e.value ? 'sealed'
) ORDER BY f.id LIMIT %s FOR UPDATE OF f
"""
_SHOWN = """
SELECT r.id, COALESCE(r.fact, (SELECT max(f.id) FROM registers_fact f WHERE f.record_id = r.id))
FROM registers_record r WHERE r.id = ANY(%s) FOR UPDATE OF r
"""
# Code of before wrote the data of a record and no fact: a trigger makes one where `fact` stays.
# What is taken out here is nothing new, so `fact` is taken away and given back.
_UNTOLD = "UPDATE registers_record SET fact = NULL WHERE id = ANY(%s)"
_TOLD = """
UPDATE registers_record r SET data = r.data - %s::text[], fact = n.fact
FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, fact) WHERE r.id = n.id
"""
_ANEW = "UPDATE registers_fact SET data = %s, sealed_by = %s WHERE id = %s"


def encrypt_anew(
    piece: Callable[[], AbstractContextManager[object]],
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Encrypt with the newest key what older ones made, and what stands in clear; how many facts.

    See `accounts.keys`.

    Ended half way it goes on where it was. What a fact says does not change, and so neither does
    its proof, whose leaf is made of what is readable.
    """
    newest, done = sealing.newest_key(), 0
    while True:
        with piece():
            some = _piece(newest)
        if not some:
            break
        done += some
        report(done)
    with piece():
        registers = [(used.number, sorted(used.sensitive)) for used in all_used()]
    for number, fields in registers:
        last = 0
        while fields:
            with piece():
                some, last = _piece_in_clear(number, fields, last, newest)
            if not some:
                break
            done += some
            report(done)
    return done


def _piece(newest: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [newest, _PIECE])
        rows = cursor.fetchall()
        for fact, record, register, kept in rows:
            data = data_of(kept) or {}
            fields = [name for name, value in data.items() if sealing.is_sealed(value)]
            clear = sealing.opened(register, record, data)
            _keep(cursor, fact, sealing.sealed(register, record, clear, fields), newest)
        return len(rows)


def _piece_in_clear(number: int, fields: list[str], last: int, newest: int) -> tuple[int, int]:
    """Some facts of a register behind one, which say something sensitive in clear; the last one."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [number, last, fields, _PIECE])
        rows = cursor.fetchall()
        for fact, record, register, kept in rows:
            data = data_of(kept) or {}
            open_ = [name for name in fields if not sealing.is_sealed(data.get(name))]
            _keep(cursor, fact, sealing.sealed(register, record, data, open_), newest)
        _hide(cursor, fields, [record for _, record, *_ in rows])
        return len(rows), rows[-1][0] if rows else last


def _hide(cursor: Any, fields: list[str], records: list[int]) -> None:
    """Take sensitive fields out of what a record shows without being opened."""
    cursor.execute(_SHOWN, [records])
    facts = dict(cursor.fetchall())
    cursor.execute(_UNTOLD, [[*facts]])
    cursor.execute(_TOLD, [fields, [*facts], [*facts.values()]])


def _keep(cursor: Any, fact: int, data: Mapping[str, Any], key: int) -> None:
    cursor.execute(_ANEW, [json.dumps(data, ensure_ascii=False), key, fact])
