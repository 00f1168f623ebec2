"""What of a record is searched, as typed index rows.

A row stands in a lane: (register, field, past, county) in one number, so that a search reads one
range of an index for each county that the asker may look into. Only integers and texts under "C"
are compared, which are leakproof: row-level security keeps its indexes. Numbers are kept in units
of their last decimal place, days as ordinals, moments as microseconds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from xiangyun.kernel.record.model import Field

from . import names, sealing
from .declarations import Used
from .states import State, divided

COUNTY = 1_000_000
"""Lanes of a field, one for each county; and codes of divisions in a county."""
_FIELDS = 1_000
_LARGEST = 2**63 - 1


Term = tuple[int, str | None, str | None, str | None, int | None]
"""An index row without its place: the field's number and what is compared, by `COLUMNS`."""
COLUMNS = ("field", "text", "latin", "initials", "number")


def lane(register: int, field: int, *, past: bool = False, county: int = 0) -> int:
    """The lane of a field in a county; `past` for what was true once and is no longer."""
    return ((register * _FIELDS + field) * 2 + past) * COUNTY + county


def terms(used: Used, key: str, data: Mapping[str, Any]) -> Iterator[Term]:
    """The index rows of a record's data, as it is kept in JSON; of its key first.

    Values of sensitive fields are given in clear and come out as keyed hashes.
    """
    yield _text(0, code(key))
    for field, number in searched_fields(used):
        value = data.get(field.name)
        if value is not None:
            yield from _of_value(used, field, number, value)


def searched_fields(used: Used) -> list[tuple[Field, int]]:
    """The fields of the current declaration that records are found by, with their numbers."""
    fields = used.declaration.by_name if used.declaration else {}
    return [
        (fields[name], number)
        for name, number in used.numbers.items()
        if name in fields and fields[name].searched
    ]


def values_in(
    used: Used, key: str, data: Mapping[str, Any], number: int, column: str
) -> Iterator[str | int]:
    """What one column has of one field: what a hit is compared with, without all other rows."""
    if number == 0:
        yield code(key)
        return
    for field, own in searched_fields(used):
        value = data.get(field.name) if own == number else None
        if value is None:
            continue
        if field.searched == "name" and column == "text":
            # The pinyin is what takes long, and here nobody asks for it.
            written = names.normal(str(value))
            yield from (written[at : at + names.LONGEST] for at in range(len(written)))
            continue
        for term in _of_value(used, field, number, value):
            found = term[COLUMNS.index(column)]
            if found is not None:
                yield found


Row = tuple[int, str | None, str | None, str | None, int | None, int, int]
"""An index row: lane, text, latin, initials, number, record, reach."""


def rows(
    used: Used, record: int, key: str, division: int, facts: Sequence[State], day: date
) -> list[Row]:
    """All index rows of a record: of what counts on a day or later, and of what did once."""
    found = placed(used, key, facts, day)
    county, reach = division // COUNTY, used.reach(division)
    return [
        (lane(used.number, t[0], past=is_past, county=county), *t[1:], record, reach)
        for t, is_past in found.items()
    ]


def placed(used: Used, key: str, facts: Sequence[State], day: date) -> dict[Term, bool]:
    """What a record is found by, and whether only by what was true once."""
    live, past = divided(facts, day) if len(facts) > 1 else (facts, ())
    told = [fact.opened or {} for fact in (*live, *past)]
    found = {_text(0, code(key)): not any(fact.data is not None for fact in live)}
    for field, number in searched_fields(used):
        # Facts of one record say most things again: each value is taken apart once.
        values: dict[Any, bool] = {}
        for at, data in enumerate(told):
            value = data.get(field.name)
            for one in value if isinstance(value, list) else (value,):
                if one is not None:
                    values.setdefault(one, at >= len(live))
        of_field: dict[Term, bool] = {}
        for value, is_past in reversed(values.items()):  # what counts now is said last, and stays
            of_field |= dict.fromkeys(_of_value(used, field, number, value), is_past)
        found |= of_field
    return found


def _text(number: int, text: str) -> Term:
    return (number, text, None, None, None)


def _of_value(used: Used, field: Field, number: int, value: Any) -> list[Term]:
    """The index rows of one value of a field."""
    if field.sensitive:
        return [_text(number, sealing.fingerprint(used.code, field.name, str(value)))]
    if field.searched == "name":
        of_a_person = used.declaration is not None and used.declaration.subject == "person"
        parts = names.parts(str(value), of_a_person=of_a_person)
        return [(number, text, latin, initials, None) for text, latin, initials in parts]
    if field.searched == "text-start":
        return [_text(number, names.normal(str(value))[: names.LONGEST])]
    if field.searched in ("number", "date"):
        return [(number, None, None, None, measure(field, value))]
    several = value if isinstance(value, list) else [value]
    return [_text(number, code(str(one))) for one in several]


def code(value: str) -> str:
    """A code as it is compared: half width, capital letters, without blanks at its ends."""
    if not value.isascii():
        value = unicodedata.normalize("NFKC", value)
    return value.replace("\0", "").strip().upper()


def measure(field: Field, value: Any) -> int:
    """A number, day or moment as the integer that is compared; beyond 64 bits, the last one."""
    if field.type == "date":
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).toordinal()
    if field.type == "moment":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        passed = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    number = int(Decimal(str(value)).scaleb(field.scale))
    return max(-_LARGEST, min(_LARGEST, number))
