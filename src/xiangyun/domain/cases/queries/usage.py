"""How much services are used and what they really took: figures of all cases, of nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings
from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as

FEWEST = 10
"""Of fewer cases that ended than these nothing is told: it would say what single people had."""
WITHIN = timedelta(days=365)
_KEPT = timedelta(hours=1)
"""Figures of a year hardly change in an hour; of a million cases they take over a second."""
_ASKED = """
SELECT v.code, count(*), count(c.ended_at),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY d.days),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY d.days)
FROM cases_case c
JOIN catalogue_serviceversion v ON v.id = c.version_id,
LATERAL (SELECT (c.ended_at AT TIME ZONE %(zone)s)::date
    - (c.submitted_at AT TIME ZONE %(zone)s)::date AS days) d
WHERE c.need = 0 AND c.submitted_at >= %(since)s AND c.submitted_at <= %(at)s
GROUP BY v.code
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """A service over the last year: cases sent, cases ended, and how many calendar days it took.

    `half`, `most`: half of the cases that ended took no longer, nine of ten took no longer; None
    where fewer than `FEWEST` ended.
    """

    sent: int
    ended: int
    half: int | None
    most: int | None


def usage(at: datetime) -> Mapping[str, Usage]:
    """By the codes of services; what was counted is told again for an hour, and while one counts
    anew, to all others."""
    global _counted
    since, found = _counted
    if since is not None and since <= at < since + _KEPT:
        return found
    if not _counting.acquire(blocking=since is None):
        return found
    try:
        if _counted[0] is since:  # nobody counted while this one waited
            _counted = at, _count(at)
        return _counted[1]
    finally:
        _counting.release()


def forget() -> None:
    """Count anew the next time."""
    global _counted
    _counted = None, {}


_counting = Lock()
_counted: tuple[datetime | None, Mapping[str, Usage]] = (None, {})


def _count(at: datetime) -> Mapping[str, Usage]:
    given: dict[str, str | datetime] = {"zone": settings.TIME_ZONE, "since": at - WITHIN, "at": at}
    with acting_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_ASKED, given)
        rows = cursor.fetchall()
    return {
        code: Usage(sent, ended, *((half, most) if ended >= FEWEST else (None, None)))
        for code, sent, ended, half, most in rows
    }
