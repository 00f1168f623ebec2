"""The rows of a register as they are in force on a day, as SQL that other statements read from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

_SEEN = """
SELECT r.id, r.key, r.division, r.holder, f.id AS fact, f.data
FROM registers_record r CROSS JOIN LATERAL (
    SELECT f.id, f.data FROM registers_fact f WHERE f.record_id = r.id
        AND f.valid_from <= %(on)s AND (f.valid_to IS NULL OR f.valid_to > %(on)s)
        AND f.superseded_at IS NULL
    ORDER BY f.valid_from DESC, f.id DESC LIMIT 1
) f
WHERE r.register = %(register)s AND r.merged_into_id IS NULL AND f.data IS NOT NULL
"""


def rows_in_force(among: str = "", on: str = "") -> str:
    """A query for `id, key, division, holder, fact, data` (JSON) by the values `register`, `on`.

    `among`: a query for the ids of the records that are looked at; empty for all. `on`: SQL for the
    day in place of the value.
    """
    seen = _SEEN.replace("%(on)s", on) if on else _SEEN
    return f"{seen} AND r.id IN ({among})" if among else seen


RECORDS_SINCE = "SELECT record_id FROM registers_fact WHERE id > %(fact)s"
"""A query for the records of facts that were recorded after the one numbered `fact`."""
_BEGINNING = """
SELECT f.record_id, min(f.valid_from) FROM registers_fact f
JOIN registers_record r ON r.id = f.record_id
WHERE f.id > %(fact)s AND r.register = %(register)s AND f.valid_from > %(on)s
    AND f.superseded_at IS NULL
GROUP BY f.record_id
"""


def beginning(values: Mapping[str, Any]) -> list[tuple[int, date]]:
    """The records of a `register` of which facts recorded after `fact` begin to be true after the
    day `on`, each with the first such day."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, values)
        return [(record, day) for record, day in cursor.fetchall()]
