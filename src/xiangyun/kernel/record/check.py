"""What the parts of a register's declaration say of each other, and its examples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.packfile.faults import fault
from xiangyun.kernel.packfile.yamltext import read_yaml
from xiangyun.kernel.record.data import check_record
from xiangyun.kernel.record.faults import no_field
from xiangyun.kernel.record.model import EVERYBODY, Field, RecordExample, Register
from xiangyun.kernel.record.reader import is_name, read_register
from xiangyun.kernel.record.types import TYPES
from xiangyun.kernel.spelling import did_you_mean

_FILE = re.compile(r"(?:.*/)?registers/([^/]+)\.yaml")
_OF_A_KEY = ("text", "integer", "choice")
"""Types whose values name a record."""


def checked_register(text: str, path: str) -> tuple[Register | None, list[Finding]]:
    """A register from its file, and all that is to be said of it; None where it cannot be read.

    Examples are tried only when nothing else is wrong.
    """
    findings: list[Finding] = []
    root = read_yaml(text, path, findings.append)
    if root is None:
        return None, findings
    register = read_register(root, findings.append)
    findings += [*_names(register, path, root.place), *_fields(register), *_roles(register)]
    findings += _programme(register)
    if not any(finding.severity == "error" for finding in findings):
        findings += _examples(register)
    return register, findings


def _names(register: Register, path: str, place: Place) -> Iterator[Finding]:
    """Codes and names follow their rules, and each field is there once."""
    named = _FILE.fullmatch(path)
    if register.code and named and named[1] != register.code:
        yield fault(
            "record.E001",
            Text(
                "库的代码是“{code}”，文件名是“{file}”。",
                "The code is “{code}”, the file is called “{file}”.",
                code=register.code,
                file=named[1],
            ),
            place,
            Text("两者要相同。", "Make them the same."),
        )
    for name, where in (
        (register.code, place),
        *((field.name, field.place) for field in register.fields),
    ):
        if name and not is_name(name):
            yield fault(
                "record.E003",
                Text(
                    "名称“{name}”不合规则。",
                    "The name “{name}” does not follow the rule.",
                    name=name,
                ),
                where,
                Text(
                    "用小写英文字母、数字和下划线，以字母开头，如 id_number。",
                    "Use small letters, digits and underscores, a letter first: id_number.",
                ),
            )
    counted = Counter(field.name for field in register.fields)
    for field in register.fields:
        if counted[field.name] > 1:
            counted[field.name] = 0
            message = Text(
                "字段“{name}”写了两次。", "The field “{name}” is declared twice.", name=field.name
            )
            yield fault("record.E004", message, field.place)
    if not register.laws:
        yield fault(
            "record.E011",
            Text("没有写法律依据。", "No legal basis is given."),
            place,
            Text(
                "请补 laws：法律名称、条款；未核对的写 verified: false。",
                "Add `laws`: the law and its article; from memory, say verified: false.",
            ),
        )


def _fields(register: Register) -> Iterator[Finding]:
    for field in register.fields:
        choice = field.type == "choice" or (field.type == "list" and field.items == "choice")
        if choice and not field.options:
            message = Text(
                "“{name}”没有选项。", "The choice “{name}” has no options.", name=field.name
            )
            hint = Text("请补 options。", "Add options.")
            yield fault("record.E007", message, field.place, hint)
        yield from _searched(field)


def _searched(field: Field) -> Iterator[Finding]:
    ways = TYPES[field.type].searched
    if field.searched and field.searched not in ways:
        yield fault(
            "record.E008",
            Text(
                "类型 {type} 的“{name}”不能按 {searched} 检索。",
                "“{name}” of type {type} cannot be searched by {searched}.",
                type=field.type,
                name=field.name,
                searched=field.searched,
            ),
            field.place,
            did_you_mean("", ways),
        )
    elif field.sensitive and field.searched not in ("", "code"):
        yield fault(
            "record.E009",
            Text(
                "“{name}”是敏感字段，只能按 code 整值检索。",
                "“{name}” is sensitive: it can be searched by `code` only, as a whole.",
                name=field.name,
            ),
            field.place,
            Text(
                "加密后的值不能按部分、大小或先后查找；请改为 code，或删去 searched。",
                "What is encrypted has no parts and no order: make it code, or remove it.",
            ),
        )


def _programme(register: Register) -> Iterator[Finding]:
    """A programme is public, has a place, and is found by the day."""
    shown, fields = register.programme, register.by_name
    if shown is None:
        return
    off = shown.off[0] if shown.off else ""
    for name in (shown.title, shown.on, shown.time, off):
        if name and name not in fields:
            yield no_field(name, fields, shown.place, register.name)
    on = fields.get(shown.on)
    if EVERYBODY not in register.readers or not register.division:
        yield fault(
            "record.E018",
            Text(
                "活动计划是公开的、按地点的：readers 要写 all，place 要写区划字段。",
                "A programme is public and by place: `readers` is all, `place` names a division.",
            ),
            shown.place,
            Text("请补上，或者去掉 programme。", "Add them, or remove `programme`."),
        )
    if on is not None and (on.type != "date" or on.searched != "date"):
        yield fault(
            "record.E019",
            Text(
                "“{name}”应是按 date 检索的日期。",
                "“{name}” is a date that is searched by date.",
                name=shown.on,
            ),
            shown.place,
            Text("请写 type: date, searched: date。", "Write type: date, searched: date."),
        )


def _roles(register: Register) -> Iterator[Finding]:
    """The key, the place and the subject are fields that fit."""
    fields = register.by_name
    for name in dict.fromkeys((register.key, register.division, register.subject_field)):
        if name and name not in fields:
            yield no_field(name, fields, register.place, register.name)
    key = fields.get(register.key)
    if key is not None and (key.type not in _OF_A_KEY or not key.required):
        wanted = Text("必填的文字、整数或选项", "a required text, integer or choice")
        yield _no_key(key, wanted)
    place = fields.get(register.division)
    if place is not None:
        if place.type != "text" or place.format != "division":
            yield _no_key(place, Text("format: division 的文字", "a text with format: division"))
        elif place.sensitive:
            yield _exposed(place, Text("区划", "the place"))
    if register.need == "sealed" and not register.sensitive:
        yield fault(
            "record.W002",
            Text(
                "sealed 的库没有敏感字段，什么也不加密。",
                "A sealed register without sensitive fields encrypts nothing.",
            ),
            register.place,
            Text("请在要加密的字段写 sensitive: true。", "Mark fields with sensitive: true."),
        )


def _no_key(field: Field, wanted: Text) -> Finding:
    return fault(
        "record.E010",
        Text(
            "“{name}”在这里应为{wanted}。",
            "“{name}” must be {wanted} for this.",
            name=field.name,
            wanted=wanted,
        ),
        field.place,
        Text("请改字段，或另选一个字段。", "Change the field, or choose another one."),
    )


def _exposed(field: Field, role: Text) -> Finding:
    return fault(
        "record.E009",
        Text(
            "“{name}”是敏感字段，不能作{role}。",
            "“{name}” is sensitive and cannot be {role}.",
            name=field.name,
            role=role,
        ),
        field.place,
        Text(
            "它会出现在地址、日志和名单里；请另用一个不敏感的字段。",
            "It stands in addresses, the journal and lists: take a field that is not sensitive.",
        ),
    )


def _examples(register: Register) -> Iterator[Finding]:
    """Each comes out as it says: accepted, or refused because of the field that it names."""
    for example in register.examples:
        yield from _tried(register, example)
    if all(example.refused for example in register.examples):
        yield fault(
            "record.E013",
            Text("没有一个示例会被接受。", "No example is accepted."),
            register.place,
            Text("请写一条正确的记录作示例。", "Write a right record as an example."),
        )


def _tried(register: Register, example: RecordExample) -> Iterator[Finding]:
    errors = check_record(register, example.data).errors
    at = {error.place.question for error in errors if error.place}
    if not example.refused:
        for error in errors:
            yield fault(
                "record.E012",
                Text(
                    "示例应被接受，却因“{name}”被拒绝：{why}",
                    "The example should be accepted, and is refused for “{name}”: {why}",
                    name=error.place.question if error.place else "",
                    why=error.message,
                ),
                example.place,
                error.hint,
            )
    elif at != {example.refused}:
        others = sorted(at - {example.refused})
        if example.refused not in at:
            message = Text(
                "示例应因“{name}”被拒绝，却没有。",
                "The example should be refused for “{name}”, and is not.",
                name=example.refused,
            )
        else:
            message = Text(
                "示例只应因“{name}”被拒绝，却还因{others}被拒绝。",
                "The example should be refused for “{name}” only, not for {others} too.",
                name=example.refused,
                others=others,
            )
        hint = Text("请看字段的声明和示例哪个不对。", "Look which is wrong, field or example.")
        yield fault("record.E012", message, example.place, hint)
