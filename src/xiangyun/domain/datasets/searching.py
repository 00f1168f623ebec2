"""Search in the catalogue: words, facets, order; a page and the counts of its facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from django.db import connection, transaction

from xiangyun.kernel.findings import Finding, Refused, Text
from xiangyun.kernel.spelling import did_you_mean

from . import facets as counting
from .facets import Mask, Snapshot
from .listing import asked_terms
from .models import Listing

__all__ = ["Asked", "Found", "Listing", "codes", "entry", "listed", "search"]
FACETS: Final[Mapping[str, str]] = {
    "organization": "organization",
    "groups": "group",
    "tags": "tags",
    "res_format": "formats",
    "kind": "kind",
    "opening": "opening",
    "sharing": "sharing",
    "series": "series",
}
"""What may be narrowed down by, each with its column."""
ORDERS: Final = ("modified", "title", "quality", "name")
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
    """Three statements, whatever is asked. Raises Refused `open.E006` for an unknown facet."""
    for name in (*asked.narrowed, *facets):
        if name not in FACETS:
            raise Refused([_no_facet(name)])
    whole = counting.snapshot()
    chosen = _chosen(asked, whole)
    count = int(np.count_nonzero(chosen))
    order = asked.order if asked.order in ORDERS else ORDERS[0]
    rows = min(max(asked.rows, 0), MOST)
    numbers = whole.page(chosen, order, asked.start, rows)
    held = {each.number: each for each in Listing.objects.filter(number__in=numbers)}
    entries = [held[number] for number in numbers if number in held]
    counted = {name: whole.counts(FACETS[name], chosen, most) for name in facets}
    return Found(count, tuple(entries), counted)


def _chosen(asked: Asked, whole: Snapshot) -> Mask:
    """Which entries of the catalogue answer: by facets in memory, by words in the database."""
    chosen = whole.all()
    if asked.kinds:
        chosen &= whole.having("kind", asked.kinds)
    for name, values in asked.narrowed.items():
        column = FACETS[name]
        chosen &= whole.having(column, values, every=column in counting.SEVERAL)
    if _says(asked):
        chosen &= _saying(tuple(asked_terms(asked.words)), whole)
    return chosen


def _saying(terms: tuple[str, ...], whole: Snapshot) -> Mask:
    """The entries that have all of some terms. Who narrows down and turns pages says the same words
    again: the last answers stay as long as the catalogue is the same."""
    found = whole.answers.get(terms)
    if found is None:
        found = whole.numbered(_numbers(list(terms)))
        whole.answers.keep(terms, found)
    return found


def _says(asked: Asked) -> bool:
    return asked.words.strip() not in ("", "*:*")


def _numbers(terms: list[str]) -> counting.Numbers:
    """The numbers of the entries that have all of some terms; of none for no term."""
    if not terms:
        return np.zeros(0, dtype=np.int64)
    with transaction.atomic(), connection.cursor() as cursor:
        # Of a word that most have, a walk through the table would unpack all words of all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_NUMBERED, [terms])
        (packed,) = cursor.fetchone()
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
    return np.frombuffer(bytes(packed), dtype=">i8").astype(np.int64)


_NUMBERED = """
SELECT coalesce(string_agg(int8send(number), ''), '') FROM datasets_listing WHERE terms @> %s
"""


def _no_facet(name: str) -> Finding:
    return Finding(
        "open.E006",
        "error",
        Text("不能按“{name}”筛选。", "Nothing is narrowed down by “{name}”.", name=name),
        None,
        did_you_mean(name, FACETS),
    )
