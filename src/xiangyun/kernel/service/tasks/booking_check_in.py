"""`booking.check_in`: whoever booked for this case is there."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

ARRIVED = Verb("booking.arrived", Text("预约到场", "Whoever booked has come"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    number = str((wanted.inputs or {}).get("number") or "")
    state = around.resources.check_in(number, at=around.at)
    around.record(ARRIVED)
    return {"state": state}


TYPE = ServiceType(
    "booking.check_in",
    Text(
        "记下本件的预约已经到场；已经签到，或者已经失效、未到的，照旧不变",
        "notes that whoever booked for this case has come; a booking that was checked in before, "
        "or is over, stays as it is",
    ),
    _rehearse,
    inputs=(
        Argument(
            "number", "text", Text("预约号", "the number of the booking"), example='="YY00000001"'
        ),
    ),
    results=(
        Result("state", "text", Text("预约现在的状态", "how the booking stands: `checked in`, …")),
    ),
    verbs=(ARRIVED,),
)
