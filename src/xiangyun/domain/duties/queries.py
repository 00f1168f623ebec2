"""Duties by place: what is due and waits, what is under way, late or done, and what comes soon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.cases.access import addressed
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.tallies import Tally
from xiangyun.kernel.codes import division as codes
from xiangyun.kernel.findings import Text
from xiangyun.kernel.pack.kind import Declaration

SOON = timedelta(days=14)
RECENT = timedelta(days=30)
FEW = 5
"""Whoever may not see the cases sees no number below this, and others as multiples of it."""


@dataclass
class PlaceCount:
    """One place: `due` and not opened yet, `open` and in time, `late`, due `soon`, `problems`, and
    `done` lately."""

    division: int
    name: Text
    due: int = 0
    open: int = 0
    late: int = 0
    soon: int = 0
    problems: int = 0
    done: int = 0

    def add(self, numbers: Mapping[str, int]) -> None:
        """Count more."""
        for name, number in numbers.items():
            setattr(self, name, getattr(self, name) + number)

    def coarsen(self) -> None:
        """Leave of each number only how many times `FEW` it is, to the nearest; of few, nothing."""
        for name in COUNTED:
            number = getattr(self, name)
            setattr(self, name, 0 if number < FEW else (2 * number + FEW) // (2 * FEW) * FEW)


COUNTED = tuple(each.name for each in fields(PlaceCount))[2:]


@dataclass
class DutyBoard:
    """One duty with its places, in the order of their codes, and all of them together.

    `coarse`: the numbers are multiples of `FEW`, and 0 says that there are fewer.
    """

    code: str
    name: Text
    places: list[PlaceCount] = field(default_factory=list)
    total: PlaceCount = field(default_factory=lambda: PlaceCount(0, Text("合计", "In all")))
    coarse: bool = False


def widest(actor: Actor) -> int | None:
    """The widest place of an official's mandates; None where there are none."""
    held = sorted(actor.mandates, key=lambda mandate: mandate.low - mandate.high)
    return held[0].division if held else None


def standing(actor: Actor) -> Tally | int:
    """Whether a duty stands in a place of an official, 1 or 0: who sees the entry of the menu."""
    if not actor.mandates or not catalogue.is_declared("duty"):
        return 0
    return Tally("SELECT xiangyun_duties_stand()::integer")


def board(actor: Actor, place: int, on: date) -> list[DutyBoard]:
    """Every duty in force in a place and below it, by the divisions one level down.

    Rows are counted where a mandate of the official lies. Of cases above ordinary need whoever has
    no part in them sees coarse numbers, from which nobody is found out.
    """
    low, high = codes.subtree(f"{place:012}")
    children = [(codes.subtree(f"{c.code:012}"), c) for c in divisions.children(place)]
    with acting_as(SYSTEM):
        found = {
            each.code: DutyBoard(each.code, each.name, coarse=not _has_part(actor, each, place))
            for each in catalogue.declared("duty")
        }
        counted = _counted(low, high, on)
    counts: dict[tuple[str, int], PlaceCount] = {}
    for duty, division, numbers in counted:
        reached = any(first <= division <= last for first, last in actor.scope)
        if duty not in found or not reached:
            continue
        below = next((c for (first, last), c in children if first <= division <= last), None)
        code, name = (below.code, below.words) if below else (place, Text("本级", "itself"))
        counts.setdefault((duty, code), PlaceCount(code, name)).add(numbers)
        found[duty].total.add(numbers)
    for (duty, _), one in sorted(counts.items(), key=lambda each: each[0]):
        found[duty].places.append(one)
    for each in found.values():
        if each.coarse:
            for one in (*each.places, each.total):
                one.coarsen()
    return list(found.values())


def _has_part(actor: Actor, declared: Declaration, place: int) -> bool:
    """Whether the official may know how many cases there are: they are ordinary, or he has a role
    in them there."""
    version = catalogue.offered(declared.value.duty.service)
    if version is None:
        return True  # nothing opens
    item = catalogue.pack(version.pk).service
    roles = addressed((*item.roles, *item.circle.team, *item.circle.overseers), item)
    return item.need == 0 or any(actor.holds(role, place) for role in roles)


def _counted(low: int, high: int, on: date) -> list[tuple[str, int, dict[str, int]]]:
    """The numbers by duty and division: counties of a wide place, else towns, else villages.

    Each part of the statement reads an index that holds the rows it counts and hardly others.
    """
    width = high - low + 1
    span = next(each for each in (10**6, 10**3, 1) if each * 100 <= width or each == 1)
    values: dict[str, Any] = {
        "low": low,
        "high": high,
        "span": span,
        "on": on,
        "soon": on + SOON,
        "recent": on - RECENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        names = [each[0] for each in cursor.description][2:]
        return [
            (duty, int(division), dict(zip(names, map(int, numbers), strict=True)))
            for duty, division, *numbers in cursor.fetchall()
        ]


_PLACE = "duty, division / %(span)s * %(span)s AS division"
_WITHIN = "division BETWEEN %(low)s AND %(high)s"
_COUNTS = f"""
SELECT duty, division, sum(due) AS due, sum(open) AS open, sum(late) AS late, sum(soon) AS soon,
    sum(problems) AS problems, sum(done) AS done
FROM (
    SELECT {_PLACE}, count(*) FILTER (WHERE next_on <= %(on)s) AS due, 0 AS open, 0 AS late,
        count(*) FILTER (WHERE next_on > %(on)s) AS soon, 0 AS problems, 0 AS done
    FROM duties_standing WHERE {_WITHIN} AND next_on <= %(soon)s GROUP BY 1, 2
    UNION ALL
    SELECT {_PLACE}, 0, count(*) FILTER (WHERE due_on >= %(on)s),
        count(*) FILTER (WHERE due_on < %(on)s), 0, 0, 0
    FROM duties_standing WHERE {_WITHIN} AND due_on IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT {_PLACE}, 0, 0, 0, 0, count(*), 0
    FROM duties_standing WHERE {_WITHIN} AND problem <> '' GROUP BY 1, 2
    UNION ALL
    SELECT {_PLACE}, 0, 0, 0, 0, 0, count(*)
    FROM duties_standing WHERE {_WITHIN} AND done_on >= %(recent)s GROUP BY 1, 2
) numbers
GROUP BY 1, 2 ORDER BY 1, 2
"""
