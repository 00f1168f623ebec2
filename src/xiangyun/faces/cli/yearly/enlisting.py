"""What registers know in a simulated year: records like those of examples, of somebody else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from xiangyun.domain.accounts import queries as accounts
from xiangyun.domain.accounts.access import SYSTEM, acting_as
from xiangyun.domain.catalogue import queries as catalogue
from xiangyun.domain.registers import actions as registers
from xiangyun.domain.registers import queries as known
from xiangyun.faces.cli.demonstrationfile import demonstration
from xiangyun.kernel.findings import Refused
from xiangyun.kernel.record import Register
from xiangyun.kernel.service.examples import Example

from .cast import SOURCE
from .retelling import Retelling

_TRADE = re.compile("样[\\u4e00-\\u9fff]{2}")


def enlist(
    declared: Register, row: Mapping[str, Any], county: int, on: date, refused: Counter[str]
) -> None:
    """Enter a record like the first example of its register, with what `row` says otherwise.

    `county`: where it lies, and what its fields of divisions say; `on`: the day from which it is
    known. One that is there already stays; what is refused is counted. As the platform.
    """
    like, key = _like(declared), row[declared.key]
    if not like or known.record_with(declared.code, key) is not None:
        return
    places = {each.name: f"{county:012}" for each in declared.fields if each.format == "division"}
    _enter(declared, key, {**like, **places, **row}, county, on, refused)


def named(declared: Register, name: str) -> dict[str, str]:
    """A name, and what of it the register keeps apart, where its first example has that of its own.

    A trade name stands within the name of a company; two companies do not have the same.
    """
    first = _like(declared)
    fields = [each.name for each in declared.fields if each.searched == "name"]
    known, trade = "".join(str(first.get(each, "")) for each in fields), _TRADE.search(name)
    within = {
        key: trade[0]
        for key, value in first.items()
        if trade and isinstance(value, str) and value in known and key not in fields
    }
    return {**within, **dict.fromkeys(fields, name)}


def _like(declared: Register) -> Mapping[str, Any]:
    """The first record that a register gives as an example; empty where it gives none."""
    return next((each.data for each in declared.examples if not each.refused), {})


def found(company: UUID, refused: Counter[str]) -> None:
    """Have the register of companies know one of the cast, from today on."""
    register, today = demonstration().company_register, timezone.localdate()
    with acting_as(SYSTEM):
        declared = known.used(register.name).declaration if register else None
        account = accounts.account(company)
        if declared is None or account is None or account.division_id is None:
            return
        dated = {each.name: today.isoformat() for each in declared.fields if each.type == "date"}
        row = {declared.key: account.id_number, **named(declared, account.name), **dated}
        enlist(declared, row, account.division_id, today, refused)


def know(example: Example, told: Retelling, first: date, refused: Counter[str]) -> None:
    """What registers hold beforehand in an example, of the people and places that it is told of.

    `first`: the day from which it is known.
    """
    declared = {each.code: each.value for each in catalogue.declared("register")}
    with acting_as(SYSTEM):
        for code, rows in example.registers.items():
            for row in rows if code in declared else ():
                data = _whole(declared[code], told.told(row), told.county, first)
                key = str(data.get(declared[code].key, ""))
                if key and _is_anothers(declared[code], data, key):
                    key = data[declared[code].key] = told.renamed(key)
                if key and known.record_with(code, key) is None:
                    _enter(declared[code], key, data, told.county, first, refused)


def _is_anothers(declared: Register, data: Mapping[str, Any], key: str) -> bool:
    """Whether the record with this key is about somebody else, and one may have another key."""
    there, about = known.record_with(declared.code, key), declared.subject_field
    if there is None or not about or declared.by_name[declared.key].format:
        return False
    state = known.state(declared.code, key)
    return state is not None and (state.data or {}).get(about) != data.get(about)


def _enter(
    declared: Register,
    key: str,
    data: Mapping[str, Any],
    county: int,
    on: date,
    refused: Counter[str],
) -> None:
    try:
        registers.enter_record(
            register=declared.code, key=key, division=county, data=data, source=SOURCE, on=on
        )
    except Refused as problem:
        refused.update(f"{each.id} {declared.code}" for each in problem.findings)


def _whole(declared: Register, row: Mapping[str, Any], county: int, first: date) -> dict[str, Any]:
    """A row with something made up in each field that has to be there: examples name few."""
    made: Mapping[str, Any] = {
        "text": "样",
        "date": first.isoformat(),
        "moment": timezone.make_aware(datetime.combine(first, time())).isoformat(),
        "boolean": False,
        "list": [],
    }
    lacking = [each for each in declared.fields if each.required and not row.get(each.name)]
    return {
        **row,
        **{
            each.name: each.options[0].value
            if each.options
            else f"{county:012}"
            if each.format == "division"
            else made.get(each.type, 0)
            for each in lacking
            if each.name not in row or row[each.name] in (None, "")
        },
    }
