"""`certificate.end`: a certificate of the applicant stands no more (注销)."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings
from xiangyun.kernel.service.tasks.certificate_issue import ENDED


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    identifier = str(wanted.inputs["identifier"])
    ended = around.end_certificate(identifier, "cancelled")
    if ended:
        around.record(
            ENDED,
            certificate=identifier,
            reason=wanted.inputs["reason"],
            status="cancelled",
        )
    return {"ended": ended}


TYPE = ServiceType(
    "certificate.end",
    Text(
        "终止申请人的一张证照；状态列表在一分钟内反映",
        "ends a certificate of the applicant; the status list says so within a minute",
    ),
    _rehearse,
    inputs=(
        Argument(
            "identifier",
            "text",
            Text("证照标识", "its identifier"),
            example='="1.2.156.3005.2.11100000MB0143028R001.11430000006122244L.2026040922AB.001.5"',
        ),
        Argument(
            "reason",
            "text",
            Text(
                "原因代码：04 主体终止，05 持证主体申请注销",
                "the code of the reason: 04 its holder ended, 05 its holder asks for it",
            ),
            example='="05"',
        ),
    ),
    results=(
        Result(
            "ended",
            "boolean",
            Text(
                "是否由此终止；此前已终止的为 false", "whether it did; false if it had ended before"
            ),
        ),
    ),
    verbs=(ENDED,),
)
