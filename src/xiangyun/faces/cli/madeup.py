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
(which record there), `today` (when they are made up), `made` (the fields above), `dice` (eight
numbers from 0 to 999), `person`: {name, id_number, born, turns_18} of a child, `elder`: {name,
id_number, born} of somebody past sixty, and `organisation`: {code}. The same divisions give the
same records: chance is a hash
of the register, the place and the number. Nobody is real: every name has the syllable 样, and the
source says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.divisions import queries as divisions
from xiangyun.domain.registers import actions as writing
from xiangyun.domain.registers import loading
from xiangyun.domain.registers import queries as registers
from xiangyun.domain.registers.loading import Refusal
from xiangyun.kernel.codes import organisation, resident, uscc
from xiangyun.kernel.feel import Value, to_json
from xiangyun.kernel.findings import Finding, Refused
from xiangyun.kernel.packfile.formulas import Formula

from .demonstrationfile import MadeUp

SURNAMES = "王李张刘金朴崔赵孙周吴郑"
GIVEN = "云山水木石田禾谷星月安宁乐康晨晓"
PROVINCES = 10**10
"""How many codes a province has."""
YOUNGEST = date(2025, 6, 1)
"""Whoever is made up is born before this day."""
SIXTY = date(1965, 6, 1)
"""An elder is born before this day, at most 35 years."""


@dataclass(frozen=True, slots=True)
class Row:
    """One made-up record: the place it was made for, and its data as JSON has them."""

    division: int
    data: Mapping[str, Any]


def rows(wanted: MadeUp, within: int) -> Iterator[Row]:
    """The records for a division: of what lies in it, and of what it lies in."""
    today = timezone.localdate()
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
            "today": today,
        }
        if wanted.when is None or wanted.when.value(seen) is True:
            for n in range(1, int(str(_value(wanted.number, seen))) + 1):
                key = f"{wanted.register}:{place.code}:{n}"
                around_it = {**seen, "n": Decimal(n), **_chance(key, f"{place.code:012}"[:6])}
                data: dict[str, Value] = {}
                around_it["made"] = data
                for name, each in wanted.data.items():
                    data[name] = _value(each, around_it)
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
    past_sixty = SIXTY - timedelta(days=numbers[12] % (35 * 365))
    elder: Value = {
        "name": SURNAMES[numbers[13] % len(SURNAMES)] + "样" + GIVEN[numbers[14] % len(GIVEN)],
        "id_number": resident.make(county, past_sixty, numbers[15] % 999 + 1),
        "born": past_sixty,
    }
    dice: Value = [Decimal(number % 1000) for number in numbers[:8]]
    company: Value = {"code": _company(county, numbers[11])}
    return {"dice": dice, "person": person, "elder": elder, "organisation": company}


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


class _Made:
    """Made-up records as the rows of a file, which is not there; made when they are asked for."""

    written = False
    share = 0.0

    def __init__(self, wanted: MadeUp, province: int) -> None:
        """`digest` is the same for a register and a source: the second time nothing is loaded."""
        self._wanted, self._province = wanted, province
        self.name = wanted.source
        said = f"made-up:{wanted.register}:{wanted.source}"
        self.digest = hashlib.sha256(said.encode()).hexdigest()

    def rows(self, done: int) -> Iterator[tuple[int, Mapping[str, Any] | Finding]]:
        with acting_as(SYSTEM):
            found = list(rows(self._wanted, self._province))
        for line, row in enumerate(found, 1):
            if line > done:
                yield line, row.data


def load(wanted: MadeUp, within: int) -> int:
    """Load the records of the province of a division, once; how many were recorded."""
    made = _Made(wanted, within // PROVINCES * PROVINCES)
    if loading.done(wanted.register, made.digest)[0]:
        return 0
    order = loading.Order(wanted.register, wanted.source, timezone.now(), wanted.recorded_on)
    refused: list[Refusal] = []
    told = loading.load(order, made, refused.extend)
    if refused:
        raise Refused([refused[0][1]])
    return told.facts


def _company(county: str, number: int) -> str:
    return uscc.make("9", "1", county, organisation.make(f"{number * 997:08}"))
