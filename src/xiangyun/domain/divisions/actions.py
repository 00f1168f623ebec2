"""Load the divisions that the package carries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections, transaction

from .models import Level
from .packaged import packaged

# How many leading digits of the code say the level.
_DIGITS = {
    2: Level.PROVINCE,
    4: Level.PREFECTURE,
    6: Level.COUNTY,
    9: Level.TOWN,
    12: Level.VILLAGE,
}


def load_divisions(using: str = "owner") -> int:
    """Bring the table to what the package carries; return the number of divisions.

    Done in one transaction and by COPY; a second run changes nothing.
    """
    rows = list(_rows())
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE loaded (LIKE divisions_division) ON COMMIT DROP")
        with cursor.copy(
            "COPY loaded (code, name, level, parent_id, official, longitude, latitude) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO divisions_division (code, name, level, parent_id, official,"
            " longitude, latitude)"
            " SELECT code, name, level, parent_id, official, longitude, latitude FROM loaded"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level,"
            " parent_id = excluded.parent_id, official = excluded.official,"
            " longitude = excluded.longitude, latitude = excluded.latitude"
        )
    return len(rows)


def _rows() -> Iterator[tuple[int, str, int, int | None, bool, float | None, float | None]]:
    for row in packaged():
        code = f"{row.code:012}"
        digits = next(d for d in _DIGITS if int(code[d:] or "0") == 0)
        above = max((d for d in _DIGITS if d < digits), default=0)
        parent = int(code[:above].ljust(12, "0")) if above else None
        zone = digits == 6 and code[:2] == "22" and "71" <= code[4:6] <= "79"
        yield (
            row.code,
            row.name,
            _DIGITS[digits],
            parent,
            not zone,
            row.longitude,
            row.latitude,
        )
