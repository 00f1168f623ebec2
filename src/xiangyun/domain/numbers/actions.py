"""Take the next number of a count."""

from __future__ import annotations

from django.db import connection


def take(series: str, year: int, place: int) -> int:
    """The next number, from 1. It belongs to the caller's transaction: taken back with it.

    Others who want one of the same count wait until that transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_next_number(%s, %s, %s)", [series, year, place])
        (number,) = cursor.fetchone()
    return int(number)
