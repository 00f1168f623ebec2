"""Who fits nobody, and which requirements are why: counts over all that is in force.

No record is named. What few records have in common would tell of one of them, so that groups of
fewer than `FEWEST` are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.queries import Used
from xiangyun.kernel.findings import NotFound, Text
from xiangyun.kernel.matching import Matching
from xiangyun.kernel.matching.judging import spoken_of
from xiangyun.kernel.matching.model import SIDES, SideName
from xiangyun.kernel.matching.statement import fairness_sql

from . import checks, partners

FEWEST = 5
"""A group has so many records at least."""
MOST_PAIRS = 200_000
"""More pairs than these are not judged while somebody waits; `xiangyun match --fairness` does."""
_MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A requirement: how many records that fit nobody it hinders with every partner, with some."""

    requires: Text
    always: int
    sometimes: int


@dataclass(frozen=True, slots=True)
class Group:
    """The records that have a value of a field; `data` is that field of them as it is kept."""

    field: str
    data: dict[str, Any]
    records: int
    never: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """One side of a matching: how many records it has, how many fit nobody, why, and which.

    `judged` is false where there are too many pairs: then only `records` is known.
    """

    side: SideName
    register: Used
    records: int
    partners: int
    never: int
    hindrances: tuple[Hindrance, ...]
    groups: tuple[Group, ...]
    judged: bool = True


def reported() -> list[Matching]:
    """The matchings of which everybody may know who fits nobody: those of ordinary registers."""
    return [each for each in partners.matchings() if _is_ordinary(each)]


def fairness(code: str) -> tuple[Matching, tuple[Fairness, Fairness]]:
    """Both sides of a matching. Raises NotFound `offer.E003` where there is none to tell of."""
    matching, _ = partners.matching_of(code)
    if not _is_ordinary(matching):
        raise NotFound([checks.NOT_HERE])
    with acting_as(SYSTEM):
        numbers = {side: _number(matching, side) for side in SIDES}
        offers, demands = (_side(matching, side, numbers) for side in SIDES)
    return matching, (offers, demands)


def _is_ordinary(matching: Matching) -> bool:
    used = {one.code: one for one in registers.all_used()}
    sides = [used.get(matching.side(side).register) for side in SIDES]
    return all(one is not None and one.declaration and not one.need for one in sides)


def _number(matching: Matching, side: SideName) -> int:
    with connection.cursor() as cursor:
        table = partners.rows_of(matching, matching.side(side))
        cursor.execute(f"SELECT count(*) FROM {table} counted")
        (number,) = cursor.fetchone()
    return int(number)


def _side(matching: Matching, side: SideName, numbers: dict[SideName, int]) -> Fairness:
    used = registers.used(matching.side(side).register)
    records = numbers[side]
    others = numbers["demands" if side == "offers" else "offers"]
    if records * others > MOST_PAIRS:
        return Fairness(side, used, records, others, 0, (), (), judged=False)
    if not records * others:  # nobody fits nobody, and no requirement is why
        return Fairness(side, used, records, others, records, (), ())
    with connection.cursor() as cursor:
        cursor.execute(fairness_sql(matching, partners.tables_of(matching), side))
        rows = cursor.fetchall()
    never = [row for row in rows if not row[2]]
    alone = {str(row[0]) for row in never}
    return Fairness(
        side,
        used,
        records,
        others,
        len(never),
        tuple(_hindrances(matching, never)),
        tuple(_groups(matching, side, used, alone)),
    )


def _hindrances(matching: Matching, never: Sequence[tuple[Any, ...]]) -> list[Hindrance]:
    """The requirements that hinder anybody, the one that hinders most at first."""
    names: dict[str, dict[str, Text]] = {}
    for side in (matching.offers, matching.demands):
        declared = registers.used(side.register).declaration
        names[side.name] = {each.name: each.words for each in declared.fields} if declared else {}
    found = []
    for at in range(len(matching.table.rules)):
        hindered = [(int(row[4 + at]), int(row[1])) for row in never]
        always = sum(failed == of for failed, of in hindered)
        sometimes = sum(0 < failed < of for failed, of in hindered)
        if always or sometimes:
            found.append(Hindrance(spoken_of(matching, at + 1, names), always, sometimes))
    return sorted(found, key=lambda each: (-each.always, -each.sometimes))


def _groups(matching: Matching, side: SideName, used: Used, alone: set[str]) -> list[Group]:
    """By the fields that have few values, those of which most fit nobody at first."""
    declared, own = used.declaration, matching.side(side)
    assert declared is not None  # a matching is of declared registers
    fields = [declared.by_name[name] for name in matching.fields(own) if name != own.key]
    fields = [each for each in fields if each.type in ("choice", "boolean", "text")]
    if not fields:
        return []
    columns = ", ".join(f'"{each.name}"' for each in fields)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{own.key}", {columns} FROM {partners.rows_of(matching, own)} r')
        rows = cursor.fetchall()
    found = []
    for at, field in enumerate(fields, 1):
        counted: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for row in rows:
            if row[at] is not None:
                counted[row[at]][0] += 1
                counted[row[at]][1] += str(row[0]) in alone
        if len(counted) > _MOST_GROUPS:
            continue
        found += [
            Group(field.name, {field.name: value}, records, never)
            for value, (records, never) in counted.items()
            if records >= FEWEST
        ]
    return sorted(found, key=lambda each: (-each.never / each.records, each.field, str(each.data)))
