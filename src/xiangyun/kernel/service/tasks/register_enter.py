"""`register.enter`: how earlier versions of packs recorded; understood, not published anew."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings


def record_of(inputs: Mapping[str, Value], case_number: str) -> tuple[str, dict[str, Value]]:
    """The key and the data of the record that the inputs of a task make."""
    key = str(inputs.get("code") or case_number)
    return key, {**inputs, "code": key}


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    key, data = record_of(wanted.inputs, around.case_number)
    return {"key": around.registers.record(wanted.headers["register"], key, data)}


TYPE = ServiceType(
    "register.enter",
    Text(
        "以前的写法：登记一条记录；现写 register.record",
        "how earlier versions recorded; write register.record",
    ),
    _rehearse,
    headers=(Header("register", "name", Text("库的名称", "the register"), example="company"),),
    inputs=(
        Argument(
            "code",
            "text",
            Text("记录的键；没有时为办件编号", "the record's key; else it is the case number"),
            required=False,
            example='="9122TEST"',
        ),
    ),
    other_inputs=Text("都是记录的内容", "are fields of the record"),
    results=(Result("key", "text", Text("记录的键", "the record's key")),),
    instead="register.record",
)
