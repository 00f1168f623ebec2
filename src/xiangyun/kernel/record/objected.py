"""What an objection is about, as the form of a service names it: `source: objected.field`.

A service by which people object to what a register says of them asks for none of this: the page of
the record fills it in. For a form it is read like a register of one record, which the platform
keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from xiangyun.kernel.findings import Place, Refused, Text
from xiangyun.kernel.record.data import check_record
from xiangyun.kernel.record.model import EVERYBODY, Field, Register
from xiangyun.kernel.record.types import Stored

_FIELDS: Mapping[str, Text] = {
    "register": Text("库的代码", "the register's code"),
    "register_name": Text("库的名称", "the register's name"),
    "department": Text("主管部门", "the department of the register"),
    "key": Text("记录的键", "the record's key"),
    "field": Text("有异议的字段", "the field objected to"),
    "field_name": Text("有异议的项目", "the field objected to, in words"),
    "value": Text("现在登记的内容", "what the register says"),
    "division": Text("由哪里办理", "the division whose office decides"),
}
OBJECTED: Final = Register(
    code="objected",
    name=Text("登记信息", "what is registered"),
    department="",
    need="ordinary",
    subject="none",
    subject_field="key",
    key="key",
    division="division",
    laws=(),
    fields=tuple(Field(name, "text", words) for name, words in _FIELDS.items()),
    readers=(),
    writers=(),
    prefill=(EVERYBODY,),
    examples=(),
)
"""The code is the platform's own: no pack declares a register of this name."""
NEEDED: Final = ("register", "key", "field")
"""What a form of a service for objections shows at least: without it nothing can be put right."""


def value_written(register: Register, field: str, text: str, place: str) -> Stored | None:
    """The value that somebody wrote for a field, as the register keeps it; None for an empty one.

    Written as in a cell of a file: a choice by its value or its words, a day as 2026-04-09. `place`
    is the question that asked for it.

    Raises:
        Refused: what is wrong with it, at the question.
    """
    read = check_record(register, {field: text.strip() or None}, written=True, partial=True)
    if read.errors:
        raise Refused([replace(each, place=Place(question=place)) for each in read.errors])
    return read.values.get(field)


def shown(value: Any) -> str:
    """A stored value as a form shows it: as `value_written` reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)
