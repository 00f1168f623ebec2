"""Lanes: an official's queue as ranges of an index, each already in the order of the queue.

A lane is the open work of one role in one county, or in one town or village. It is one range of a
B-tree, whatever lies beside it. A village has one lane, a county one, a city one for each of its
counties, a province some seventy: a keyset page takes the first lines of each lane behind the last
one of the page before and merges them, so that it costs as many lines as it shows, however many
cases there are. An order of deadlines over
a range of divisions cannot be had from one range of one index; see docs/decisions/0013.

Within a day, what turns amber earlier comes first. Then the lights are ranges too: in the work of
one day, amber and green lie each in one piece, and PostgreSQL (18 and newer) skips from day to day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db import connection

from xiangyun.domain.accounts.access import Actor
from xiangyun.domain.cases import clock
from xiangyun.domain.cases.models import RoleSet, WorkItem
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.editions import remembered

Bound = tuple[str, dict[str, Any]]
"""A condition on a work item `w`, with its values."""

Light = Literal["green", "amber", "red", "paused"]
"""How a line stands; `paused` while its clock stands still, which puts it behind all others."""
BOUNDS: dict[str, str] = {
    "red": "w.due_on < %(today)s",
    "amber": "w.due_on >= %(today)s AND w.amber_on <= %(today)s",
    "green": "w.due_on >= %(today)s AND w.due_on < %(never)s AND w.amber_on > %(today)s",
    "paused": "w.due_on = %(never)s",
}
_LAST = 2**63 - 1


class Key(NamedTuple):
    """Where a line stands in the order of a queue."""

    due_on: date
    amber_on: date
    id: int

    def __str__(self) -> str:
        return f"{self.due_on}_{self.amber_on}_{self.id}"

    @classmethod
    def read(cls, text: str) -> Key:
        """What `str` has written. Raises ValueError for anything else."""
        due, amber, number = text.split("_")
        key = cls(date.fromisoformat(due), date.fromisoformat(amber), int(number))
        if not 0 <= key.id <= _LAST:
            raise ValueError(text)
        return key


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which part of a queue: of all lights and services, or of one."""

    today: date
    light: str = ""
    service: str = ""

    @property
    def bound(self) -> str:
        """The condition of the light; empty for none and for what is no light."""
        return BOUNDS.get(self.light, "")

    def values(self) -> dict[str, Any]:
        """What the conditions compare with."""
        return {"today": self.today, "never": clock.NEVER, "service": self.service}


def light_of(work_item: WorkItem, today: date) -> Light:
    """The light beside a work item."""
    if work_item.due_on == clock.NEVER:
        return "paused"
    return (
        "red" if work_item.due_on < today else "amber" if work_item.amber_on <= today else "green"
    )


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes of an official, none twice: (role, county) and (role, town or village)."""

    counties: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]

    def first(self, number: int, asked: QueueFilter, *, after: Key | None = None) -> list[Key]:
        """The first lines of the queue, or the first behind a line."""
        values = asked.values() | self._arrays() | {"number": number}
        parts = []
        for condition, given in _behind(after, asked.bound):
            values |= given
            parts += self._parts(condition, asked.service, ordered=True)
        if not parts:
            return []
        text = (
            f"SELECT due_on, amber_on, id FROM ({' UNION ALL '.join(parts)}) AS found"
            " ORDER BY due_on, amber_on, id LIMIT %(number)s"
        )
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return [Key(*row) for row in cursor.fetchall()]

    def counts(self, up_to: int, asked: QueueFilter) -> dict[str, int]:
        """How many lines of each light, counted no further than this."""
        values = asked.values() | self._arrays() | {"number": up_to}
        columns = [
            f"(SELECT count(*) FROM ({' UNION ALL '.join(parts)} LIMIT %(number)s) AS {light})"
            for light, bound in BOUNDS.items()
            if (parts := self._parts(bound, asked.service, ordered=False))
        ]
        if not columns:
            return dict.fromkeys(BOUNDS, 0)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)}", values)
            return dict(zip(BOUNDS, cursor.fetchone(), strict=True))

    def hold(self, work_item: WorkItem, asked: QueueFilter) -> bool:
        """Whether an open work item is in these lanes, and is asked for."""
        return (
            (
                (work_item.role, work_item.county) in self.counties
                or (work_item.role, work_item.place) in self.places
            )
            and asked.light in ("", light_of(work_item, asked.today))
            and asked.service in ("", work_item.service)
        )

    def _parts(self, condition: str, service: str, *, ordered: bool) -> list[str]:
        """A SELECT for each kind of lanes there are."""
        # That a place is none of the zeros is what the indexes of places were made for.
        kinds = (
            ("county", "integer", self.counties, ""),
            ("place", "bigint", self.places, " AND w.place > 0"),
        )
        order = " ORDER BY w.due_on, w.amber_on, w.id" if ordered else ""
        only = " AND w.service = %(service)s" if service else ""
        return [
            f"(SELECT due_on, amber_on, id"
            f" FROM unnest(%({kind}_roles)s::text[], %({kind}_codes)s::{type_}[])"
            " AS lane (role, code) CROSS JOIN LATERAL ("
            "SELECT w.due_on, w.amber_on, w.id FROM cases_workitem AS w"
            f" WHERE w.closed_at IS NULL AND w.role = lane.role AND w.{kind} = lane.code"
            f"{below}{only} AND {condition}{order} LIMIT %(number)s) AS lines)"
            for kind, type_, lanes, below in kinds
            if lanes
        ]

    def _arrays(self) -> dict[str, list[Any]]:
        return {
            "county_roles": [role for role, _ in self.counties],
            "county_codes": [code for _, code in self.counties],
            "place_roles": [role for role, _ in self.places],
            "place_codes": [code for _, code in self.places],
        }


def lanes_of(actor: Actor) -> Lanes:
    """The lanes of all mandates of an actor."""
    ranges = _ranges(actor)
    counties: list[tuple[str, int]] = []
    places: list[tuple[str, int]] = []
    for role, low, high in ranges:
        if high - low + 1 >= divisions.COUNTY_SPAN:
            counties += ((role, code) for code in divisions.counties(low, high))
        else:
            places += ((role, code) for code in divisions.places(low, high))
    return Lanes(tuple(counties), tuple(places))


def _ranges(actor: Actor) -> list[tuple[str, int, int]]:
    """The code ranges an actor has in each role and set of roles; none lies within another.

    A task is in one set, so that whoever holds several of its roles sees it once. A mandate for all
    departments has the lanes of each of them.
    """
    held: dict[str, list[tuple[int, int]]] = {}
    across = {mandate.role for mandate in actor.mandates if mandate.is_across}
    narrowed = _narrowed(across) if across else []
    for mandate in actor.mandates:
        for role in (mandate.role, *(each for each in narrowed if mandate.gives(each))):
            held.setdefault(role, []).append((mandate.low, mandate.high))
    shared = {name: roles for name, roles in _role_sets() if not held.keys().isdisjoint(roles)}
    sets = {role: (role,) for role in held} | shared
    return [
        (name, low, high)
        for name, roles in sets.items()
        for low, high in _outermost(span for role in roles for span in held.get(role, ()))
    ]


@remembered("cases")
def _role_sets() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((each.role, tuple(each.groups)) for each in RoleSet.objects.order_by("role"))


def _narrowed(roles: Iterable[str]) -> list[str]:
    """These roles in each department that work waits in: `overseer:fire`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xiangyun_narrowed(%s)", [sorted(roles)])
        return [role for (role,) in cursor.fetchall()]


def _outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without those that lie within another: subtrees are apart, or one holds the other."""
    kept: list[tuple[int, int]] = []
    for low, high in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or high > kept[-1][1]:
            kept.append((low, high))
    return kept


def _behind(after: Key | None, bound: str) -> list[Bound]:
    """What comes behind a line, as ranges of an index: its day and moment, its day, later days.

    Compared as one row, the condition would be one range, but then PostgreSQL would not skip from
    day to day within a light.
    """
    within = f" AND {bound}" if bound else ""
    if after is None:
        return [(bound or "true", {})]
    values = {"due": after.due_on, "amber": after.amber_on, "id": after.id}
    if "amber_on" not in bound:
        row = "(w.due_on, w.amber_on, w.id) > (%(due)s, %(amber)s, %(id)s)"
        return [(row + within, values)]
    return [
        (f"w.due_on = %(due)s AND w.amber_on = %(amber)s AND w.id > %(id)s{within}", values),
        (f"w.due_on = %(due)s AND w.amber_on > %(amber)s{within}", {}),
        (f"w.due_on > %(due)s{within}", {}),
    ]
