"""The data of one record, read by the declaration of its register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Finding, Place, Refused, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.record.model import Register
from xiangyun.kernel.record.types import TYPES, Stored, Unfit
from xiangyun.kernel.spelling import did_you_mean

KEY = "key"
"""What a record's own key is called where a field is asked for."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read: `values` by field, without those that are null, and all that is wrong.

    The place of each finding is its field, as `Place.question`. With an error among them the
    values are not to be kept.
    """

    values: Mapping[str, Stored]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]


class RecordReader:
    """Reads records of one register; made once, used for a million rows.

    `written`: the values are cells of a text file, where an empty one is none.
    """

    def __init__(self, register: Register, *, written: bool = False) -> None:
        self.register = register
        self._fields = {
            field.name: (TYPES[field.type].reader(field, written), Place(question=field.name))
            for field in register.fields
        }
        self._required = [field.name for field in register.fields if field.required]

    def read(self, data: Mapping[str, Any], *, partial: bool = False) -> Checked:
        """The record; `partial` for a correction, which names the changed fields only.

        In a correction null takes a value away; a required one cannot be taken away.
        """
        values: dict[str, Stored] = {}
        findings: list[Finding] = []
        doubts: list[Finding] = []
        for name, value in data.items():
            if value is None or value == "":
                continue
            known = self._fields.get(name)
            if known is None:
                findings.append(self._unknown(name))
                continue
            reader, place = known
            try:
                values[name] = reader(value, doubts.append)
            except Unfit as unfit:
                findings.append(replace(unfit.finding, place=place))
            if doubts:
                findings += [replace(doubt, place=place) for doubt in doubts]
                doubts.clear()
        wrong = {finding.place.question for finding in findings if finding.place}
        for name in self._required:
            if name not in wrong and values.get(name, "") == "" and (not partial or name in data):
                findings.append(_missing(name, self.register))
        return Checked({k: v for k, v in values.items() if v != ""}, tuple(findings))

    def _unknown(self, name: str) -> Finding:
        return fault(
            "record.E021",
            Text(
                "{register}没有“{name}”这一项。",
                "{register} has no field “{name}”.",
                register=self.register.name,
                name=name,
            ),
            Place(question=name),
            did_you_mean(name, self._fields),
        )


@lru_cache(maxsize=512)
def _reader(register: Register, written: bool) -> RecordReader:
    return RecordReader(register, written=written)


def check_record(
    register: Register, data: Mapping[str, Any], *, written: bool = False, partial: bool = False
) -> Checked:
    """Read the data of one record by the types of its register, with findings by field.

    `written`: all values are cells of text; `partial`: a correction of some fields.
    """
    return _reader(register, written).read(data, partial=partial)


def as_json(register: Register, values: Mapping[str, Stored]) -> dict[str, Any]:
    """Checked values as JSON has them: days and moments in ISO 8601, numbers as their digits.

    `check_record` reads it back to the same values.
    """
    fields = register.by_name
    return {name: TYPES[fields[name].type].json(value) for name, value in values.items()}


def as_feel(register: Register, values: Mapping[str, Stored]) -> dict[str, Value]:
    """Checked values as a process sees them; every field is there, null where there is no value."""
    return {
        field.name: TYPES[field.type].feel(values[field.name]) if field.name in values else None
        for field in register.fields
    }


def key_of(register: Register, values: Mapping[str, Stored]) -> str:
    """The text that names the record. Raises KeyError where the key is missing."""
    return str(TYPES[register.by_name[register.key].type].json(values[register.key]))


def as_seen(register: Register, record: Mapping[str, Any]) -> dict[str, Value]:
    """A stored record as a process sees it: by the declared types, with every field."""
    return as_feel(register, check_record(register, record).values)


def value_sought(register: Register, field: str, value: object) -> Any:
    """The value to look for, as JSON has it by the type of the field; None where it cannot be one.

    `field` may be `key`; of a list an item is looked for. What is of another type is equal to
    nothing: the text "12" is not the number 12. A text is looked for in the spelling of its format.
    """
    name = register.key if field == KEY else field
    declared = register.by_name.get(name)
    of_list = declared is not None and declared.type == "list"
    found = check_record(register, {name: [value] if of_list else value}, partial=True)
    if found.errors or name not in found.values:
        return None
    sought = as_json(register, found.values)[name]
    return sought[0] if of_list else sought


def fitting(register: Register, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The key and the data of a record as JSON has it.

    Raises:
        Refused: with every field that does not fit.
    """
    values = _whole(check_record(register, data))
    return key_of(register, values), as_json(register, values)


def fitting_changes(register: Register, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes of a correction as JSON has them, null for what is taken away.

    Raises:
        Refused: with every field that does not fit.
    """
    values = _whole(check_record(register, changes, partial=True))
    return {**dict.fromkeys(changes), **as_json(register, values)}


def _whole(checked: Checked) -> Mapping[str, Stored]:
    if checked.errors:
        raise Refused(checked.errors)
    return checked.values


def _missing(name: str, register: Register) -> Finding:
    words = register.by_name[name].words
    return fault(
        "record.E020",
        Text("缺少“{words}”。", "“{words}” is missing.", words=words),
        Place(question=name),
        Text(
            "“{name}”是必填的；没有值的记录不能登记。",
            "“{name}” is required: a record without it is not kept.",
            name=name,
        ),
    )
