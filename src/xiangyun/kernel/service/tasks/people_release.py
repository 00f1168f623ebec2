"""`people.release`: the people of a case are free again."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyun.kernel.bpmn import ServiceWanted
from xiangyun.kernel.feel import Value
from xiangyun.kernel.findings import Text
from xiangyun.kernel.ledger.verb import Verb
from xiangyun.kernel.service.servicetype import ServiceType
from xiangyun.kernel.service.surroundings import Surroundings

RELEASED = Verb("people.released", Text("人员时间已放开", "The people are free again"))


def _rehearse(around: Surroundings, wanted: ServiceWanted) -> Mapping[str, Value]:
    around.resources.release()
    around.record(RELEASED)
    return {}


TYPE = ServiceType(
    "people.release",
    Text(
        "放开本件排定的人员时间；没有排定的，不做什么",
        "frees the people whose time the case has set; without any, nothing",
    ),
    _rehearse,
    verbs=(RELEASED,),
)
