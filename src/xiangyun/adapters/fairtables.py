"""Who takes part in a fair; and its plan as rows for the registers that keep it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from xiangyun.kernel.fair import KEPT, Demand, Exhibitor, Fair, FairPlan, Guests, Offer
from xiangyun.kernel.feel.values import Value
from xiangyun.kernel.findings import Finding, Place, Refused
from xiangyun.kernel.matching import Judged, Matching, judge
from xiangyun.kernel.matching.statement import preferences_sql
from xiangyun.kernel.packfile.faults import unknown
from xiangyun.kernel.record import Register
from xiangyun.kernel.record.data import as_feel, as_json, check_record

from .pairing import Asked, opened
from .tables import TableFile

Rows = Mapping[str, Mapping[str, Any]]
"""Checked records by key."""
HEADS = {name: KEPT[name] for name in ("interviews", "booths", "talks")}
"""The fields of the registers that keep a plan."""


@dataclass(frozen=True, slots=True)
class Files:
    """The three tables of a fair."""

    exhibitors: Path
    offers: Path
    demands: Path


@dataclass(frozen=True, slots=True)
class Unfit:
    """A pair that one side named and that does not fit, with the reasons."""

    offer: str
    demand: str
    wished: bool
    judged: Judged


@dataclass(frozen=True, slots=True)
class Taking:
    """The checked records of those who take part, by their keys."""

    exhibitors: Rows
    offers: Rows
    demands: Rows


def from_files(fair: Fair, asked: Asked, files: Files) -> Taking:
    """Who takes part, by the three tables. Raises Refused with every row that is not right."""
    own, matching = fair.exhibitors, asked.matching
    return Taking(
        _rows(asked.registers[own.register], files.exhibitors, own.key),
        _rows(asked.register(matching.offers), files.offers, matching.offers.key),
        _rows(asked.register(matching.demands), files.demands, matching.demands.key),
    )


def guests_of(
    fair: Fair, asked: Asked, taking: Taking, scratch: Path
) -> tuple[Guests, list[Unfit]]:
    """Who takes part and who fits whom; and what somebody named in vain.

    `scratch` is a folder for tables on the way. Raises Refused for offers of nobody.
    """
    own = fair.exhibitors
    stands, offered, wanted = taking.exhibitors, taking.offers, taking.demands
    lost = [
        unknown("fair.E003", asked.registers[own.register].name, str(row[own.named_by]), stands,
                Place(question=key))
        for key, row in offered.items() if row.get(own.named_by) not in stands
    ]  # fmt: skip
    if lost:
        raise Refused(lost)
    offers = [
        Offer(
            key,
            row[own.named_by],
            key,
            int(row.get(fair.capacity, 0)),
            tuple(row.get(fair.invites, ())),
        )
        for key, row in offered.items()
    ]
    demands = [Demand(key, tuple(row.get(fair.wishes, ()))) for key, row in wanted.items()]
    named = {(post, each.key): True for each in demands for post in each.wishes if post in offered}
    for offer in offers:
        named |= {(offer.key, who): False for who in offer.invites
                  if who in wanted and (offer.key, who) not in named}  # fmt: skip
    wishes, ranks = _preferences(fair, asked, (offered, wanted), named, scratch)
    unfit = []
    for (offer_key, demand_key), wished in named.items():
        if offer_key not in wishes.get(demand_key, ()):
            judged = _judged(asked, offered[offer_key], wanted[demand_key])
            unfit.append(Unfit(offer_key, demand_key, wished, judged))
    exhibitors = [_exhibitor(fair, row) for row in stands.values()]
    return Guests(exhibitors, offers, demands, wishes, ranks), unfit


def plan_rows(
    fair: Fair, guests: Guests, plan: FairPlan, zone: tzinfo
) -> dict[str, list[Sequence[str]]]:
    """The plan as rows of three tables, by their names; `HEADS` has their columns."""
    of = {each.key: each for each in guests.exhibitors}
    return {
        "interviews": [
            (
                f"{each.demand}@{each.offer}",
                each.demand,
                each.offer,
                each.exhibitor,
                f"{plan.booths[each.exhibitor][0]}{plan.booths[each.exhibitor][1]:03}-{each.table}",
                fair.interviews.begin(each.slot, fair.on, zone).isoformat(),
            )
            for each in plan.interviews
        ],
        "booths": [
            (f"{hall}{number:03}", who, hall)
            for who, (hall, number) in sorted(plan.booths.items(), key=lambda item: item[1])
        ],
        "talks": [
            (
                each.event,
                each.event,
                of[each.event].talk,
                each.room,
                fair.talks.begin(each.slot, fair.on, zone).isoformat(),
            )
            for each in plan.talks
        ],
    }


def write_rows(file: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV file that `xiangyun register load` takes."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])


def _rows(register: Register, file: Path, key: str) -> Rows:
    """The records of a file by their key. Raises Refused with every row that is not right."""
    fields = register.fields
    columns = {name: each.name for each in fields for name in (each.words.zh, each.words.en)}
    table = TableFile(file, columns | {each.name: each.name for each in fields})
    found: dict[str, Mapping[str, Any]] = {}
    wrong: list[Finding] = []
    for line, row in table.rows(0):
        if isinstance(row, Finding):
            wrong.append(replace(row, place=Place(file.name, line)))
            continue
        checked = check_record(register, row, written=table.written)
        if checked.errors:
            wrong += [
                replace(each, place=Place(file.name, line, question=each.place.question))
                if each.place
                else each
                for each in checked.errors
            ]
        else:
            found[str(checked.values[key])] = checked.values
    if wrong:
        raise Refused(wrong)
    return found


def _exhibitor(fair: Fair, row: Mapping[str, Any]) -> Exhibitor:
    own = fair.exhibitors
    talk = str(row.get(own.talk) or "")
    return Exhibitor(
        key=str(row[own.key]),
        name=str(row[own.name]),
        tables=int(row[own.tables]),
        group=str(row.get(own.group) or ""),
        power=bool(row.get(own.power)),
        talk=talk,
        talk_for=str(row.get(own.talk_for) or ""),
        talk_seats=int(row.get(own.talk_seats) or 0),
    )


def _preferences(
    fair: Fair,
    asked: Asked,
    rows: tuple[Rows, Rows],
    named: Mapping[tuple[str, str], bool],
    scratch: Path,
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Whom each side would take, best first, by the order that the matching declares."""
    sides = (asked.matching.offers, asked.matching.demands)
    files = (scratch / "offers.csv", scratch / "demands.csv")
    for side, file, records in zip(sides, files, rows, strict=True):
        head = list(dict.fromkeys((side.key, *asked.matching.fields(side))))
        json_rows = (as_json(asked.register(side), row) for row in records.values())
        write_rows(file, head, ([_cell(row.get(name)) for name in head] for row in json_rows))
    write_rows(scratch / "named.csv", ("offer", "demand"), named)
    wishes: dict[str, list[str]] = {}
    ranks: dict[str, list[tuple[int, str]]] = {}
    with opened(asked, *files) as (database, tables):
        source = str(scratch / "named.csv").replace("'", "''")
        database.run(
            f"CREATE TABLE named AS SELECT * FROM read_csv('{source}', all_varchar = true, "
            "header = true)"
        )
        sql = preferences_sql(asked.matching, tables, fair.looked_at, "named")
        for offer, demand, _, rank in database.rows(sql):
            wishes.setdefault(demand, []).append(offer)
            ranks.setdefault(offer, []).append((rank, demand))
    return wishes, {offer: [who for _, who in sorted(some)] for offer, some in ranks.items()}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _judged(asked: Asked, offer: Mapping[str, Any], demand: Mapping[str, Any]) -> Judged:
    matching: Matching = asked.matching
    records: list[Mapping[str, Value]] = [
        as_feel(asked.register(side), record)
        for side, record in ((matching.offers, offer), (matching.demands, demand))
    ]
    return judge(matching, *records)
