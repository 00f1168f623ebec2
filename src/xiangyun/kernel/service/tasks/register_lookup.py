"""`register.lookup`: what a register holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Conflict, Finding, Text
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import MOST_RECORDS, Surroundings


def answer(register: str, found: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    """The answer to a look-up.

    Raises `Conflict` where there are more than `MOST_RECORDS`: a part of them, taken for all of
    them, would decide wrongly.
    """
    if len(found) > MOST_RECORDS:
        raise Conflict([_too_many(register)])
    return {"records": [dict(record) for record in found]}


def _too_many(register: str) -> Finding:
    return Finding(
        "record.E031",
        "error",
        Text(
            "在库 {register} 里查到的记录超过 {most:,} 条。",
            "More than {most:,} records of the register {register} answer.",
            register=register,
            most=MOST_RECORDS,
        ),
        hint=Text(
            "请按更确定的一项查，例如代码。", "Look up by a field that says more, such as a code."
        ),
    )


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    register, field = wanted.headers["register"], wanted.headers["key"]
    found = around.registers.look_up(register, field, wanted.inputs.get("value"))
    return answer(register, found)


TYPE = ServiceType(
    "register.lookup",
    Text(
        "查一个库：某一项等于给定值的记录；值为空则查不到，超过 1,000 条则办不下去",
        "looks into a register: the records whose field is the given value; null finds none, and "
        "more than 1,000 are refused",
    ),
    _rehearse,
    headers=(
        Header("register", "register", Text("库的代码", "the register"), example="company"),
        Header(
            "key",
            "field",
            Text("按哪一项查；key 为记录的键", "the field; `key` is the record's own key"),
            example="name",
        ),
    ),
    inputs=(Argument("value", "any", Text("要找的值", "the value"), example='="祥云"'),),
    results=(
        Result(
            "records",
            "list",
            Text(
                "记录，按键排列，各带 key；没有值的字段为空",
                "the records by their keys, each with `key`; a field without a value is null",
            ),
        ),
    ),
    asked_again=True,
    register="look",
)
