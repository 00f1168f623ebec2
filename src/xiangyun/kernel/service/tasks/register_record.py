"""`register.record`: what is true of somebody or something, from a day on."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

RECORDED = Verb("register.recorded", Text("记入《{register}》", "Recorded in {register}"))
REGISTER = Header("register", "register", Text("库的代码", "the register"), example="company")
VALID_FROM = Argument(
    "valid_from",
    "date",
    Text("从哪天起属实；没有时为办理当天", "the first day it is true; else today"),
    required=False,
    example='=date("2026-04-01")',
)
VALID_TO = Argument(
    "valid_to",
    "date",
    Text(
        "到哪天为止（从这天起不再属实）；没有时不限",
        "the first day it is true no more, which ends it by itself; else without an end",
    ),
    required=False,
    example='=date("2027-04-01")',
)


def fields_of(inputs: Mapping[str, Value], own: tuple[Argument, ...]) -> dict[str, Value]:
    """The inputs that are fields of the record, without those of the task itself."""
    names = {argument.name for argument in own}
    return {name: value for name, value in inputs.items() if name not in names}


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register = wanted.headers["register"]
    data = fields_of(wanted.inputs, TYPE.inputs)
    key = around.registers.record(register, around.case_number, data)
    around.record(RECORDED, register=register)
    return {"key": key}


TYPE = ServiceType(
    "register.record",
    Text(
        "记入一条记录；已有同键的，从这天起以此为准，以前的保留",
        "records a record; one with the same key is like this from that day on, and what was stays",
    ),
    _rehearse,
    headers=(REGISTER,),
    inputs=(VALID_FROM, VALID_TO),
    other_inputs=Text("是记录的各个字段", "are the fields of the record"),
    results=(Result("key", "text", Text("记录的键", "the record's key")),),
    verbs=(RECORDED,),
    register="record",
)
