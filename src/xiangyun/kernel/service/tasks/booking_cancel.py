"""`booking.cancel`: a booking of the case is given back."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

CANCELLED = Verb("booking.given_back", Text("取消预约", "The booking was cancelled"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    around.resources.cancel(str((wanted.inputs or {}).get("number")), at=around.at)
    around.record(CANCELLED)
    return {}


TYPE = ServiceType(
    "booking.cancel",
    Text(
        "取消本件的一个预约，候补的人依次补上；没有这个预约或已经结束，则不做什么",
        "gives a booking of this case back, and who waits moves up; without such a booking, or "
        "where it is over, nothing",
    ),
    _rehearse,
    inputs=(
        Argument(
            "number", "text", Text("预约号", "the number of the booking"), example='="YY00000001"'
        ),
    ),
    verbs=(CANCELLED,),
)
