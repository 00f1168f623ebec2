"""`booking.take`: a booking out of a list becomes that of the case that opened for its line."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import Argument, Result, ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .booking_book import RESOURCE, answer_of

TAKEN = Verb("booking.taken", Text("接上清单里的预约", "Took over a booking out of a list"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    taken = around.resources.take(wanted.headers["resource"], at=around.at)
    around.record(TAKEN)
    return answer_of(taken)


TYPE = ServiceType(
    "booking.take",
    Text(
        "接过立本件的那一件按清单订下的预约，从此是本件的；演练时总是有",
        "takes over what the case that opened this one booked by a list, as this one’s from then "
        "on; in a rehearsal there always is one",
    ),
    _rehearse,
    headers=(RESOURCE,),
    inputs=(
        Argument(
            "reference",
            "text",
            Text("清单那一行的 reference", "the `reference` of its line in the list"),
            example='="吉H12345"',
        ),
    ),
    results=(
        Result("number", "text", Text("预约号", "the number of the booking"), made_up=True),
        Result("state", "text", Text("预约的状态", "how it stands")),
        Result("begins", "any", Text("开始的时刻", "when the slot begins"), made_up=True),
        Result("ends", "any", Text("结束的时刻", "when it ends"), made_up=True),
    ),
    verbs=(TAKEN,),
)
