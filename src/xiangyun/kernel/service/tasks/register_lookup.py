"""`register.lookup`: what a register holds."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, from_json, to_json
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register, field = wanted.headers["register"], wanted.headers["key"]
    value = to_json(wanted.inputs.get("value"))
    return {"records": from_json(list(around.registers.look_up(register, field, value)))}


TYPE = ServiceType(
    "register.lookup",
    Text(
        "查一个库：某一项等于给定值的记录，最多 50 条；值为空则查不到",
        "looks into a register: the records one of whose fields is the given value, at most 50; "
        "null finds none",
    ),
    _rehearse,
    headers=(
        Header("register", "name", Text("库的名称", "the register"), example="companies"),
        Header(
            "key",
            "name",
            Text("按哪一项查；key 为记录的键", "the field; `key` is the record's own key"),
            example="name",
        ),
    ),
    inputs=(Argument("value", "any", Text("要找的值", "the value"), example='="祥云"'),),
    results=(
        Result("records", "list", Text("记录，各带 key", "the records, each with its `key`")),
    ),
    asked_again=True,
)
