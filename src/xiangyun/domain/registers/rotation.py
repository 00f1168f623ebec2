"""Sensitive values encrypted anew with the newest key: resumable, a piece a transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection

from . import sealing
from .states import data_of

_PIECE = 500
_SEALED = """
SELECT f.id, r.id, r.register, f.data FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id
WHERE f.sealed_by IS NOT NULL AND f.sealed_by <> %s ORDER BY f.id LIMIT %s FOR UPDATE OF f
"""
_ANEW = "UPDATE registers_fact SET data = %s, sealed_by = %s WHERE id = %s"


def encrypt_anew(
    piece: Callable[[], AbstractContextManager[object]],
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Encrypt with the newest key what older ones made; how many facts. See `accounts.keys`.

    Ended half way it goes on where it was. What a fact says does not change, and so neither does
    its proof, whose leaf is made of what is readable.
    """
    newest, done = sealing.newest_key(), 0
    while True:
        with piece():
            some = _piece(newest)
        if not some:
            return done
        done += some
        report(done)


def _piece(newest: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SEALED, [newest, _PIECE])
        rows = cursor.fetchall()
        for fact, record, register, kept in rows:
            data = data_of(kept) or {}
            fields = [name for name, value in data.items() if sealing.is_sealed(value)]
            clear = sealing.opened(register, record, data)
            anew = sealing.sealed(register, record, clear, fields)
            cursor.execute(_ANEW, [json.dumps(anew, ensure_ascii=False), newest, fact])
        return len(rows)
