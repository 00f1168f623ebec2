"""Sensitive values encrypted anew with the newest key: resumable, a piece a transaction."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.journal import actions as journal

from . import sealing
from .states import data_of

_PIECE = 500
_SEALED = """
SELECT f.id, r.id, r.register, f.data FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id
WHERE f.sealed_by IS NOT NULL AND f.sealed_by <> %s ORDER BY f.id LIMIT %s FOR UPDATE OF f
"""
_ANEW = "UPDATE registers_fact SET data = %s, sealed_by = %s WHERE id = %s"


def by_key() -> dict[int, int]:
    """How many facts each key has encrypted, by its number."""
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "SELECT sealed_by, count(*) FROM registers_fact WHERE sealed_by IS NOT NULL"
            " GROUP BY 1 ORDER BY 1"
        )
        return dict(cursor.fetchall())


def encrypt_anew(at: datetime, report: Callable[[float], None] = lambda share: None) -> int:
    """Encrypt with the newest key what older ones made; how many facts.

    Ended half way it goes on where it was. What a fact says does not change, and so neither does
    its proof, whose leaf is made of what is readable.
    """
    newest = sealing.newest_key()
    waiting = sum(count for key, count in by_key().items() if key != newest)
    done = 0
    while some := _piece(newest):
        done += some
        report(done / max(waiting, done))
    if done:
        with acting_as(SYSTEM):
            entry = journal.entry_of(
                verb="keys.rotated",
                subject="register",
                division=0,
                owner=None,
                actor=None,
                actor_name=SYSTEM.name,
                desk="",
                at=at,
                data={"key": newest, "facts": done},
            )
            journal.record(entry)
    return done


def _piece(newest: int) -> int:
    with transaction.atomic(), acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_SEALED, [newest, _PIECE])
        rows = cursor.fetchall()
        for fact, record, register, kept in rows:
            data = data_of(kept) or {}
            fields = [name for name, value in data.items() if sealing.is_sealed(value)]
            clear = sealing.opened(register, record, data)
            anew = sealing.sealed(register, record, clear, fields)
            cursor.execute(_ANEW, [json.dumps(anew, ensure_ascii=False), newest, fact])
        return len(rows)
