"""`register.enter`: a record goes into a register."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value, to_json
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Record, Surroundings


def record_of(inputs: Mapping[str, Value], case_number: str) -> tuple[str, Record]:
    """The key and the content of the record that the inputs of a task make."""
    record = {name: to_json(value) for name, value in inputs.items()}
    return str(record.get("code") or case_number), record


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    key, record = record_of(wanted.inputs, around.case_number)
    around.registers.enter(wanted.headers["register"], key, record)
    return {"key": key}


TYPE = ServiceType(
    "register.enter",
    Text("登记一条记录；键相同的被替换", "enters a record; one with the same key is replaced"),
    _rehearse,
    headers=(Header("register", "name", Text("库的名称", "the register"), example="companies"),),
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
)
