"""Registers as the files of a service use them: do they exist, and may they?

Whatever names a register (`source` of a question, the headers of a service task) is looked up among
the declarations of this pack, of those beside it and of the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from xiangyun.kernel.bpmn import Element, Process
from xiangyun.kernel.findings import Finding, Place, Text
from xiangyun.kernel.formspec import Form, Question, kind_of
from xiangyun.kernel.packfile.faults import fault, unknown
from xiangyun.kernel.record import OBJECTED, Field, Register
from xiangyun.kernel.service.examples import Example
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.surroundings import KEY
from xiangyun.kernel.service.tasks import service_types
from xiangyun.kernel.spelling import did_you_mean

FORM = "form.json"
_REGISTER, _FIELD = Text("库", "register"), Text("字段", "field")


class Drawn(Protocol):
    """What names registers: the form, the processes and the examples of a service."""

    @property
    def form(self) -> Form | None: ...
    @property
    def processes(self) -> tuple[Process, ...]: ...
    @property
    def examples(self) -> tuple[Example, ...]: ...


def check_registers(
    of: Drawn, pack: str, form: str, registers: Mapping[str, Register], *, whole: bool
) -> Iterator[Finding]:
    """What is wrong with every use of a register by the service of a pack.

    `form`: the text of the form, in which the line of a question is looked for. A register that is
    not among `registers` is a fault only where these are the `whole`.
    """
    shown = {**registers, OBJECTED.code: OBJECTED}
    for question in _asked(of.form.questions if of.form else ()):
        if question.source:
            yield from _prefilled(question, pack, form, shown, whole=whole)
    yield from _held(of.examples, registers, whole=whole)
    for process in of.processes:
        for element in process.elements.values():
            type_ = service_types().get(element.type.text) if element.type else None
            if type_ is not None and type_.register:
                place = Place(process.file, element.line)
                yield from _of_task(element, type_, pack, registers, place, whole=whole)


def _asked(questions: Iterable[Question]) -> Iterator[Question]:
    for question in questions:
        yield question
        yield from _asked(question.questions)


def _prefilled(
    question: Question, pack: str, form: str, registers: Mapping[str, Register], *, whole: bool
) -> Iterator[Finding]:
    source = question.source or ""
    code, _, name = source.partition(".")
    pattern = re.compile(rf'"source"\s*:\s*"{re.escape(source)}"')
    lines = enumerate(form.splitlines(), 1)
    place = Place(FORM, next((number for number, line in lines if pattern.search(line)), 0))
    register = registers.get(code)
    if register is None:
        if whole:
            yield unknown("pack.E050", _REGISTER, code, registers, place)
        return
    field = register.by_name.get(name)
    if field is None:
        yield unknown("pack.E051", _FIELD, name, register.by_name, place)
    elif not _answers(question, field):
        yield fault(
            "pack.E051",
            Text(
                "“{source}”是 {type}，答不了“{label}”这样的问题（{kind}）。",
                "“{source}” is of type {type}: no answer to “{label}”, a {kind}.",
                source=source,
                type=field.type,
                label=question.label,
                kind=question.kind,
            ),
            place,
            Text("请改问题的类型，或另选一个字段。", "Change the question, or name another field."),
        )
    if not register.may_prefill(pack):
        yield _not_allowed(
            register, pack, Text("在表单里预填", "show its values in a form"), "prefill", place
        )


def _answers(question: Question, field: Field) -> bool:
    """Whether a value of the field can be an answer: of the same kind as the question's example."""
    example = json.loads(kind_of(question).example)
    if isinstance(example, bool):
        return field.type == "boolean"
    if isinstance(example, list):
        return field.type == "list" and all(isinstance(each, str) for each in example)
    if isinstance(example, str) and _DAY.match(example):
        return field.type in ("date", "moment")
    return field.type in (("text", "choice") if isinstance(example, str) else ("number", "integer"))


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _held(
    examples: Iterable[Example], registers: Mapping[str, Register], *, whole: bool
) -> Iterator[Finding]:
    """What an example says that registers hold: a misspelt one would hold nothing."""
    for example in examples:
        for code, records in example.registers.items():
            register = registers.get(code)
            if register is None and whole:
                yield unknown("pack.E050", _REGISTER, code, registers, example.place)
            if register is None:
                continue
            names = {name for record in records for name in record} - {KEY}
            for name in sorted(names - register.by_name.keys()):
                yield unknown("pack.E051", _FIELD, name, register.by_name, example.place)


def _of_task(
    element: Element,
    type_: ServiceType,
    pack: str,
    registers: Mapping[str, Register],
    place: Place,
    *,
    whole: bool,
) -> Iterator[Finding]:
    code = element.headers.get("register", "").strip()
    register = registers.get(code)
    if register is None:
        if code and whole:
            yield unknown("pack.E050", _REGISTER, code, registers, place)
        return
    if type_.register == "look":
        if not register.may_look(pack):
            yield _not_allowed(register, pack, Text("查询", "look records up"), "readers", place)
        yield from _looked_up(element.headers.get("key", "").strip(), register, place)
        return
    if not register.may_write(pack):
        yield _not_allowed(
            register, pack, Text("登记、更正、终止", "record, correct or end"), "writers", place
        )
    yield from _written(element, type_, register, place)


def _looked_up(name: str, register: Register, place: Place) -> Iterator[Finding]:
    if not name or name == KEY:
        return
    field = register.by_name.get(name)
    if field is None:
        yield unknown("pack.E051", _FIELD, name, [KEY, *register.by_name], place)
    elif field not in register.searched:
        yield fault(
            "pack.E051",
            Text(
                "{register}不能按“{name}”检索。",
                "{register} cannot be searched by “{name}”.",
                register=register.name,
                name=name,
            ),
            place,
            did_you_mean("", (KEY, *(each.name for each in register.searched))),
        )


def _written(
    element: Element, type_: ServiceType, register: Register, place: Place
) -> Iterator[Finding]:
    """The inputs of a task that writes are fields; a new record has all that it must have."""
    own = {argument.name for argument in type_.inputs}
    given = {transfer.target.partition(".")[0] for transfer in element.inputs} - own
    for name in sorted(given - register.by_name.keys()):
        if type_.other_inputs is not None:
            yield unknown("pack.E051", _FIELD, name, register.by_name, place)
    if type_.register != "record":
        return
    for field in register.fields:
        if field.required and field.name not in given:
            yield fault(
                "pack.E053",
                Text(
                    "“{element}”缺少输入“{name}”，{register}的每条记录都要有它。",
                    "“{element}” lacks the input “{name}”, which every record of {register} has.",
                    element=element.label,
                    name=field.name,
                    register=register.name,
                ),
                place,
                Text("请加一个 zeebe:input。", "Add a zeebe:input."),
            )


def _not_allowed(register: Register, pack: str, what: Text, key: str, place: Place) -> Finding:
    return fault(
        "pack.E052",
        Text(
            "{register}没有允许 {pack} {what}。",
            "{register} does not allow {pack} to {what}.",
            register=register.name,
            pack=pack or Text("本事项", "this pack"),
            what=what,
        ),
        place,
        Text(
            "请由库的主管部门在 {file} 的 {key} 里写上 {pack}。",
            "The department of the register writes {pack} into `{key}` of {file}.",
            file=f"registers/{register.code}.yaml",
            key=key,
            pack=pack,
        ),
    )
