"""Duties by place: what is due and waits, what is under way, what is late, what comes soon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases import queries as cases
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text

from .models import Standing

SOON = timedelta(days=14)


@dataclass
class PlaceCount:
    """One place: `due` and not opened yet, `open` and in time, `late`, due `soon`, `problems`."""

    division: int
    name: Text
    due: int = 0
    open: int = 0
    late: int = 0
    soon: int = 0
    problems: int = 0


@dataclass
class DutyBoard:
    """One duty with its places, in the order of their codes, and all of them together."""

    code: str
    name: Text
    places: list[PlaceCount] = field(default_factory=list)

    @property
    def total(self) -> PlaceCount:
        """All places together."""
        whole = PlaceCount(0, Text("合计", "In all"))
        for each in self.places:
            for name in ("due", "open", "late", "soon", "problems"):
                setattr(whole, name, getattr(whole, name) + getattr(each, name))
        return whole


def widest(actor: Actor) -> int | None:
    """The widest place of an official's mandates; None where there are none."""
    held = sorted(actor.mandates, key=lambda mandate: mandate.low - mandate.high)
    return held[0].division if held else None


def board(actor: Actor, place: int, on: date) -> list[DutyBoard]:
    """Every duty in force in a place and below it, by the divisions one level down.

    Rows are counted where a mandate of the official lies, cases as far as the official sees them.
    """
    low, high = codes.subtree(f"{place:012}")
    children = [(codes.subtree(f"{c.code:012}"), c) for c in divisions.children(place)]
    with acting_as(SYSTEM):
        found = {d.code: DutyBoard(d.code, d.name) for d in catalogue.declared("duty")}
        standing = list(_standing(low, high, on))
    counts: dict[tuple[str, int], PlaceCount] = {}

    def at(duty: str, division: int) -> PlaceCount | None:
        reached = any(first <= division <= last for first, last in actor.scope)
        if duty not in found or not reached:
            return None
        below = next((c for (first, last), c in children if first <= division <= last), None)
        code, name = (below.code, below.words) if below else (place, Text("本级", "itself"))
        return counts.setdefault((duty, code), PlaceCount(code, name))

    for row in standing:
        if (one := at(row["duty"], row["division"])) is not None:
            one.due += row["due"]
            one.soon += row["soon"]
            one.problems += row["problems"]
    for opened in cases.opened_by_duties(low, high, on):
        if (one := at(opened.by, opened.place)) is not None:
            one.open += opened.open
            one.late += opened.late
    for (duty, _), one in sorted(counts.items(), key=lambda each: each[0]):
        found[duty].places.append(one)
    return list(found.values())


def _standing(low: int, high: int, on: date) -> list[dict[str, Any]]:
    found = Standing.objects.filter(division__range=(low, high)).values("duty", "division")
    counted = found.annotate(
        due=Count("id", filter=Q(next_on__lte=on)),
        soon=Count("id", filter=Q(next_on__gt=on, next_on__lte=on + SOON)),
        problems=Count("id", filter=~Q(problem="")),
    )
    return [dict(row) for row in counted]
