"""Bookings as rows for statistics: nothing of whose they are."""

from __future__ import annotations

from django.conf import settings


def booking_rows(resource: str = "%(resource)s") -> str:
    """A query for the rows of `kernel.projection.BOOKING_FIELDS`, with `_key` and `_division`.

    `resource`: SQL for the code of a resource, `all` for every one. Whoever runs it has to see all
    bookings.
    """
    zone = settings.TIME_ZONE.replace("'", "''")
    day = f"(s.begins AT TIME ZONE '{zone}')::date"
    made = f"(b.made_at AT TIME ZONE '{zone}')::date"
    return f"""
SELECT b.id::text AS _key, b.division AS _division, b.resource, b.lane, b.state, b.units,
    {day} AS day, {made} AS made, {day} - {made} AS ahead
FROM bookings_booking b JOIN bookings_slot s ON s.id = b.slot_id
WHERE {resource} = 'all' OR b.resource = {resource}"""
