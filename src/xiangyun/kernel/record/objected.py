"""What an objection is about, as the form of a service names it: `source: objected.field`.

A service by which people object to what a register says of them asks for none of this: the page of
the record fills it in. For a form it is read like a register of one record, which the platform
keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from xiangyun.kernel.findings import Conflict, Finding, Place, Refused, Text
from xiangyun.kernel.record.data import as_json, check_record
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


def put_right(
    register: Register,
    field: str,
    text: str,
    *,
    held: Any,
    objected: str,
    service: str,
) -> dict[str, Any]:
    """What a case of a service changes of a record whose field its subject objects to.

    `text`: what somebody wrote that it should say; `held`: what it says now, as JSON has it;
    `objected`: what it said when it was objected to, `MASK` where that was not kept. Nothing where
    it says so already.

    Raises:
        Conflict: the register does not let this service put this field right (`case.E076`); it says
            another thing by now (`case.E079`).
        Refused: what is wrong with the value that somebody wrote.
    """
    if register.objection != service or not register.may_object(field):
        raise Conflict([no_objection(register.name)])
    value = value_written(register, field, text, field)
    changes = {field: None, **as_json(register, {} if value is None else {field: value})}
    if changes[field] == held:
        return {}
    now = "" if held is None else shown(held)
    if now != objected and not (field in register.sensitive and objected == MASK):
        raise Conflict([_has_changed(register, field, now)])
    return changes


def no_objection(register: Text) -> Finding:
    """The finding for a field that no case puts right."""
    return Finding(
        "case.E076",
        "error",
        Text(
            "{register}的这一项不能在网上提出异议。",
            "Nobody can object online to this value of {register}.",
            register=register,
        ),
        hint=Text("请向来源单位提出。", "Turn to the office that it comes from."),
    )


def _has_changed(register: Register, field: str, now: str) -> Finding:
    """The finding for an official who grants what was asked of a value that is another by now."""
    found = register.by_name[field]
    return Finding(
        "case.E079",
        "error",
        Text(
            "{register}的“{field}”在提出异议以后已经改成“{now}”，没有更正。",
            "“{field}” of {register} says “{now}” by now; nothing was corrected.",
            register=register.name,
            field=found.words,
            now=MASK if found.sensitive and now else now or "—",
        ),
        hint=Text(
            "请看现在的内容；仍不对的，由当事人对现在的内容提出。",
            "Look at it; if it is still wrong, let its subject object to what it says now.",
        ),
    )


MASK: Final = "•••"
"""What stands for a sensitive value where it is not to be read."""


def shown(value: Any) -> str:
    """A stored value as a form shows it: as `value_written` reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "；".join(map(str, value)) if isinstance(value, list) else str(value)
