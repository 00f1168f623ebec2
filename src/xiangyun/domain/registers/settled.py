"""Up to which number facts are settled: whatever is still to come has a higher one.

A fact's number is drawn before the fact is committed, so that a higher one may be seen first. Each
transaction that writes facts therefore shows, for as long as it runs, the number after which its
own come: in the key of a shared advisory lock, which ends with it however it ends.
"""

from __future__ import annotations

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_WRITING = 0x6661 << 48  # the bytes spell "fa"; no other advisory lock has them in front
_LAST = "coalesce(pg_sequence_last_value('registers_fact_id_seq'), 0)"
_SHOWN = f"""
SELECT pg_advisory_xact_lock_shared(%s + last), set_config('xiangyun.facts_after', last::text, true)
FROM (SELECT {_LAST} AS last) drawn
WHERE coalesce(current_setting('xiangyun.facts_after', true), '') = ''
"""
_OTHERS = """
SELECT min((classid::bigint << 32 | objid::bigint) - %(writing)s) FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = %(writing)s >> 48
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid <> pg_backend_pid()
"""


def begin_writing(writes: BaseDatabaseWrapper) -> None:
    """Show that the transaction of a connection is about to draw numbers of facts."""
    with writes.cursor() as cursor:
        cursor.execute(_SHOWN, [_WRITING])


def newest_fact() -> int:
    """The number up to which facts are settled: committed, or never to come.

    Read before what it is compared with: facts up to it are then all there, and of those above it
    some may be there already.
    """
    with connection.cursor() as cursor:
        # In this order: whoever is not seen writing draws its numbers after the last one was read.
        cursor.execute(f"SELECT {_LAST}")
        last: int = cursor.fetchone()[0]
        cursor.execute(_OTHERS, {"writing": _WRITING})
        (others,) = cursor.fetchone()
    return last if others is None else min(last, others)
