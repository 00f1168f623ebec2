"""Who fits a record, and who nearly does, with the reasons: a matching over what is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, Actor, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.inforce import rows_in_force
from xiangyun.domain.registers.queries import State, Used
from xiangyun.kernel.findings import NotFound, Text
from xiangyun.kernel.matching import Judged, Matching, Side, judge
from xiangyun.kernel.matching.model import SideName
from xiangyun.kernel.matching.quick import Record
from xiangyun.kernel.matching.statement import Tables, nearest_sql
from xiangyun.kernel.record.data import as_seen
from xiangyun.kernel.record.model import Field

from . import checks, own

KIND = "matching"
MOST = 10
_CASTS = {"integer": "bigint", "boolean": "boolean", "date": "date"}


@dataclass(frozen=True, slots=True)
class Partner:
    """A record of the other side: its key, what is to be shown of it, and the reasons.

    `state` is None where its register is not for everybody: then the key and the reasons are all.
    """

    key: str
    state: State | None
    judged: Judged


@dataclass(frozen=True, slots=True)
class Matched:
    """What a record finds by one matching; `side` is the record's own, `other` the partners'."""

    matching: Matching
    side: SideName
    other: Used
    partners: tuple[Partner, ...]

    @property
    def fitting(self) -> int:
        """How many of them fit."""
        return sum(each.judged.fits for each in self.partners)


def matchings() -> list[Matching]:
    """The matchings that are declared."""
    return [each.value for each in catalogue.declared(KIND)]


def matching_of(code: str) -> tuple[Matching, str]:
    """A matching and its pack. Raises NotFound `offer.E003` where there is none."""
    found = catalogue.declaration(KIND, code)
    if found is None:
        raise NotFound([checks.NOT_HERE])
    return found.value, found.pack


def sides_of(register: str) -> list[tuple[Matching, SideName]]:
    """The matchings in which a register is a side, and which."""
    named: tuple[SideName, ...] = ("offers", "demands")
    return [
        (matching, side)
        for matching in matchings()
        for side in named
        if matching.side(side).register == register
    ]


def partners_of(actor: Actor, register: str, key: str, *, most: int = MOST) -> list[Matched]:
    """Who fits an own record, the best first, then who nearly does; of each matching at most so
    many. Raises NotFound `offer.E003` for a record that is not the actor's."""
    if own.own_state(actor, register, key) is None:
        raise NotFound([checks.NOT_HERE])
    with acting_as(SYSTEM):
        return found(register, key, most=most)


def found(register: str, key: str, *, most: int = MOST) -> list[Matched]:
    """The same for any record, as the platform: whose it is, the caller has asked."""
    return [_found(matching, side, key, most) for matching, side in sides_of(register)]


def judged(matching: Matching, offer: str, demand: str) -> Judged | None:
    """A pair with its reasons, as the platform; None where one of the two is not there."""
    records = [
        registers.state(side.register, key)
        for side, key in ((matching.offers, offer), (matching.demands, demand))
    ]
    if any(each is None for each in records):
        return None
    return _judge(matching, *[each for each in records if each is not None])


def _found(matching: Matching, side: SideName, key: str, most: int) -> Matched:
    other_side: SideName = "demands" if side == "offers" else "offers"
    other = registers.used(matching.side(other_side).register)
    mine = registers.state(matching.side(side).register, key)
    tables = tables_of(matching, **{side: key})
    with connection.cursor() as cursor:
        cursor.execute(nearest_sql(matching, tables, side, most))
        rows = cursor.fetchall()
    partners = []
    for offer, demand, _ in rows:
        state = registers.state(other.code, demand if side == "offers" else offer)
        if state is None or mine is None:
            continue
        pair = (mine, state) if side == "offers" else (state, mine)
        shown = state if own.is_public(other) else None
        partners.append(Partner(state.key, shown, _judge(matching, *pair)))
    return Matched(matching, side, other, tuple(partners))


def _judge(matching: Matching, offer: State, demand: State) -> Judged:
    records: list[Record] = []
    words: dict[str, dict[str, Text]] = {}
    for side, state in ((matching.offers, offer), (matching.demands, demand)):
        declared = registers.used(side.register).declaration
        assert declared is not None  # a matching is of declared registers
        read = {name: (state.data or {}).get(name) for name in matching.fields(side)}
        known = {name: value for name, value in read.items() if value is not None}
        records.append(as_seen(declared, known))
        options = {name: declared.by_name[name].option(str(value)) for name, value in known.items()}
        words[side.name] = {name: each.words for name, each in options.items() if each}
    return judge(matching, *records).worded(words)


def tables_of(matching: Matching, *, offers: str = "", demands: str = "") -> Tables:
    """What is in force on both sides, as statements of a matching take it; of a side all records,
    or the one with a key."""
    return Tables(
        rows_of(matching, matching.offers, offers),
        rows_of(matching, matching.demands, demands),
        "postgres",
        _scales(matching),
    )


def rows_of(matching: Matching, side: Side, key: str = "") -> str:
    """The records of a side as a table of typed columns; of one key alone, if it is given.

    Codes of registers and names of fields are letters, digits and underscores by their
    declarations; a key is quoted. Nothing is a parameter: `%` of the compiled rules stays itself.
    """
    declared = registers.used(side.register).declaration
    assert declared is not None  # as above
    today = timezone.localdate().isoformat()
    rows = rows_in_force(on=f"DATE '{today}'").replace("%(register)s", f"'{declared.code}'")
    columns = [f'key AS "{side.key}"']
    for name in matching.fields(side):
        if name != side.key:
            columns.append(f'{_column(declared.by_name[name])} AS "{name}"')
    only = "" if not key else " WHERE key = '{}'".format(key.replace("'", "''"))
    return f"(SELECT {', '.join(columns)} FROM ({rows}) held{only})"


def _column(field: Field) -> str:
    kind = f"numeric(30, {field.scale})" if field.type == "number" else _CASTS.get(field.type)
    value = f"(data ->> '{field.name}')"
    return f"{value}::{kind}" if kind else value


def _scales(matching: Matching) -> dict[str, int]:
    found: dict[str, int] = {}
    for side in (matching.offers, matching.demands):
        declared = registers.used(side.register).declaration
        fields: Sequence[Field] = declared.fields if declared else ()
        found |= {
            f"{side.name}.{each.name}": each.scale
            for each in fields
            if each.type in ("number", "integer")
        }
    return found
