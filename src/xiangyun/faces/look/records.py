"""A record of a register on a page: its fields in words, and its facts as a timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from xiangyun.domain.registers import sealing
from xiangyun.domain.registers.queries import State, Used
from xiangyun.faces.look import downloads
from xiangyun.faces.look.answers import divisions_words
from xiangyun.kernel.findings import Text
from xiangyun.kernel.formspec import FORMATS
from xiangyun.kernel.record.model import Field


@dataclass(frozen=True, slots=True)
class Value:
    """A field of a record: what it is called and what it says."""

    name: str
    label: Text
    shown: str | Text | date | datetime | None
    masked: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A fact of the timeline; `values` are those that the one before did not say."""

    state: State
    values: Sequence[Value]
    ended: bool
    corrected: bool


def values_of(used: Used, data: Mapping[str, Any], names: Sequence[str] = ()) -> list[Value]:
    """The fields that have a value, in the order of the declaration; of these names if any."""
    if used.declaration is None:
        return [
            Value(name, Text.given(name, name), str(value), False) for name, value in data.items()
        ]
    return [
        Value(field.name, field.words, _shown(field, data[field.name]), _is_masked(data, field))
        for field in used.declaration.fields
        if data.get(field.name) is not None and (not names or field.name in names)
    ]


def steps_of(used: Used, facts: Sequence[State]) -> list[Step]:
    """The facts of a record, the latest first, each with what it changed."""
    steps: list[Step] = []
    before: Mapping[str, Any] = {}
    for fact in facts:
        data = fact.data or {}
        changed = [name for name in data if data[name] != before.get(name)]
        values = values_of(used, data, changed) if changed else []
        corrected = fact.superseded_by is not None
        steps.insert(0, Step(fact, values, fact.data is None, corrected))
        before = data
    return steps


def title_of(used: Used, state: State) -> str:
    """What a record is called in a list: its first field that is found as a name, else its key."""
    for field in used.declaration.fields if used.declaration else ():
        if field.searched == "name" and isinstance(
            found := (state.data or {}).get(field.name), str
        ):
            return found
    return state.key


def table_of(used: Used) -> downloads.Table[State]:
    """The records of a register as a file, which `xiangyun register load` reads again.

    Each field has its type, a division its code; sensitive fields are left out, as from every file.
    """

    def value_of(field: Field) -> Callable[[State], downloads.Cell]:
        return lambda state: _typed(field, (state.data or {}).get(field.name))

    columns: list[tuple[Text, Callable[[State], downloads.Cell]]] = [
        (field.words, value_of(field))
        for field in (used.declaration.fields if used.declaration else ())
        if field.name not in used.sensitive
    ]
    if used.declaration is None:
        columns.append((Text("代码", "Code"), lambda state: state.key))
    return downloads.Table(used.code, used.name, columns)


def _typed(field: Field, value: Any) -> downloads.Cell:
    """A value as a file has it."""
    if value is None:
        return None
    if field.type == "number":
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return str(value)
    if field.type == "integer":
        return int(value)
    if field.type == "date":
        return date.fromisoformat(str(value))
    if isinstance(value, list):
        return ";".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_masked(data: Mapping[str, Any], field: Field) -> bool:
    return sealing.is_sealed(data.get(field.name))


def _shown(field: Field, value: Any) -> str | Text | date | datetime | None:
    """A value as a template shows it."""
    if sealing.is_sealed(value):
        return sealing.MASK
    if field.type == "choice":
        option = field.option(str(value))
        return option.words if option else str(value)
    if field.format == "division":
        return divisions_words(str(value))
    if (written := FORMATS.get(field.format)) is not None and written.words is not None:
        return written.words(str(value)) or str(value)
    if field.type == "boolean":
        return Text("是", "yes") if value else Text("否", "no")
    if field.type == "date":
        return date.fromisoformat(str(value))
    if field.type == "moment":
        return datetime.fromisoformat(str(value))
    if field.type == "number":
        try:
            return f"{Decimal(str(value)):,f}"
        except InvalidOperation:
            return str(value)
    if isinstance(value, list):
        options = [field.option(str(one)) for one in value]
        return Text(
            "{all}",
            "{all}",
            all=[o.words if o else str(v) for o, v in zip(options, value, strict=True)],
        )
    return str(value)
