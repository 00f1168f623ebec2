"""The statements of a search: each reads so many rows of an index in each county within sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.registers import names

from .lines import CODES, COUNTY, NAMES, hashed

LOOKED = 2_000
"""Index rows that one way of a text reads in a county; what lies behind them is not looked at."""
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter: the text; the service's code; whether open; from and to the day of sending."""

    text: str = ""
    service: str = ""
    state: str = ""
    """"open", "ended", or all."""
    since: date | None = None
    until: date | None = None


class Place(NamedTuple):
    """Where a line stands in a list, the newest first."""

    submitted_at: datetime
    case: UUID


class Way(NamedTuple):
    """A way to find: the kind of lane, the column, and the range of values, both included."""

    kind: int
    column: str
    low: str
    high: str


def ways(text: str) -> Iterator[Way]:
    """Every way in which a text may answer: as a code, as part of a name, as pinyin."""
    code = hashed(text)
    yield Way(CODES, "text", code, code)
    written, latin = names.normal(text)[: names.LONGEST], names.typed_latin(text)
    if written:
        yield Way(NAMES, "text", written, written + _LAST)
    if latin and not names.is_chinese(text):
        spelled = latin[: names.LONGEST_LATIN]
        yield Way(NAMES, "latin", spelled, spelled + _LAST)
        spelled = latin[: names.LONGEST]
        yield Way(NAMES, "initials", spelled, spelled + _LAST)


def first(actor: Actor, asked: Asked, *, after: Place | None, number: int) -> list[Place]:
    """The first cases that answer, the newest first, or the first behind a place."""
    values = _values(actor, asked) | {"number": number}
    also = _conditions(asked)
    if after is not None:
        also += " AND (l.submitted_at, l.case_id) < (%(at)s, %(case)s)"
        values |= {"at": after.submitted_at, "case": after.case}
    order = "ORDER BY l.submitted_at DESC, l.case_id DESC LIMIT %(number)s"
    if asked.text:
        found = (
            f"SELECT l.submitted_at, l.case_id FROM ({_texts(asked.text, values)}) AS hit"
            f" JOIN lookup_line AS l USING (case_id) WHERE true{also} {order}"
        )
    else:
        found = (
            "SELECT lines.submitted_at, lines.case_id FROM unnest(%(counties)s::integer[])"
            " AS lane (county) CROSS JOIN LATERAL (SELECT l.submitted_at, l.case_id"
            f" FROM lookup_line AS l WHERE l.county = lane.county{also} {order}) AS lines"
            " ORDER BY submitted_at DESC, case_id DESC LIMIT %(number)s"
        )
    with connection.cursor() as cursor:
        cursor.execute(found, values)
        return [Place(*row) for row in cursor.fetchall()]


def count(actor: Actor, asked: Asked, up_to: int) -> int:
    """How many cases answer, counted no further than this."""
    values = _values(actor, asked) | {"number": up_to}
    if asked.text:
        source = f"({_texts(asked.text, values)}) AS hit JOIN lookup_line AS l USING (case_id)"
    else:
        source = (
            "unnest(%(counties)s::integer[]) AS lane (county)"
            " JOIN lookup_line AS l ON l.county = lane.county"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM {source} WHERE true{_conditions(asked)}"
            " LIMIT %(number)s) AS counted",
            values,
        )
        found: tuple[int] = cursor.fetchone()
        return found[0]


def _texts(text: str, values: dict[str, Any]) -> str:
    """The cases that a text finds, each once."""
    branches = []
    for rank, way in enumerate(ways(text)):
        values |= {f"low{rank}": way.low, f"high{rank}": way.high, f"kind{rank}": way.kind * COUNTY}
        branches.append(
            "SELECT hit.case_id FROM unnest(%(counties)s::integer[]) AS lane (county)"
            " CROSS JOIN LATERAL (SELECT t.case_id FROM lookup_term AS t"
            f" WHERE t.lane = %(kind{rank})s + lane.county AND t.{way.column} >= %(low{rank})s"
            f" AND t.{way.column} <= %(high{rank})s LIMIT {LOOKED}) AS hit"
        )
    return " UNION ".join(branches)


def _conditions(asked: Asked) -> str:
    found = ""
    if asked.service:
        found += " AND l.service = %(service)s"
    if asked.state in ("open", "ended"):
        found += " AND NOT l.ended" if asked.state == "open" else " AND l.ended"
    if asked.since:
        found += " AND l.submitted_at >= %(since)s"
    if asked.until:
        found += " AND l.submitted_at < %(until)s"
    return found


def _values(actor: Actor, asked: Asked) -> dict[str, Any]:
    return {
        "service": asked.service,
        "since": asked.since and _midnight(asked.since),
        "until": asked.until and _midnight(date.fromordinal(asked.until.toordinal() + 1)),
        "counties": _counties(actor.scope),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def _counties(scope: Sequence[tuple[int, int]]) -> list[int]:
    """The counties with cases that lie in the ranges of mandates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT county FROM lookup_county WHERE EXISTS ("
            "SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS r (low, high)"
            " WHERE county BETWEEN r.low / 1000000 AND r.high / 1000000)",
            [[low for low, _ in scope], [high for _, high in scope]],
        )
        return [county for (county,) in cursor.fetchall()]
