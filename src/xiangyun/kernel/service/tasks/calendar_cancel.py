"""`calendar.cancel`: an entry of the calendar does not take place."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

from .calendar_enter import ENTRY
from .message_send import TO

CANCELLED = Verb("entry.cancelled", Text("取消日程《{entry}》", "Taken off the calendar: {entry}"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    around.record(CANCELLED, entry=wanted.headers["entry"])
    return {}


TYPE = ServiceType(
    "calendar.cancel",
    Text(
        "取消日程里的一项，并发消息；没有这一项则不做什么",
        "takes an entry off the calendars and says so; without such an entry, nothing",
    ),
    _rehearse,
    headers=(ENTRY, TO),
    verbs=(CANCELLED,),
)
