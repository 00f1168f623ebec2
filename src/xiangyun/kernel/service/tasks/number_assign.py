"""`number.assign`: a document gets its number (文号), the next one of its kind, year and place."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.headers import Header
from xiangyun.kernel.service.servicetype import Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

ASSIGNED = Verb("number.assigned", Text("编号：{number}", "Numbered: {number}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    number = around.numbered(wanted.headers["number"])
    around.record(ASSIGNED, number=number)
    return {"number": number}


TYPE = ServiceType(
    "number.assign",
    Text(
        "给文书编号：按年度、地方、种类连续编号，不重号不跳号",
        "gives a document its number: counted by year, place and kind, without a gap or a double",
    ),
    _rehearse,
    headers=(
        Header(
            "number",
            "declared number",
            Text("service.yaml 的 numbers 里的哪一种", "which of `numbers` in service.yaml"),
            example="decision",
        ),
    ),
    results=(Result("number", "text", Text("编号", "the number"), made_up=True),),
    verbs=(ASSIGNED,),
)
