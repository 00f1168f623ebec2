"""Made-up records over real divisions, by the section `made_up` of demonstration.yaml.

    made_up:
      - register: household
        level: 6                       # a record, or `number` of them, in each division of a level
        number: 2
        when: =nth <= 40               # which of them; without it all
        source: 虚构
        recorded_on: 2026-01-01
        data: {number: ="H" + place.code + "-" + string(n), name: =person.name}

Formulas see `place` ({code, name}), `nth` (which division of its level in its province it is), `n`
(which record there), `dice` (eight numbers from 0 to 999) and `person`: {name, id_number, born,
turns_18}. The same divisions give the same records: chance is a hash of the register, the place
and the number. Nobody is real: every name has the syllable 样, and the source says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import queries as registers
from xiangyun.kernel.codes import resident
from xiangyun.kernel.feel import Value, to_json
from xiangyun.kernel.packfile.formulas import Formula

from .demonstrationfile import MadeUp

SURNAMES = "王李张刘金朴崔赵孙周吴郑"
GIVEN = "云山水木石田禾谷星月安宁乐康晨晓"
PROVINCES = 10**10
"""How many codes a province has."""
YOUNGEST = date(2025, 6, 1)
"""Whoever is made up is born before this day."""


@dataclass(frozen=True, slots=True)
class Row:
    """One made-up record: the place it was made for, and its data as JSON has them."""

    division: int
    data: Mapping[str, Any]


def rows(wanted: MadeUp, within: int) -> Iterator[Row]:
    """The records for a division: of what lies in it, and of what it lies in."""
    low, high = divisions.subtree(within)
    all_of = divisions.subtree(within // PROVINCES * PROVINCES)
    every = divisions.Division.objects.filter(level=wanted.level, code__range=all_of)
    around = divisions.at_level(within, wanted.level)
    for nth, place in enumerate(every.order_by("code"), 1):
        if not (low <= place.code <= high or (around and around.code == place.code)):
            continue
        seen: dict[str, Value] = {
            "place": {"code": f"{place.code:012}", "name": place.name},
            "nth": Decimal(nth),
        }
        if wanted.when is None or wanted.when.value(seen) is True:
            for n in range(1, int(str(_value(wanted.number, seen))) + 1):
                key = f"{wanted.register}:{place.code}:{n}"
                around_it = {**seen, "n": Decimal(n), **_chance(key, f"{place.code:012}"[:6])}
                data = {name: _value(each, around_it) for name, each in wanted.data.items()}
                yield Row(place.code, {k: to_json(v) for k, v in data.items() if v is not None})


def _value(written: Any, seen: Mapping[str, Value]) -> Value:
    found: Value = written.value(seen) if isinstance(written, Formula) else written
    return found


def _chance(key: str, county: str) -> dict[str, Value]:
    digest = hashlib.sha256(key.encode()).digest()
    numbers = [int.from_bytes(digest[at : at + 2], "big") for at in range(0, 32, 2)]
    born = YOUNGEST - timedelta(days=numbers[8] % (17 * 365))
    name = SURNAMES[numbers[9] % len(SURNAMES)] + "样" + GIVEN[numbers[10] % len(GIVEN)]
    person: Value = {
        "name": name,
        "id_number": resident.make(county, born, numbers[11] % 999 + 1),
        "born": born,
        "turns_18": _years_on(born, 18),
    }
    dice: Value = [Decimal(number % 1000) for number in numbers[:8]]
    return {"dice": dice, "person": person}


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def enter(wanted: MadeUp, within: int) -> int:
    """Enter the made-up records of a division that are not there yet; how many that were."""
    entered = 0
    declared = registers.used(wanted.register).declaration
    assert declared is not None  # whoever wrote the section names a register that packs declare
    for row in rows(wanted, within):
        key = str(row.data[declared.key])
        if registers.record_with(wanted.register, key) is None:
            writing.enter_record(
                register=wanted.register,
                key=key,
                division=row.division,
                data=row.data,
                source=wanted.source,
                on=wanted.recorded_on,
            )
            entered += 1
    return entered
