"""`register.correct`: what stands in a record and was never true."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.service.tasks.register_record import REGISTER, VALID_FROM, fields_of

CORRECTED = Verb("register.corrected", Text("更正《{register}》", "Corrected in {register}"))
KEY = Argument("key", "text", Text("记录的键", "the record's key"), example='="c1"')
WHY = Argument("why", "text", Text("理由", "the reason"), example='="申请人更正"')


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register = wanted.headers["register"]
    changes = fields_of(wanted.inputs, TYPE.inputs)
    around.registers.correct(register, str(wanted.inputs["key"]), changes)
    around.record(CORRECTED, register=register)
    return {}


TYPE = ServiceType(
    "register.correct",
    Text(
        "更正一条记录的几项；更正前的内容保留，并写明理由",
        "corrects some fields of a record; what stood there stays, with the reason",
    ),
    _rehearse,
    headers=(REGISTER,),
    inputs=(KEY, WHY, VALID_FROM),
    other_inputs=Text(
        "是要更正的字段，空值为删去", "are the fields to correct; null takes one away"
    ),
    verbs=(CORRECTED,),
    register="correct",
)
