"""Search in the catalogue: words, facets, order; a page and the counts of its facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.spelling import did_you_mean

from .listing import asked_terms
from .models import Listing

__all__ = ["Asked", "Found", "Listing", "codes", "entry", "listed", "search"]
FACETS: Final[Mapping[str, str]] = {
    "organization": "organization",
    "groups": '"group"',
    "tags": "tags",
    "res_format": "formats",
    "kind": "kind",
    "opening": "opening",
    "sharing": "sharing",
    "series": "series",
}
"""What may be narrowed down by, each with its column."""
_LISTS: Final = ("tags", "formats")
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "modified": ("-modified", "code"),
    "title": ("title", "code"),
    "quality": ("-score", "code"),
    "name": ("code",),
}
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, and values of facets; `kinds`: which entries at all."""

    words: str = ""
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    order: str = "modified"
    start: int = 0
    rows: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """How many there are, some of them, and for each facet its values with their counts."""

    count: int
    entries: tuple[Listing, ...]
    facets: Mapping[str, Mapping[str, int]]


def codes(kinds: tuple[str, ...]) -> list[str]:
    """The codes of every entry of some kinds that is open at all, in order."""
    found = Listing.objects.filter(kind__in=kinds).exclude(opening="none").order_by("code")
    return list(found.values_list("code", flat=True))


def entry(code: str) -> Listing | None:
    """The entry with a code, of whatever kind."""
    return Listing.objects.filter(pk=code).first()


def listed(kinds: tuple[str, ...]) -> list[Listing]:
    """Every entry of some kinds that is open at all, by code."""
    return list(Listing.objects.filter(kind__in=kinds).exclude(opening="none").order_by("code"))


def search(asked: Asked, facets: tuple[str, ...] = (), most: int = 50) -> Found:
    """Two statements, and one for all facets. Raises Refused `open.E006` for an unknown facet."""
    for name in (*asked.narrowed, *facets):
        if name not in FACETS:
            raise Refused([_no_facet(name)])
    found = _found(asked)
    order = ORDERS.get(asked.order, ORDERS["modified"])
    rows = min(max(asked.rows, 0), MOST)
    entries = found.order_by(*order)[asked.start : asked.start + rows]
    return Found(found.count(), tuple(entries), _counted(asked, facets, most) if facets else {})


def _found(asked: Asked) -> QuerySet[Listing]:
    found = Listing.objects.all()
    if asked.kinds:
        found = found.filter(kind__in=asked.kinds)
    if terms := asked_terms(asked.words):
        found = found.filter(terms__contains=terms)
    elif asked.words.strip() not in ("", "*:*"):
        found = found.none()
    for name, values in asked.narrowed.items():
        column = FACETS[name].strip('"')
        if column in _LISTS:
            for value in values:
                found = found.filter(**{f"{column}__contains": [value]})
        else:
            found = found.filter(**{f"{column}__in": list(values)})
    return found


def _counted(asked: Asked, facets: tuple[str, ...], most: int) -> dict[str, dict[str, int]]:
    """All facets of what was found in one statement."""
    sql, values = _found(asked).order_by().values("code").query.sql_with_params()
    parts, given = list[str](), list[Any](values)
    for name in facets:
        column = FACETS[name]
        source = f"unnest({column})" if column in _LISTS else column
        parts.append(f"SELECT '{name}' AS facet, {source} AS value FROM found")
    counted = f"""
WITH chosen AS MATERIALIZED ({sql}),
found AS MATERIALIZED (
    SELECT l.* FROM datasets_listing l JOIN chosen USING (code)
)
SELECT facet, value, count(*) FROM ({" UNION ALL ".join(parts)}) AS each
WHERE value <> '' GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"""
    told: dict[str, dict[str, int]] = {name: {} for name in facets}
    with connection.cursor() as cursor:
        cursor.execute(counted, given)
        for facet, value, count in cursor.fetchall():
            if len(told[facet]) < most or most < 0:
                told[facet][value] = count
    return told


def _no_facet(name: str) -> Finding:
    return Finding(
        "open.E006",
        "error",
        Text("不能按“{name}”筛选。", "Nothing is narrowed down by “{name}”.", name=name),
        None,
        did_you_mean(name, FACETS),
    )
